-- One row per business day and period that it belongs to: itself, its week, its month, and the campaigns it falls into.
-- Trap: weeks begin on Monday; only days on which anything happened are here. Before a campaign and a year before it lie windows
-- of its length, for comparison: they carry its `campaign_id`, and `is_reported` is false.
with sales_days as (
    select * from {{ ref('sales_days') }}
),

members as (
    select * from {{ ref('members') }}
),

days as (
    select * from {{ ref('int_days_fingerprinted') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

dates as (
    select business_date from sales_days
    union
    select joined_date as business_date from members
    union
    select left_date as business_date from members
    where left_date is not null
    union
    select as_of_date as business_date from days
),

starts as (
    select
        business_date,
        cast(date_trunc('week', business_date) as date) as week_start,
        cast(date_trunc('month', business_date) as date) as month_start
    from dates
),

calendar_periods as (
    select
        business_date,
        'day' as period_type,
        business_date as period_start,
        business_date as period_end,
        {{ days_before('business_date', 1) }} as previous_start,
        cast(business_date - interval '1' year as date) as last_year_start
    from starts
    union all
    select
        business_date,
        'week' as period_type,
        week_start as period_start,
        {{ days_after('week_start', 6) }} as period_end,
        {{ days_before('week_start', 7) }} as previous_start,
        {{ days_before('week_start', 364) }} as last_year_start
    from starts
    union all
    select
        business_date,
        'month' as period_type,
        month_start as period_start,
        {{ days_before("cast(month_start + interval '1' month as date)", 1) }} as period_end,
        cast(month_start - interval '1' month as date) as previous_start,
        cast(month_start - interval '1' year as date) as last_year_start
    from starts
),

windows as (
    select
        campaign_id,
        true as is_reported,
        start_date as period_start,
        end_date as period_end,
        {{ days_before('start_date', days_between('start_date', 'end_date') ~ ' + 1') }} as previous_start,
        cast(start_date - interval '1' year as date) as last_year_start
    from campaigns
    union all
    select
        campaign_id,
        false as is_reported,
        {{ days_before('start_date', days_between('start_date', 'end_date') ~ ' + 1') }} as period_start,
        {{ days_before('start_date', 1) }} as period_end,
        cast(null as date) as previous_start,
        cast(null as date) as last_year_start
    from campaigns
    union all
    select
        campaign_id,
        false as is_reported,
        cast(start_date - interval '1' year as date) as period_start,
        cast(end_date - interval '1' year as date) as period_end,
        cast(null as date) as previous_start,
        cast(null as date) as last_year_start
    from campaigns
    -- The window before a campaign of exactly a year is that of the year before, too.
    where
        cast(start_date - interval '1' year as date)
        <> {{ days_before('start_date', days_between('start_date', 'end_date') ~ ' + 1') }}
),

periods as (
    select
        business_date,
        period_type,
        cast(null as varchar) as campaign_id,
        true as is_reported,
        period_start,
        period_end,
        previous_start,
        last_year_start
    from calendar_periods
    union all
    select
        dates.business_date,
        'campaign' as period_type,
        windows.campaign_id,
        windows.is_reported,
        windows.period_start,
        windows.period_end,
        windows.previous_start,
        windows.last_year_start
    from windows
    inner join dates on dates.business_date between windows.period_start and windows.period_end
)

select
    {{ surrogate_key(['period_type', 'campaign_id', 'period_start']) }} as period_key,
    business_date,
    period_type,
    campaign_id,
    is_reported,
    period_start,
    period_end,
    previous_start,
    last_year_start,
    {{ surrogate_key(['period_type', 'campaign_id', 'previous_start']) }} as previous_period_key,
    {{ surrogate_key(['period_type', 'campaign_id', 'last_year_start']) }} as last_year_period_key
from periods
