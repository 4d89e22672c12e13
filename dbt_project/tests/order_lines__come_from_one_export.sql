-- A line that its platform's own export brings and a generic file brings too would be sold twice.
{{ config(meta={'dagster': {'ref': {'name': 'order_lines'}}}) }}

with generic_lines as (
    select * from {{ ref('stg_generic__order_lines') }}
    where platform in ('douyin', 'tmall', 'jd', 'youzan')
),

own_lines as (
    select
        'douyin' as platform,
        order_line_id
    from {{ ref('stg_douyin__order_lines') }}

    union all

    select
        'tmall' as platform,
        order_line_id
    from {{ ref('int_tmall_order_lines_assembled') }}

    union all

    select
        platform,
        order_line_id
    from {{ ref('int_jd_order_lines_assembled') }}

    union all

    select
        platform,
        order_line_id
    from {{ ref('int_youzan_order_lines_assembled') }}
)

select
    generic_lines.platform,
    generic_lines.shop_id,
    generic_lines.order_line_id
from generic_lines
inner join own_lines
    on
        generic_lines.platform = own_lines.platform
        and generic_lines.order_line_id = own_lines.order_line_id
