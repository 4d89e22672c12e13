-- Wherever a KPI table shows gross, refunds and net beside each other, gross less known refunds is net: of sales on both bases.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__sales_daily'}}}) }}
{%- set tables = [
    'kpi__sales_daily', 'kpi__sales_periods', 'kpi__influencer_daily', 'kpi__influencer_periods', 'kpi__product_monthly',
    'kpi__fact_daily', 'kpi__anchor_shifts', 'kpi__campaign_response'
] %}

{% for table in tables -%}
select
    '{{ table }}' as table_name,
    'pay time' as basis,
    count(*) as row_count
from {{ ref(table) }}
where net_amount <> paid_amount - coalesce(refunded_amount, 0)
having count(*) > 0
union all
{% endfor -%}
{% for table in tables[:2] -%}
select
    '{{ table }}' as table_name,
    'refund time' as basis,
    count(*) as row_count
from {{ ref(table) }}
where net_amount_refund_time <> paid_amount - coalesce(refunded_amount_refund_time, 0)
having count(*) > 0
{{ 'union all' if not loop.last }}
{% endfor %}
