-- One row per campaign, business day and customer to be written to: in, and in the treatment arm.
-- Trap: a customer with several accounts on the channel's platform is written to at one of them, the one with the least key;
-- by a guide, at one that was this guide's friend on the day. A message to a phone needs no account of its day. Of an order of
-- several lines the one that the segment's influencer brought is told of, else one of the campaign's products, else the dearest.
with decisions as (
    select * from {{ ref('audience_decisions') }}
),

channels as (
    select * from {{ ref('channels') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

campaign_parameters as (
    select * from {{ ref('campaign_parameters') }}
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

chosen as (
    select
        decisions.campaign_id,
        decisions.as_of_date,
        decisions.customer_key,
        decisions.tier,
        decisions.reason,
        decisions.recommended_product_id,
        decisions.channel,
        decisions.segment,
        decisions.variant,
        decisions.guide_id,
        decisions.order_id,
        decisions.remark,
        min(accounts.account_key) as account_key
    from decisions
    inner join accounts on decisions.customer_key = accounts.customer_key
    left join channels on decisions.channel = channels.channel
    left join guide_contacts
        on
            decisions.guide_id = guide_contacts.guide_id
            and accounts.account_key = guide_contacts.account_key
            and {{ holds_on('decisions.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}
    where
        decisions.suppressed_reason is null
        and decisions.arm = 'treatment'
        and (channels.platform is null or channels.platform = accounts.platform)
        and case
            when decisions.guide_id is not null then guide_contacts.account_key is not null
            when channels.id_type = 'phone' or accounts.first_seen_date is null then true
            else decisions.as_of_date >= accounts.first_seen_date
        end
    group by
        decisions.campaign_id,
        decisions.as_of_date,
        decisions.customer_key,
        decisions.tier,
        decisions.reason,
        decisions.recommended_product_id,
        decisions.channel,
        decisions.segment,
        decisions.variant,
        decisions.guide_id,
        decisions.order_id,
        decisions.remark
),

-- Decisions are read once more without the import: one that is read twice is kept in memory whole. Shops may number their orders
-- alike: of several orders of one number the last one by the day is meant, as in the templates. Gifts and postage come last.
ordered as (
    select
        listed.campaign_id,
        listed.as_of_date,
        listed.customer_key,
        case
            when order_lines.paid_date <= listed.as_of_date then order_lines.paid_date
            else cast(order_lines.created_at as date)
        end as ordered_date,
        order_lines.product_id,
        order_lines.traffic_format,
        influencers.influencer_name,
        row_number() over (
            partition by listed.campaign_id, listed.as_of_date, listed.customer_key
            order by
                case when influencers.influencer_id = listed.segment then 0 else 1 end asc,
                case
                    when campaign_products.product_id is null then 1
                    when order_lines.platform <> campaign_products.platform then 1
                    else 0
                end asc,
                cast(order_lines.created_at as date) desc,
                case when order_lines.order_kind in ('gift', 'postage') then 1 else 0 end asc,
                order_lines.list_amount desc,
                order_lines.order_line_key asc
        ) as line_rank
    from {{ ref('audience_decisions') }} as listed
    inner join order_lines
        on
            listed.customer_key = order_lines.customer_key
            and listed.order_id = order_lines.order_id
            and listed.as_of_date >= cast(order_lines.created_at as date)
    left join influencers on order_lines.influencer_key = influencers.influencer_key
    left join campaign_products
        on
            listed.campaign_id = campaign_products.campaign_id
            and order_lines.product_id = campaign_products.product_id
    where listed.suppressed_reason is null and listed.arm = 'treatment'
)

select
    chosen.campaign_id,
    chosen.as_of_date,
    chosen.customer_key,
    accounts.platform,
    accounts.shop_id,
    accounts.account_id,
    chosen.tier,
    chosen.reason,
    chosen.recommended_product_id,
    chosen.channel,
    chosen.segment,
    chosen.variant,
    chosen.guide_id,
    chosen.order_id,
    chosen.remark,
    ordered.ordered_date,
    cast({{ days_between('ordered.ordered_date', 'chosen.as_of_date') }} as bigint) as days_since_order,
    ordered.product_id as ordered_product_id,
    ordered.influencer_name,
    ordered.traffic_format,
    campaign_parameters.value as coupon_link
from chosen
inner join accounts on chosen.account_key = accounts.account_key
left join ordered
    on
        chosen.campaign_id = ordered.campaign_id
        and chosen.as_of_date = ordered.as_of_date
        and chosen.customer_key = ordered.customer_key
        and ordered.line_rank = 1
left join campaign_parameters
    on
        chosen.campaign_id = campaign_parameters.campaign_id
        and campaign_parameters.parameter = 'coupon_link'
