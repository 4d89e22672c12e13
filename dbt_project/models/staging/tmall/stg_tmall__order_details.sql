-- One row per line of a Tmall order in the classic detail export (订单编号, position), in its highest delivered version.
-- Trap: the export has no line id, buyer, time or amount paid: they come from the order list.
{{ config(unique_key=['order_id', 'line_position']) }}

with delivered as (
    {{ delivered('tmall', 'order_details') }}
),

latest as (
    {{ latest_versions(['order_id', 'line_position']) }}
),

stg_tmall__order_details as (
    select
        'tmall' as platform,
        delivered.order_id,
        delivered.line_position,
        delivered.product_name,
        coalesce(delivered.merchant_code, delivered.external_code) as merchant_code,
        delivered.quantity,
        cast(delivered.unit_price_amount * delivered.quantity as decimal(18, 2)) as list_amount,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.order_id = latest.order_id
            and delivered.line_position = latest.line_position
            and delivered.content_hash = latest.content_hash
)

select * from stg_tmall__order_details
