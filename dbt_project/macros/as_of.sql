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

{# Whether a campaign has no lists on a day, for whatever reason. #}
{% macro is_refused(campaign_id, day) -%}
    exists (
        select 1 from {{ ref('qc_campaigns_refused') }} as refused
        where
            refused.campaign_id = {{ campaign_id }}
            and {{ day }} between refused.first_date and refused.last_date
    )
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

{# Whoever has ever bought, per day: the day of the last purchase, and of the last that stood then, if one did. What stands for good
   is looked through once per person, and once per day only what came since the first of the days or was given back. #}
{% macro last_purchases(days) -%}
    select
        {{ days }}.as_of_date,
        settled.customer_key,
        greatest(settled.last_bought_date, moving.last_bought_date) as last_bought_date,
        greatest(settled.last_paid_date, moving.last_paid_date) as last_paid_date
    from {{ days }}
    inner join (
        select
            purchase_days.customer_key,
            min(purchase_days.paid_date) as first_bought_date,
            max(case when purchase_days.paid_date <= begin.as_of_date then purchase_days.paid_date end) as last_bought_date,
            max(case
                when purchase_days.is_lasting and purchase_days.paid_date <= begin.as_of_date then purchase_days.paid_date
            end) as last_paid_date
        from {{ ref('int_purchase_days_valued') }} as purchase_days
        cross join (select min({{ days }}.as_of_date) as as_of_date from {{ days }} having count(*) > 0) as begin
        group by purchase_days.customer_key
    ) as settled on {{ days }}.as_of_date >= settled.first_bought_date
    left join (
        select
            {{ days }}.as_of_date,
            purchase_days.customer_key,
            max(purchase_days.paid_date) as last_bought_date,
            max(case when purchase_days.order_count > 0 then purchase_days.paid_date end) as last_paid_date
        from {{ days }}
        cross join (select min({{ days }}.as_of_date) as as_of_date from {{ days }} having count(*) > 0) as begin
        inner join {{ ref('int_purchase_days_valued') }} as purchase_days
            on
                {{ holds_on(days ~ '.as_of_date', 'purchase_days') }}
                and (not purchase_days.is_lasting or purchase_days.paid_date > begin.as_of_date)
        group by {{ days }}.as_of_date, purchase_days.customer_key
    ) as moving
        on
            {{ days }}.as_of_date = moving.as_of_date
            and settled.customer_key = moving.customer_key
{%- endmacro %}
