-- One row per line of a Tmall order in the classic detail export (订单编号, position), in its highest delivered version.
-- Trap: the export has no line id, buyer, time or amount paid: they come from the order list.
{{ config(unique_key=['order_id', 'line_position']) }}

with latest as (
    {{ latest_delivered('tmall', 'order_details', key=['order_id', 'line_position']) }}
),

stg_tmall__order_details as (
    select
        'tmall' as platform,
        latest.order_id,
        latest.line_position,
        latest.product_name,
        coalesce(latest.merchant_code, latest.external_code) as merchant_code,
        latest.quantity,
        cast(latest.unit_price_amount * latest.quantity as decimal(18, 2)) as list_amount,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_tmall__order_details
