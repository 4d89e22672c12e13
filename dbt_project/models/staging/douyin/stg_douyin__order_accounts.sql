-- One row per Douyin order whose buyer a mapping file names, in its highest delivered version.
-- Trap: an account is one of a shop, and the file need not name it: the shop is that of the order.
{{ config(unique_key='order_id') }}

with latest as (
    {{ latest_delivered('douyin', 'order_accounts', key=['order_id']) }}
),

stg_douyin__order_accounts as (
    select
        'douyin' as platform,
        latest.order_id,
        latest.account_id,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_douyin__order_accounts
