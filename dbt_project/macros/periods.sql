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

{# What periods [valid_from, valid_to) add to a figure on the day on which they begin and take from it on that on which they
   end: its changes up to a day sum to the figure of that day. A period that is empty changes nothing. #}
{% macro changes_of(periods, keys, weight='1') -%}
    select
        {{ keys | join(', ') }},
        changed_date,
        sum(weight) as change
    from (
        select
            {{ keys | join(', ') }},
            valid_from as changed_date,
            {{ weight }} as weight
        from {{ periods }}
        where valid_to is null or valid_from < valid_to
        union all
        select
            {{ keys | join(', ') }},
            valid_to as changed_date,
            -{{ weight }} as weight
        from {{ periods }}
        where valid_from < valid_to
    ) as changed
    group by {{ keys | join(', ') }}, changed_date
{%- endmacro %}
