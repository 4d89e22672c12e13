-- Joins to refunds, memberships and first orders may neither lose a line nor double one.
{{ config(meta={'dagster': {'ref': {'name': 'order_lines'}}}) }}

with staged as (
    select
        count(*) as line_count,
        sum(paid_amount) as paid_amount
    from {{ ref('int_order_lines_unioned') }}
),

mart as (
    select
        count(*) as line_count,
        sum(paid_amount) as paid_amount
    from {{ ref('order_lines') }}
)

select
    staged.line_count as staged_line_count,
    mart.line_count as mart_line_count
from staged
cross join mart
where
    staged.line_count <> mart.line_count
    or staged.paid_amount <> mart.paid_amount
