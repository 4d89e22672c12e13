-- One row per campaign, business day and customer to be written to: in, and in the treatment arm.
-- Trap: a customer with several accounts on the channel's platform is written to at one of them, the one with the least key;
-- by a guide, at one that was this guide's friend on the day. A message to a phone needs no account of its day: it is listed
-- under the account that the customer is named after.
{{ table_by_day(days='int_list_days_fingerprinted') }}
-- depends_on: {{ ref('int_list_days_fingerprinted') }}

with decisions as (
    select * from {{ ref('audience_decisions') }}
    where
        {{ is_in_block('as_of_date') }}
        and suppressed_reason is null
        and arm = 'treatment'
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
    where parameter = 'coupon_link'
),

related_products as (
    select * from {{ ref('campaign_related_products') }}
    where {{ is_in_block('as_of_date') }}
),

audience_ordered_lines as (
    select * from {{ ref('audience_ordered_lines') }}
),

chosen as (
    select
        decisions.campaign_id,
        decisions.as_of_date,
        decisions.customer_key,
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
        case
            when decisions.guide_id is not null then guide_contacts.account_key is not null
            when channels.id_type = 'phone' then accounts.account_key = accounts.customer_key
            else decisions.as_of_date >= coalesce(accounts.first_seen_date, cast('0001-01-01' as date))
        end
        and (channels.id_type = 'phone' or channels.platform is null or channels.platform = accounts.platform)
    group by decisions.campaign_id, decisions.as_of_date, decisions.customer_key
)

-- Decisions are read once more without the import: one that is read twice is kept in memory whole.
select
    chosen.campaign_id,
    chosen.as_of_date,
    chosen.customer_key,
    accounts.platform,
    accounts.shop_id,
    accounts.account_id,
    listed.tier,
    listed.reason,
    listed.recommended_product_id,
    listed.channel,
    listed.segment,
    listed.variant,
    listed.guide_id,
    listed.order_id,
    listed.remark,
    ordered.ordered_date,
    cast({{ days_between('ordered.ordered_date', 'chosen.as_of_date') }} as bigint) as days_since_order,
    ordered.product_id as ordered_product_id,
    ordered.influencer_id,
    ordered.influencer_name,
    ordered.traffic_format,
    related_products.lift,
    campaign_parameters.value as coupon_link
from chosen
inner join {{ ref('audience_decisions') }} as listed
    on
        chosen.campaign_id = listed.campaign_id
        and chosen.as_of_date = listed.as_of_date
        and chosen.customer_key = listed.customer_key
        and {{ is_in_block('listed.as_of_date') }}
inner join accounts on chosen.account_key = accounts.account_key
left join audience_ordered_lines as ordered
    on
        chosen.campaign_id = ordered.campaign_id
        and chosen.as_of_date = ordered.as_of_date
        and chosen.customer_key = ordered.customer_key
left join related_products
    on
        chosen.campaign_id = related_products.campaign_id
        and chosen.as_of_date = related_products.as_of_date
        and listed.recommended_product_id = related_products.product_id
        and listed.segment = related_products.related_product_id
left join campaign_parameters on chosen.campaign_id = campaign_parameters.campaign_id
