-- For each AIPL state: the stock of the day before, plus who came, less who left, is the stock of the day, where all the flows
-- of the state are known.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__aipl_flows_daily'}}}) }}

with kpi__fast_daily as (
    select * from {{ ref('kpi__fast_daily') }}
    where {{ is_of_todays_logic('as_of_date', ['kpi__fast_daily']) }}
),

stocks as (
    select
        as_of_date,
        'interested' as state,
        interested_count as customer_count
    from kpi__fast_daily
    union all
    select
        as_of_date,
        'purchased' as state,
        purchased_count as customer_count
    from kpi__fast_daily
    union all
    select
        as_of_date,
        'loyal' as state,
        loyal_count as customer_count
    from kpi__fast_daily
),

flows as (
    select
        stocks.as_of_date,
        stocks.state,
        stocks.customer_count as stock_count,
        sum(case when flows.from_state = stocks.state then flows.customer_count else 0 end) as stock_before_count,
        sum(case when flows.to_state = stocks.state and flows.direction <> 'stay' then flows.customer_count else 0 end)
            as entered_count,
        sum(case when flows.from_state = stocks.state and flows.direction <> 'stay' then flows.customer_count else 0 end)
            as left_count
    from stocks
    inner join {{ ref('kpi__aipl_flows_daily') }} as flows
        on stocks.as_of_date = flows.as_of_date and stocks.state in (flows.from_state, flows.to_state)
    group by stocks.as_of_date, stocks.state, stocks.customer_count
    having count(*) = count(flows.customer_count)
)

select flows.*
from flows
left join stocks
    on
        flows.state = stocks.state
        and {{ days_before('flows.as_of_date', 1) }} = stocks.as_of_date
where
    flows.stock_count <> flows.stock_before_count + flows.entered_count - flows.left_count
    or flows.stock_before_count <> stocks.customer_count
