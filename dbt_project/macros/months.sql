{# The months up to the last day that was asked for. One that lasts on is known until that day, and is not complete. #}
{% macro known_months() -%}
    select
        period_days.period_start as month_start,
        least(max(period_days.period_end), max(last_day.as_of_date)) as known_until,
        max(period_days.period_end) <= max(last_day.as_of_date) as is_complete
    from {{ ref('period_days') }} as period_days
    cross join (select max(days.as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }} as days) as last_day
    where period_days.period_type = 'month' and period_days.business_date <= last_day.as_of_date
    group by period_days.period_start
{%- endmacro %}
