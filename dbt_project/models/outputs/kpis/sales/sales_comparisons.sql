-- One row per reported period and scope with sales or refunds: its figures beside those of the period before and of a year ago.
-- Trap: growth is unknown while a period lasts, where the period that it is compared with is empty, or began before the first day
-- known of the scope, and where either holds days of which nothing is told.
{{ config(materialized='ephemeral') }}

with period_days as (
    select * from {{ ref('period_days') }}
),

figures as (
    select * from {{ ref('sales_figures') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'sales'
),

last_day as (
    {{ last_asked_day() }}
),

periods as (
    {{ reported_periods() }}
),

-- Days of the history that is known: what lies before the first of them is unknown, not zero.
first_days as (
    select
        platform,
        shop_id,
        min(begun_date) as first_date
    from scoped_feeds
    group by platform, shop_id
),

silences as (
    select
        platform,
        shop_id,
        ended_date,
        lead(begun_date) over (partition by platform, shop_id order by begun_date) as begun_again_date
    from scoped_feeds
),

silent_periods as (
    select
        period_days.period_key,
        silences.platform,
        silences.shop_id
    from period_days
    inner join silences
        on
            period_days.period_end >= silences.ended_date
            and (silences.begun_again_date is null or silences.begun_again_date > period_days.period_start)
    group by period_days.period_key, silences.platform, silences.shop_id
)

select
    periods.period_type,
    periods.campaign_id,
    periods.period_start,
    periods.period_end,
    periods.period_end <= last_day.as_of_date as is_complete,
    {{ growth_unknown(
        'periods.period_end <= last_day.as_of_date', 'periods.previous_start', 'first_days.first_date',
        'coalesce(silent_now.period_key, silent_before.period_key) is not null', 'previous.paid_amount'
    ) }} as growth_unknown_reason,
    {{ growth_unknown(
        'periods.period_end <= last_day.as_of_date', 'periods.last_year_start', 'first_days.first_date',
        'coalesce(silent_now.period_key, silent_last_year.period_key) is not null', 'last_year.paid_amount'
    ) }} as year_growth_unknown_reason,
    figures.platform,
    figures.shop_id,
    figures.order_count,
    figures.line_count,
    figures.quantity,
    figures.paid_amount,
    figures.refunded_amount,
    figures.net_amount,
    figures.refunded_amount_refund_time,
    figures.net_amount_refund_time,
    figures.refunded_order_count,
    figures.told_paid_amount,
    figures.told_order_count,
    figures.customer_line_count,
    figures.customer_paid_amount,
    figures.buyer_count,
    figures.new_buyer_count,
    previous.paid_amount as previous_paid_amount,
    previous.net_amount as previous_net_amount,
    previous.buyer_count as previous_buyer_count,
    last_year.paid_amount as last_year_paid_amount,
    last_year.net_amount as last_year_net_amount,
    last_year.buyer_count as last_year_buyer_count
from periods
inner join figures on periods.period_key = figures.period_key
left join first_days on figures.platform = first_days.platform and figures.shop_id = first_days.shop_id
left join figures as previous
    on
        periods.previous_period_key = previous.period_key
        and figures.platform = previous.platform
        and figures.shop_id = previous.shop_id
left join figures as last_year
    on
        periods.last_year_period_key = last_year.period_key
        and figures.platform = last_year.platform
        and figures.shop_id = last_year.shop_id
{%- for name, key in [('now', 'period_key'), ('before', 'previous_period_key'), ('last_year', 'last_year_period_key')] %}
left join silent_periods as silent_{{ name }}
    on
        periods.{{ key }} = silent_{{ name }}.period_key
        and figures.platform = silent_{{ name }}.platform
        and figures.shop_id = silent_{{ name }}.shop_id
{%- endfor %}
cross join last_day
