-- One row per day, week, month or campaign and scope (brand, platform, shop) with sales or refunds.
-- Trap: amounts and orders are sums of `kpi__sales_daily`, buyers are counted anew: they add up neither over time nor over shops.
-- Growth is null while a period lasts, where the period that it is compared with is empty, or began before the first day known of
-- the scope, and where either holds days of which nothing is told: `growth_unknown_reason`, `year_growth_unknown_reason`.
-- Refunds are those of the shops and days of which some are told, and so are their shares.
with period_days as (
    select * from {{ ref('period_days') }}
),

sales as (
    select * from {{ ref('kpi__sales_daily') }}
),

buyers as (
    select * from {{ ref('period_buyers') }}
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

-- A platform or shop that is null stands for all of them. Days that were built before there was a `told_paid_amount` lack it, and
-- count all the same where their refunds are known.
summed as (
    select
        period_days.period_key,
        coalesce(sales.platform, 'all') as platform,
        coalesce(sales.shop_id, 'all') as shop_id,
        cast(sum(sales.order_count) as bigint) as order_count,
        cast(sum(sales.line_count) as bigint) as line_count,
        cast(sum(sales.quantity) as bigint) as quantity,
        cast(sum(sales.paid_amount) as decimal(18, 2)) as paid_amount,
        cast(sum(sales.refunded_amount) as decimal(18, 2)) as refunded_amount,
        cast(sum(sales.net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(sales.refunded_amount_refund_time) as decimal(18, 2)) as refunded_amount_refund_time,
        cast(sum(sales.net_amount_refund_time) as decimal(18, 2)) as net_amount_refund_time,
        cast(sum(sales.refunded_order_count) as bigint) as refunded_order_count,
        cast(sum(sales.customer_line_count) as bigint) as customer_line_count,
        cast(sum(sales.customer_paid_amount) as decimal(18, 2)) as customer_paid_amount,
        cast(sum(case when sales.refunded_amount is not null then sales.paid_amount end) as decimal(18, 2)) as told_paid_amount,
        cast(sum(case when sales.refunded_amount is not null then sales.order_count end) as bigint) as told_order_count
    from period_days
    inner join sales on period_days.business_date = sales.business_date
    group by grouping sets (
        (period_days.period_key),
        (period_days.period_key, sales.platform),
        (period_days.period_key, sales.platform, sales.shop_id)
    )
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
),

counted as (
    select
        summed.*,
        case when summed.line_count = 0 then 0 else buyers.buyer_count end as buyer_count,
        case when summed.line_count = 0 then 0 else buyers.new_buyer_count end as new_buyer_count
    from summed
    left join buyers
        on
            summed.period_key = buyers.period_key
            and summed.platform = buyers.platform
            and summed.shop_id = buyers.shop_id
),

compared as (
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
        counted.*,
        previous.paid_amount as previous_paid_amount,
        previous.net_amount as previous_net_amount,
        previous.buyer_count as previous_buyer_count,
        last_year.paid_amount as last_year_paid_amount,
        last_year.net_amount as last_year_net_amount,
        last_year.buyer_count as last_year_buyer_count
    from periods
    inner join counted on periods.period_key = counted.period_key
    left join first_days on counted.platform = first_days.platform and counted.shop_id = first_days.shop_id
    left join counted as previous
        on
            periods.previous_period_key = previous.period_key
            and counted.platform = previous.platform
            and counted.shop_id = previous.shop_id
    left join counted as last_year
        on
            periods.last_year_period_key = last_year.period_key
            and counted.platform = last_year.platform
            and counted.shop_id = last_year.shop_id
    {%- for name, key in [('now', 'period_key'), ('before', 'previous_period_key'), ('last_year', 'last_year_period_key')] %}
    left join silent_periods as silent_{{ name }}
        on
            periods.{{ key }} = silent_{{ name }}.period_key
            and counted.platform = silent_{{ name }}.platform
            and counted.shop_id = silent_{{ name }}.shop_id
    {%- endfor %}
    cross join last_day
)

select
    period_type,
    campaign_id,
    period_start,
    period_end,
    is_complete,
    case when platform = 'all' then 'brand' when shop_id = 'all' then 'platform' else 'shop' end as scope,
    platform,
    shop_id,
    order_count,
    line_count,
    quantity,
    paid_amount,
    refunded_amount,
    net_amount,
    refunded_amount_refund_time,
    net_amount_refund_time,
    refunded_order_count,
    told_paid_amount,
    told_order_count,
    {{ ratio('refunded_amount', 'told_paid_amount') }} as refunded_amount_ratio,
    {{ ratio('refunded_order_count', 'told_order_count') }} as refunded_order_ratio,
    customer_line_count,
    {{ ratio('customer_line_count', 'line_count') }} as customer_line_ratio,
    customer_paid_amount,
    {{ ratio('customer_paid_amount', 'paid_amount') }} as customer_paid_amount_ratio,
    buyer_count,
    new_buyer_count,
    {{ ratio('new_buyer_count', 'buyer_count') }} as new_buyer_ratio,
    {{ yuan(ratio('paid_amount', 'order_count')) }} as amount_per_order,
    {{ yuan(ratio('customer_paid_amount', 'buyer_count')) }} as amount_per_buyer,
    {{ ratio('quantity', 'order_count') }} as items_per_order,
    previous_paid_amount,
    {{ growth_of('paid_amount', 'previous_paid_amount') }} as paid_amount_growth_ratio,
    previous_net_amount,
    {{ growth_of('net_amount', 'previous_net_amount') }} as net_amount_growth_ratio,
    previous_buyer_count,
    {{ growth_of('buyer_count', 'previous_buyer_count') }} as buyer_count_growth_ratio,
    last_year_paid_amount,
    {{ growth_of('paid_amount', 'last_year_paid_amount', 'year_growth_unknown_reason') }} as paid_amount_year_growth_ratio,
    last_year_net_amount,
    {{ growth_of('net_amount', 'last_year_net_amount', 'year_growth_unknown_reason') }} as net_amount_year_growth_ratio,
    last_year_buyer_count,
    {{ growth_of('buyer_count', 'last_year_buyer_count', 'year_growth_unknown_reason') }} as buyer_count_year_growth_ratio,
    growth_unknown_reason,
    year_growth_unknown_reason,
    {{ missing_feeds({'order buyers': 'buyer_count is null', 'refunds': 'refunded_amount_refund_time is null'}) }}
        as missing_feeds
from compared
