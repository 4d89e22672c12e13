-- One row per campaign, business day being built and customer who is written to about an order: the line of it that is meant.
-- Trap: of several lines the one that the segment's influencer brought is told of, else one of the campaign's products, else the
-- dearest; gifts and postage come last. Shops may number their orders alike: of several orders of one number the last one by the
-- day is meant, as in the templates. A name is the brand's, else the one that the order itself gives.
{{ config(materialized='ephemeral') }}

with decisions as (
    select * from {{ ref('audience_decisions') }}
    where
        {{ is_in_block('as_of_date') }}
        and suppressed_reason is null
        and arm = 'treatment'
        and order_id is not null
),

order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

campaign_products as (
    select * from {{ ref('campaign_products') }}
),

ranked as (
    select
        decisions.campaign_id,
        decisions.as_of_date,
        decisions.customer_key,
        case
            when order_lines.paid_date <= decisions.as_of_date then order_lines.paid_date
            else cast(order_lines.created_at as date)
        end as ordered_date,
        order_lines.product_id,
        order_lines.traffic_format,
        order_lines.influencer_id,
        coalesce(influencers.listed_name, order_lines.influencer_name) as influencer_name,
        row_number() over (
            partition by decisions.campaign_id, decisions.as_of_date, decisions.customer_key
            order by
                case when order_lines.influencer_id = decisions.segment then 0 else 1 end asc,
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
    from decisions
    inner join order_lines
        on
            decisions.customer_key = order_lines.customer_key
            and decisions.order_id = order_lines.order_id
            and decisions.as_of_date >= cast(order_lines.created_at as date)
    left join influencers on order_lines.influencer_key = influencers.influencer_key
    left join campaign_products
        on
            decisions.campaign_id = campaign_products.campaign_id
            and order_lines.product_id = campaign_products.product_id
)

select
    campaign_id,
    as_of_date,
    customer_key,
    ordered_date,
    product_id,
    traffic_format,
    influencer_id,
    influencer_name
from ranked
where line_rank = 1
