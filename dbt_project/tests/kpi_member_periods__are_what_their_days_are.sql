-- What a shop's period says of members is what its days say (`kpi__member_daily`), known and unknown alike; longer periods sum
-- their days, and are unknown where one of them is.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__member_periods'}}}) }}

with daily as (
    select * from {{ ref('kpi__member_daily') }}
),

days_of_other_logic as (
    {{ days_of_other_logic(['kpi__sales_daily', 'member_sales_daily']) }}
),

periods as (
    select * from {{ ref('kpi__member_periods') }} as told
    where
        scope = 'shop'
        and not exists (
            select 1
            from days_of_other_logic
            where days_of_other_logic.day between told.period_start and told.period_end
        )
),

days as (
    select * from periods
    where period_type = 'day'
),

apart as (
    select
        days.period_type,
        days.platform,
        days.shop_id,
        days.period_start
    from days
    inner join daily
        on
            days.platform = daily.platform
            and days.shop_id = daily.shop_id
            and days.period_start = daily.business_date
    where
        {{ is_of_todays_logic('days.period_start', ['period_buyers']) }}
        and (
            days.order_count is distinct from daily.order_count
            or days.net_amount is distinct from daily.net_amount
            or days.member_order_count is distinct from daily.member_order_count
            or days.member_buyer_count is distinct from daily.member_buyer_count
            or days.member_paid_amount is distinct from daily.member_paid_amount
            or days.member_net_amount is distinct from daily.member_net_amount
            or days.amount_per_order_multiple is distinct from daily.amount_per_order_multiple
        )
),

unequal as (
    select
        periods.period_type,
        periods.platform,
        periods.shop_id,
        periods.period_start
    from periods
    inner join days
        on
            periods.platform = days.platform
            and periods.shop_id = days.shop_id
            and days.period_start between periods.period_start and periods.period_end
    where periods.period_type <> 'day'
    group by
        periods.period_type, periods.campaign_id, periods.platform, periods.shop_id, periods.period_start, periods.order_count,
        periods.member_order_count, periods.member_paid_amount, periods.member_net_amount
    having
        periods.order_count <> sum(days.order_count)
        or coalesce(periods.member_order_count <> sum(days.member_order_count), false)
        or coalesce(periods.member_paid_amount <> sum(days.member_paid_amount), false)
        or coalesce(periods.member_net_amount <> sum(days.member_net_amount), false)
        or (periods.member_order_count is null) <> (count(days.member_order_count) < count(*))
)

select * from apart
union all
select * from unequal
