-- One row per order line of every platform, before refunds and memberships.
-- Trap: a line that nobody paid for is a free one whatever it is called; only `normal` lines with a pay time are valid.
{{ config(materialized='view') }}

{%- set columns = {
    'order_line_key': 'bigint',
    'order_key': 'bigint',
    'account_key': 'bigint',
    'influencer_key': 'bigint',
    'platform': 'varchar',
    'shop_id': 'varchar',
    'order_id': 'varchar',
    'order_line_id': 'varchar',
    'account_id': 'varchar',
    'product_id': 'varchar',
    'product_name': 'varchar',
    'sku_id': 'varchar',
    'merchant_code': 'varchar',
    'quantity': 'bigint',
    'list_amount': 'decimal(18, 2)',
    'payable_amount': 'decimal(18, 2)',
    'is_amount_shared': 'boolean',
    'order_status': 'varchar',
    'order_kind': 'varchar',
    'created_at': 'timestamp',
    'paid_at': 'timestamp',
    'shipped_at': 'timestamp',
    'completed_at': 'timestamp',
    'influencer_id': 'varchar',
    'influencer_name': 'varchar',
    'traffic_source': 'varchar',
    'traffic_type': 'varchar',
    'traffic_format': 'varchar',
    'traffic_channel': 'varchar',
    'content_hash': 'varchar',
    'order_content_hash': 'varchar',
} -%}
{%- set influence = ['influencer_key', 'influencer_id', 'influencer_name'] -%}
{%- set traffic = ['traffic_source', 'traffic_type', 'traffic_format', 'traffic_channel'] -%}
{# What an export has nothing of. #}
{%- set missing = {
    'douyin': ['is_amount_shared'],
    'tmall': influence + traffic + ['sku_id', 'order_kind'],
    'jd': influence + ['traffic_type', 'traffic_format', 'order_kind', 'shipped_at'],
    'youzan': influence + traffic + [
        'sku_id', 'merchant_code', 'list_amount', 'order_kind', 'shipped_at', 'completed_at',
        'order_content_hash'
    ],
    'generic': ['is_amount_shared', 'order_content_hash'],
} %}

with douyin as (
    select * from {{ ref('int_douyin_order_lines_identified') }}
),

tmall as (
    select * from {{ ref('int_tmall_order_lines_assembled') }}
),

jd as (
    select * from {{ ref('int_jd_order_lines_assembled') }}
),

youzan as (
    select * from {{ ref('int_youzan_order_lines_assembled') }}
),

generic as (
    select * from {{ ref('stg_generic__order_lines') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

unioned as (
    {%- for export in missing %}
    {{ 'union all' if not loop.first }}
    select
    {%- for name, type in columns.items() %}
        {{ 'cast(null as ' ~ type ~ ') as ' if name in missing[export] }}{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ export }}
    {%- endfor %}
),

kinds_settled as (
    select
        *,
        case
            when coalesce(order_kind, 'normal') = 'normal' and payable_amount = 0 then 'zero_price'
            else coalesce(order_kind, 'normal')
        end as line_kind
    from unioned
),

int_order_lines_unioned as (
    select
        kinds_settled.order_line_key,
        kinds_settled.order_key,
        kinds_settled.account_key,
        coalesce(accounts.customer_key, kinds_settled.account_key) as customer_key,
        kinds_settled.influencer_key,
        kinds_settled.platform,
        kinds_settled.shop_id,
        kinds_settled.order_id,
        kinds_settled.order_line_id,
        kinds_settled.account_id,
        kinds_settled.product_id,
        kinds_settled.product_name,
        kinds_settled.sku_id,
        kinds_settled.merchant_code,
        kinds_settled.quantity,
        coalesce(kinds_settled.list_amount, kinds_settled.payable_amount) as list_amount,
        case when kinds_settled.paid_at is null then cast(0 as decimal(18, 2)) else kinds_settled.payable_amount end
            as paid_amount,
        coalesce(kinds_settled.is_amount_shared, false) as is_amount_shared,
        kinds_settled.order_status,
        kinds_settled.line_kind as order_kind,
        kinds_settled.line_kind = 'normal' and kinds_settled.paid_at is not null as is_valid,
        kinds_settled.created_at,
        kinds_settled.paid_at,
        cast(kinds_settled.paid_at as date) as paid_date,
        kinds_settled.shipped_at,
        kinds_settled.completed_at,
        kinds_settled.influencer_id,
        kinds_settled.influencer_name,
        kinds_settled.traffic_source,
        kinds_settled.traffic_type,
        kinds_settled.traffic_format,
        kinds_settled.traffic_channel,
        kinds_settled.content_hash,
        kinds_settled.order_content_hash
    from kinds_settled
    left join accounts on kinds_settled.account_key = accounts.account_key
)

select * from int_order_lines_unioned
