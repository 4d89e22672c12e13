-- One row per metric: a column of a KPI table whose YAML says what it measures, or what the trade names and no column holds.
-- Trap: the rows are made of the models' YAML, so there is no second place to keep true; `docs/metrics.md` is made of the same.
-- What is not computed has no table and no column, and says why.
{%- set fields = {
    'table_name': 'table', 'column_name': 'column', 'name_en': 'en', 'name_zh': 'zh', 'description': 'description',
    'formula': 'formula', 'grain': 'grain', 'measured_over': 'window', 'refund_basis': 'refunds', 'feeds': 'feeds',
    'definition': 'definition', 'source': 'source'
} %}
with metrics as (
    {%- for metric in metric_rows() %}
    select
        {%- for name, field in fields.items() %}
        {{ metric[field] or 'cast(null as varchar)' }} as {{ name }},
        {%- endfor %}
        {{ metric.reason or 'cast(null as varchar)' }} as not_computed_reason
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    table_name,
    column_name,
    name_en,
    name_zh,
    description,
    formula,
    grain,
    measured_over,
    refund_basis,
    feeds,
    definition,
    source,
    not_computed_reason
from metrics
