{# The last day that was asked for (`last_day` is a macro of dbt, of months). #}
{% macro last_asked_day() -%} select max(days.as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }} as days {%- endmacro %}

{# Whether the window of so many days from a day on is over at the end of `last_day`, and whether a feed that told of the day told of
   all of it. #}
{% macro window_is_over(first_day, days) -%} {{ days_after(first_day, days ~ ' - 1') }} <= last_day.as_of_date {%- endmacro %}

{% macro window_is_told(first_day, days, feeds='scoped_feeds') -%}
    {{ days_after(first_day, days) }} <= coalesce({{ feeds }}.ended_date, cast('9999-12-31' as date))
{%- endmacro %}

{# The months up to the last day that was asked for. One that lasts on is known until that day, and is not complete. #}
{% macro known_months() -%}
    select
        period_days.period_start as month_start,
        least(max(period_days.period_end), max(last_day.as_of_date)) as known_until,
        max(period_days.period_end) <= max(last_day.as_of_date) as is_complete
    from {{ ref('period_days') }} as period_days
    cross join ({{ last_asked_day() }}) as last_day
    where period_days.period_type = 'month' and period_days.business_date <= last_day.as_of_date
    group by period_days.period_start
{%- endmacro %}

{# The `months` of which any of these feeds (stretches of days) tells any day, by what the feeds are told apart by. #}
{% macro told_months(feeds, keys=[]) -%}
    {%- set columns = ['months.month_start'] + keys -%}
    select
        {{ columns | join(', ') }}
    from months
    inner join {{ feeds }} as feeds
        on
            months.known_until >= feeds.begun_date
            and (feeds.ended_date is null or feeds.ended_date > months.month_start)
    group by {{ columns | join(', ') }}
{%- endmacro %}

{# The months and scopes (platform and shop, `all` for the brand) of which a feed of orders tells any day: of others it is unknown
   who bought. #}
{% macro sold_months() -%}
    {{ told_months('(select * from ' ~ ref('scoped_feeds') ~ " where feed = 'orders')", ['feeds.platform', 'feeds.shop_id']) }}
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

{# Which `kinds` of feeds tell of each day on any platform: of each kind what holds of its feeds. #}
{% macro told_kinds(days, kinds, day='as_of_date', end='ended_date') -%}
    select
        {{ days }}.{{ day }},
        {%- for kind, feeds in kinds.items() %}
        coalesce(bool_or(feeds.feed {{ feeds }}), false) as has_{{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ days }}
    left join {{ ref('feeds') }} as feeds on {{ holds_on(days ~ '.' ~ day, 'feeds', 'begun_date', end) }}
    group by {{ days }}.{{ day }}
{%- endmacro %}

{# Per day and stretch of a feed that began by then: whether the feed still tells of the day, and when it began or ended last. #}
{% macro feeds_told(days, end='ended_date') -%}
    select
        {{ days }}.as_of_date,
        feeds.feed,
        {{ holds_on(days ~ '.as_of_date', 'feeds', 'begun_date', end) }} as is_told,
        case when feeds.{{ end }} <= {{ days }}.as_of_date then feeds.{{ end }} else feeds.begun_date end as changed_date
    from {{ days }}
    inner join feeds on {{ days }}.as_of_date >= feeds.begun_date
{%- endmacro %}

{# The periods that are reported, one row each. #}
{% macro reported_periods() -%}
    select
        period_key,
        any_value(period_type) as period_type,
        any_value(campaign_id) as campaign_id,
        any_value(period_start) as period_start,
        any_value(period_end) as period_end,
        any_value(previous_start) as previous_start,
        any_value(last_year_start) as last_year_start,
        any_value(previous_period_key) as previous_period_key,
        any_value(last_year_period_key) as last_year_period_key
    from {{ ref('period_days') }}
    where is_reported
    group by period_key
{%- endmacro %}

{# Periods [valid_from, valid_to) of the same keys as one, where they overlap or the one begins as the other ends. Only the first and
   the last of those that become one are looked at twice. #}
{% macro merged_periods(periods, keys) -%}
    {%- set by_key = 'partition by ' ~ keys | join(', ') -%}
    select
        {{ keys | join(', ') }},
        valid_from,
        valid_to
    from (
        select
            {{ keys | join(', ') }},
            max(case when is_first then valid_from end) over ({{ by_key }} order by valid_from) as valid_from,
            reached_date as valid_to,
            is_last
        from (
            select
                {{ keys | join(', ') }},
                valid_from,
                reached_date,
                coalesce(valid_from > earlier_reached_date, true) as is_first,
                coalesce(next_from > reached_date, true) as is_last
            from (
                select
                    {{ keys | join(', ') }},
                    valid_from,
                    max(valid_to) over (
                        {{ by_key }} order by valid_from, valid_to rows between unbounded preceding and current row
                    ) as reached_date,
                    max(valid_to) over (
                        {{ by_key }} order by valid_from, valid_to rows between unbounded preceding and 1 preceding
                    ) as earlier_reached_date,
                    lead(valid_from) over ({{ by_key }} order by valid_from, valid_to) as next_from
                from {{ periods }}
            ) as followed
        ) as bounded
        where is_first or is_last
    ) as ends
    where is_last
{%- endmacro %}

{# Every day of which `told` tells, as the period until its silence would be too long. #}
{% macro told_days(told, keys) -%}
    (
        select
            {{ keys | join(', ') }},
            told_date as valid_from,
            {{ days_after('told_date', var('feed_grace_days') ~ ' + 1') }} as valid_to
        from {{ told }}
        group by {{ keys | join(', ') }}, told_date
    ) as told_days
{%- endmacro %}

{# The stretches of days of which `told` (feed, told_date, and what they are told apart by) tells without a longer silence than
   the grace: the day after the last fact ends a stretch, once the silence is known. #}
{% macro feed_stretches(told, keys) -%}
    select
        {{ keys | join(', ') }},
        begun_date,
        {{ days_before('silent_date', var('feed_grace_days') ~ ' + 1') }} as last_date,
        case
            when next_begun_date is not null or silent_date <= as_of_date
                then {{ days_before('silent_date', var('feed_grace_days')) }}
        end as ended_date,
        silent_date
    from (
        select
            {{ keys | join(', ') }},
            valid_from as begun_date,
            valid_to as silent_date,
            lead(valid_from) over (partition by {{ keys | join(', ') }} order by valid_from) as next_begun_date
        from ({{ merged_periods(told_days(told, keys), keys) }}) as stretches
    ) as followed
    cross join ({{ last_asked_day() }}) as last_day
{%- endmacro %}

{# The last day on which somebody who bought a product in the month may buy it again. #}
{% macro product_month_end(month='month_start') -%}
    {{ days_after('cast(' ~ month ~ " + interval '1' month as date)", var('product_repurchase_days') ~ ' - 1') }}
{%- endmacro %}

{# The days of which the figures of products of the months to be built are made, up to the last one asked for: of the months, or also
   those on which who bought then is followed. #}
{% macro days_of_product_months(is_followed=false) -%}
    select sales_days.business_date
    from {{ ref('sales_days') }} as sales_days
    cross join ({{ last_asked_day() }}) as last_day
    inner join ({{ due_days(days='product_months', day='month_start') }}) as due
        on
            sales_days.business_date >= due.month_start
            and sales_days.business_date <= {{ product_month_end('due.month_start') if is_followed
                else days_before("cast(due.month_start + interval '1' month as date)", 1) }}
    where sales_days.business_date <= last_day.as_of_date
    group by sales_days.business_date
{%- endmacro %}
