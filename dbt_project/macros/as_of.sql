{# How a list of a day reads what changes: as it was at the end of that day. #}

{# The campaigns of a template, on each day to be built on which they run: all their columns, and `as_of_date`. #}
{% macro runs_of(template) -%}
    select
        campaigns.*,
        due_days.as_of_date
    from {{ ref('campaigns') }} as campaigns
    inner join ({{ due_days(days='int_campaign_days_fingerprinted') }}) as due_days
        on due_days.as_of_date between campaigns.start_date and campaigns.end_date
    where campaigns.template = '{{ template }}'
{%- endmacro %}

{# Whether a stay, a membership or a version [begin, end) is that of the day; what has no end goes on. Two comparisons, since an
   outer join on anything else than comparisons compares everybody with everybody. #}
{% macro holds_on(day, rows, begin='valid_from', end='valid_to') -%}
    {{ rows }}.{{ begin }} <= {{ day }} and coalesce({{ rows }}.{{ end }}, cast('9999-12-31' as date)) > {{ day }}
{%- endmacro %}

{# Whether a purchase stood at the end of the day: paid by then, and not all of it given back. #}
{% macro stands_on(day, lines) -%} {{ holds_on(day, lines, 'paid_date', 'fully_refunded_date') }} {%- endmacro %}

{# Which of `customer_rfm_periods` has what a person's 365 days came to on the day of his row. #}
{% macro figures_of(people) -%}
    {{ people }}.customer_key = customer_rfm_periods.customer_key
    and customer_rfm_periods.valid_from <= {{ people }}.as_of_date
    and customer_rfm_periods.valid_to > {{ people }}.as_of_date
{%- endmacro %}

{# By those figures; a person without any has nothing. #}
{% macro tier_of(campaigns) -%}
    case when coalesce(customer_rfm_periods.net_amount, 0) >= {{ campaigns }}.tier_amount then 'high' else 'standard' end
{%- endmacro %}
