-- One row per campaign, business day and customer who ordered and has not paid, nor bought the same product since.
-- Trap: an order that was closed later is out of past lists too, unless its end is dated: it was open until its payment, and
-- until the time that the export gives for its end. The amount is at list price.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('unpaid_orders') }}
),

-- Where they are read once more, it is without this import: one that is read twice is kept in memory whole, asked or not.
order_lines as (
    select * from {{ ref('order_lines') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

unpaid_lines as (
    select
        runs.*,
        order_lines.customer_key,
        order_lines.platform,
        order_lines.order_id,
        order_lines.product_id,
        order_lines.created_at,
        order_lines.list_amount,
        row_number() over (
            partition by runs.campaign_id, runs.as_of_date, order_lines.customer_key
            order by order_lines.created_at desc, order_lines.list_amount desc, order_lines.order_line_key asc
        ) as recency_rank,
        sum(order_lines.list_amount) over (
            partition by runs.campaign_id, runs.as_of_date, order_lines.customer_key, order_lines.order_key
        ) as order_amount
    from runs
    inner join order_lines
        on
            runs.as_of_date >= cast(order_lines.created_at as date)
            and cast(order_lines.created_at as date) >= {{ days_before('runs.as_of_date', 'runs.max_days') }}
            and (order_lines.paid_date is null or runs.as_of_date < order_lines.paid_date)
    where
        order_lines.customer_key is not null
        and order_lines.order_kind = 'normal'
        and (
            order_lines.order_status = 'placed'
            or runs.as_of_date < order_lines.paid_date
            or (order_lines.order_status = 'closed' and runs.as_of_date < cast(order_lines.completed_at as date))
        )
        and not exists (
            select 1
            from {{ ref('order_lines') }} as paid_lines
            where
                paid_lines.customer_key = order_lines.customer_key
                and paid_lines.platform = order_lines.platform
                and paid_lines.product_id = order_lines.product_id
                and paid_lines.is_valid
                and paid_lines.paid_at >= order_lines.created_at
                and paid_lines.paid_date <= runs.as_of_date
        )
)

select
    unpaid_lines.campaign_id,
    unpaid_lines.as_of_date,
    unpaid_lines.customer_key,
    unpaid_lines.template,
    {{ tier_of('unpaid_lines') }} as tier,
    'order ' || unpaid_lines.order_id || ' of ' || cast(unpaid_lines.order_amount as varchar)
    || ' yuan, unpaid since ' || cast(cast(unpaid_lines.created_at as date) as varchar) as reason,
    unpaid_lines.product_id as recommended_product_id,
    unpaid_lines.priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    unpaid_lines.order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from unpaid_lines
left join customer_rfm_periods on {{ figures_of('unpaid_lines') }}
where unpaid_lines.recency_rank = 1
