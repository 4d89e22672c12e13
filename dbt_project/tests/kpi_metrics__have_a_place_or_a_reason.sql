-- A metric is held by a column of a table, or says why by none; the metrics that no table holds are here too.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__metrics'}}}) }}

select
    table_name,
    column_name,
    name_zh
from {{ ref('kpi__metrics') }}
where
    (table_name is null) <> (not_computed_reason is not null)
    or (table_name is null) <> (column_name is null)
    or coalesce(name_zh, '') = ''
union all
select
    'none is said not to be computed' as table_name,
    null as column_name,
    null as name_zh
from {{ ref('kpi__metrics') }}
having count(not_computed_reason) = 0
