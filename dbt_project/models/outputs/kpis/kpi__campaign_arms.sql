-- One row per campaign (`*`: all of them), tier or variant (`all` for all), arm and response window: what people bought.
-- Trap: intent to treat: people count by the arm drawn, from the day after they entered, whether or not a message reached
-- them, and count once their window is over. Who merged into the control group counts in neither. Rows do not add up.
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

last_days as (
    select max(as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }}
),

people as (
    select
        entries.campaign_id,
        entries.customer_key,
        entries.entered_date,
        entries.arm,
        entries.tier,
        entries.variant,
        entries.is_contaminated,
        windows.window_days,
        {{ days_after('entries.entered_date', 'windows.window_days') }} as last_date,
        last_days.as_of_date
    from entries
    cross join windows
    cross join last_days
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
    where people.last_date <= people.as_of_date and not people.is_contaminated
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
        people.is_contaminated,
        people.last_date > people.as_of_date and not people.is_contaminated as is_open,
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
        sum(case when is_open or is_contaminated then 0 else 1 end) as customer_count,
        sum(case when is_open then 1 else 0 end) as open_customer_count,
        sum(case when is_contaminated then 1 else 0 end) as contaminated_customer_count,
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
    cast(counted.responded_count as bigint) as responded_count,
    {{ ratio('counted.responded_count', 'counted.customer_count') }} as responded_ratio,
    cast(counted.net_amount as decimal(18, 2)) as net_amount,
    {{ ratio('counted.net_amount', 'counted.customer_count') }} as net_amount_per_customer,
    cast(counted.squared_net_amount as decimal(38, 4)) as squared_net_amount
from counted
left join campaigns on counted.campaign_id = campaigns.campaign_id
where counted.variant <> 'none' and counted.tier <> 'none'
