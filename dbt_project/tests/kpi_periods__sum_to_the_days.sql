-- Days, weeks and months sum to the days' sales in every scope; in each period the brand is the sum of its platforms, and of its
-- shops; on both bases what was paid less what was refunded is net.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__sales_periods'}}}) }}

with days as (
    select
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(net_amount_refund_time), 0) as net_amount_refund_time
    from {{ ref('kpi__sales_daily') }}
),

periods as (
    select
        period_type,
        scope,
        sum(order_count) as order_count,
        sum(paid_amount) as paid_amount,
        sum(net_amount) as net_amount,
        sum(net_amount_refund_time) as net_amount_refund_time
    from {{ ref('kpi__sales_periods') }}
    where period_type <> 'campaign'
    group by period_type, scope
),

unequal as (
    select
        periods.period_type,
        periods.scope
    from periods
    cross join days
    where
        periods.order_count <> days.order_count
        or periods.paid_amount <> days.paid_amount
        or periods.net_amount <> days.net_amount
        or periods.net_amount_refund_time <> days.net_amount_refund_time
),

unbalanced as (
    select
        period_type,
        scope
    from {{ ref('kpi__sales_periods') }}
    where
        net_amount <> paid_amount - coalesce(refunded_amount, 0)
        or net_amount_refund_time <> paid_amount - coalesce(refunded_amount_refund_time, 0)
),

parts as (
    select
        period_type,
        coalesce(campaign_id, '') as campaign_id,
        period_start,
        scope,
        sum(order_count) as order_count,
        sum(net_amount) as net_amount,
        sum(net_amount_refund_time) as net_amount_refund_time
    from {{ ref('kpi__sales_periods') }}
    group by period_type, coalesce(campaign_id, ''), period_start, scope
),

apart as (
    select
        brand.period_type,
        parts.scope
    from parts as brand
    inner join parts
        on
            brand.period_type = parts.period_type
            and brand.campaign_id = parts.campaign_id
            and brand.period_start = parts.period_start
    where
        brand.scope = 'brand'
        and (
            brand.order_count <> parts.order_count
            or brand.net_amount <> parts.net_amount
            or brand.net_amount_refund_time <> parts.net_amount_refund_time
        )
)

select * from unequal
union all
select * from apart
union all
select * from unbalanced
