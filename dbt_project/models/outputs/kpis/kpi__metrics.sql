-- One row per metric: a column of a KPI table whose YAML says what it measures.
-- Trap: the rows are made of the models' YAML, so there is no second place to keep true; `docs/metrics.md` is made of the same.
{%- set metrics = metric_rows() %}
with metrics as (
    {%- for metric in metrics %}
    select
        {{ metric.table }} as table_name,
        {{ metric.column }} as column_name,
        {{ metric.en }} as name_en,
        {{ metric.zh }} as name_zh,
        {{ metric.description }} as description,
        {{ metric.formula }} as formula,
        {{ metric.grain }} as grain,
        {{ metric.window }} as measured_over,
        {{ metric.refunds }} as refund_basis,
        {{ metric.feeds }} as feeds,
        {{ metric.definition }} as definition,
        {{ metric.source }} as source
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
    source
from metrics
