-- One row per campaign (`*`: all of them), tier or variant (`all` for all), arm and response window: what people bought.
-- Trap: intent to treat: people count by the arm drawn, from the day after they entered, whether or not a message reached
-- them, and count once their window is over. Who merged into the control group counts in neither, nor does who was watched on
-- days that no feed of orders tells of. Rows do not add up.
with entries as (
    select * from {{ ref('audience_entries') }}
),

orders as (
    select * from {{ ref('orders') }}
    where is_valid
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

windows as (
    select * from {{ ref('response_windows') }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders' and platform = 'all'
),

last_days as (
    {{ last_asked_day() }}
),

people as (
    select
        entries.campaign_id,
        entries.customer_key,
        entries.entered_date,
        entries.arm,
        entries.tier,
        entries.variant,
        windows.window_days,
        {{ days_after('entries.entered_date', 'windows.window_days') }} as last_date,
        last_days.as_of_date,
        case
            when entries.is_contaminated then 'contaminated'
            when {{ days_after('entries.entered_date', 'windows.window_days') }} > last_days.as_of_date then 'open'
            when
                scoped_feeds.feed is null
                or {{ days_after('entries.entered_date', 'windows.window_days') }} >= scoped_feeds.ended_date
                then 'untold'
            else 'counted'
        end as counted_as
    from entries
    cross join windows
    cross join last_days
    left join scoped_feeds
        on {{ holds_on(days_after('entries.entered_date', 1), 'scoped_feeds', 'begun_date', 'ended_date') }}
),

bought as (
    select
        people.campaign_id,
        people.customer_key,
        people.window_days,
        sum(orders.net_amount) as net_amount
    from people
    inner join orders
        on
            people.customer_key = orders.customer_key
            and people.entered_date < orders.paid_date
            and people.last_date >= orders.paid_date
    where people.counted_as = 'counted'
    group by people.campaign_id, people.customer_key, people.window_days
),

valued as (
    select
        people.campaign_id,
        people.tier,
        people.variant,
        people.arm,
        people.window_days,
        people.as_of_date,
        people.counted_as,
        bought.customer_key is not null as has_responded,
        cast(coalesce(bought.net_amount, 0) as decimal(18, 2)) as net_amount
    from people
    left join bought
        on
            people.campaign_id = bought.campaign_id
            and people.customer_key = bought.customer_key
            and people.window_days = bought.window_days
),

counted as (
    select
        campaign_id,
        coalesce(tier, 'all') as tier,
        coalesce(variant, 'all') as variant,
        arm,
        window_days,
        min(as_of_date) as as_of_date,
        sum(case when counted_as = 'counted' then 1 else 0 end) as customer_count,
        {%- for kind in ['open', 'contaminated', 'untold'] %}
        sum(case when counted_as = '{{ kind }}' then 1 else 0 end) as {{ kind }}_customer_count,
        {%- endfor %}
        bool_or(counted_as = 'counted') or not bool_or(counted_as = 'untold') as has_orders,
        sum(case when has_responded then 1 else 0 end) as responded_count,
        sum(net_amount) as net_amount,
        sum(net_amount * net_amount) as squared_net_amount
    from valued
    group by
        grouping sets (
            (campaign_id, arm, window_days),
            (campaign_id, tier, arm, window_days),
            (campaign_id, variant, arm, window_days)
        )
)

select
    counted.campaign_id,
    counted.tier,
    counted.variant,
    counted.arm,
    cast(counted.window_days as bigint) as window_days,
    counted.as_of_date,
    counted.campaign_id <> '*'
    and (counted.open_customer_count > 0 or coalesce(campaigns.end_date > counted.as_of_date, false)) as is_open,
    cast(counted.customer_count as bigint) as customer_count,
    cast(counted.open_customer_count as bigint) as open_customer_count,
    cast(counted.contaminated_customer_count as bigint) as contaminated_customer_count,
    cast(counted.untold_customer_count as bigint) as untold_customer_count,
    case when counted.has_orders then cast(counted.responded_count as bigint) end as responded_count,
    {{ ratio('counted.responded_count', 'counted.customer_count') }} as responded_ratio,
    case when counted.has_orders then cast(counted.net_amount as decimal(18, 2)) end as net_amount,
    {{ ratio('counted.net_amount', 'counted.customer_count') }} as net_amount_per_customer,
    case when counted.has_orders then cast(counted.squared_net_amount as decimal(38, 4)) end as squared_net_amount,
    {{ missing_feeds({'orders': 'not counted.has_orders'}) }} as missing_feeds
from counted
left join campaigns on counted.campaign_id = campaigns.campaign_id
where counted.variant <> 'none' and counted.tier <> 'none'
