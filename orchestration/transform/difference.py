"""What one state of knowledge says of a day that another one does not, and the deliveries that made the difference.

Belongs here: comparing two builds of the same day, the later of which holds every delivery of the earlier one.
Does not: building them, and the tables they are compared in: columns are looked up, keys are those of dbt's tests.

A delivery is named as a cause by its rows in the tables that the figure is made of: for a customer those of this
customer and, of a list, of its campaign in the plan, else those of no customer in particular (other campaigns,
products), else all, since scores are relative; for a metric those of its shop on its day, else up to its day, else
the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from orchestration.transform.beside import Build, key_columns
from orchestration.transform.changes import record_changes
from orchestration.transform.origins import Origins, staging_origins
from orchestration.transform.results import Databases, reading

NUMBERS = ("BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL")
DECISIONS, SCORES = "outputs.audience_decisions", "marts.customer_rfm_daily"

KPI_TABLES = """
select 'outputs.' || table_name from information_schema.tables
where table_catalog = 'finished' and table_schema = 'outputs' and starts_with(table_name, 'kpi__')
    and not contains(table_name, '__dbt_')
order by all
"""
NO_METRICS = """
create temp table metrics (
    table_name varchar, key varchar, platform varchar, shop_id varchar, is_state boolean, made_of varchar[],
    metric varchar, value double
)
"""
METRIC_ROWS = """
select '{table}' as table_name, {key} as key, {platform} as platform, {shop} as shop_id, {is_state} as is_state,
    unnest([{values}], recursive := true)
from finished.{table} where {is_of_day}
"""
DECISION_ROWS = f"""
select customer_key, 'list ' || campaign_id as what, 0 as place,
    concat_ws(', ', case when suppressed_reason is null then 'in' else 'out' end, arm, suppressed_reason, tier, reason)
        as value
from finished.{DECISIONS} where as_of_date = $day
"""
SCORE_ROWS = f"""
select customer_key, 'rfm' as what, unnest([{{values}}], recursive := true)
from finished.{SCORES} where as_of_date = $day
"""

# The figures as they are written: 0.3 less 0.1 is 0.2, as floating point it is not.
WRITTEN = "try_cast(cast({side}.value as varchar) as decimal(38, 9))"
METRICS = f"""
create table differing as
select coalesce(earlier.table_name, later.table_name) as table_name, coalesce(earlier.key, later.key) as key,
    coalesce(earlier.metric, later.metric) as metric, earlier.value as known_then, later.value as known_now,
    cast({WRITTEN.format(side="later")} - {WRITTEN.format(side="earlier")} as double) as difference,
    coalesce(earlier.platform, later.platform) as platform,
    coalesce(earlier.shop_id, later.shop_id) as shop_id, coalesce(earlier.is_state, later.is_state) as is_state,
    coalesce(earlier.made_of, later.made_of) as made_of
from metrics_then as earlier
full join metrics_now as later
    on earlier.table_name = later.table_name and earlier.key = later.key and earlier.metric = later.metric
where earlier.value is distinct from later.value
"""
METRIC_CAUSES = """
with seen as (
    select distinct file, staging_table, platform, shop_id,
        case when event_date = $day then 1 when event_date < $day then 2 else 3 end as distance
    from changes where not concerns_lists_alone
),
subjects as (select distinct platform, shop_id, is_state, made_of from differing),
ranked as (
    select subjects.*, seen.file,
        case
            when seen.platform <> subjects.platform or seen.shop_id <> subjects.shop_id then 3
            when subjects.is_state and seen.distance = 2 then 1
            else seen.distance
        end + case when len(made_of) = 0 or list_contains(made_of, seen.staging_table) then 0 else 3 end as distance
    from subjects cross join seen
),
nearest as (
    select *, min(distance) over (partition by platform, shop_id, is_state, made_of) as nearest_distance from ranked
),
causes as (
    select platform, shop_id, is_state, made_of, list(distinct file order by file) as files
    from nearest where distance = nearest_distance group by all
)
select table_name, key, metric, known_then, known_now, difference, coalesce(files, []) as caused_by
from differing
left join causes
    on differing.platform is not distinct from causes.platform and differing.is_state = causes.is_state
    and differing.shop_id is not distinct from causes.shop_id and differing.made_of = causes.made_of
order by table_name, key, metric
"""

CUSTOMERS = """
create table differing_customers as
select coalesce(earlier.customer_key, later.customer_key) as customer_key, coalesce(earlier.what, later.what) as what,
    string_agg(earlier.value, ', ' order by earlier.place) as known_then,
    string_agg(later.value, ', ' order by later.place) as known_now
from customers_then as earlier
full join customers_now as later
    on earlier.customer_key = later.customer_key and earlier.what = later.what and earlier.place = later.place
where earlier.value is distinct from later.value
group by all
"""
CUSTOMER_CAUSES = """
with past as (
    select distinct customer_key, campaign_id, file, concerns_nobody, is_score
    from changes cross join (values (true), (false)) as kinds (is_score)
    where (concerns_nobody or event_date is null or event_date <= $day)
        and (not is_score or (list_contains($scored, staging_table) and not concerns_lists_alone))
),
of_customers as (
    select is_score, customer_key, list(file) as files
    from past where customer_key is not null group by all
),
of_campaigns as (
    select 'list ' || campaign_id as what, list(file) as files
    from past where campaign_id is not null and not is_score group by all
),
others as (
    select is_score, list(distinct file order by file) filter (where concerns_nobody) as of_nobody,
        list(distinct file order by file) as of_all
    from past group by all
),
named as (
    select differing.*,
        list_sort(list_distinct(list_concat(coalesce(of_customers.files, []), coalesce(of_campaigns.files, [])))) as own
    from differing_customers as differing
    left join of_customers
        on cast(differing.customer_key as varchar) = of_customers.customer_key
        and (differing.what = 'rfm') = of_customers.is_score
    left join of_campaigns on differing.what = of_campaigns.what
)
select named.* exclude (own),
    case when len(own) > 0 then own else coalesce(others.of_nobody, others.of_all, []) end as caused_by
from named left join others on (named.what = 'rfm') = others.is_score
order by what, customer_key
"""


@dataclass(frozen=True)
class Difference:
    """`metrics`: one row per differing figure; `customers`: per customer and list, or `rfm`. Each with its causes."""

    metrics: pa.Table
    customers: pa.Table


def difference(then: Build, now: Build, day: date, files: Mapping[str, str]) -> Difference:
    """What differs on the day. `files` names the delivery of every content that only the later build holds."""
    keys = key_columns(now.manifest)
    with reading(now.databases) as connection:
        tables = [name for (name,) in connection.execute(KPI_TABLES).fetchall()]
        origins = staging_origins(now.manifest, now.databases, [*tables, SCORES])
        for state, databases in {"then": then.databases, "now": now.databases}.items():
            rows = _metric_rows(databases, {table: keys.get(table, ()) for table in tables}, origins, day)
            connection.register(f"metrics_{state}", rows)
            connection.register(f"customers_{state}", _customer_rows(databases, day))
        record_changes(connection, then, now, files)
        connection.execute(METRICS)
        connection.execute(CUSTOMERS)
        scored = sorted(set().union(*origins[SCORES].values()))
        return Difference(
            connection.execute(METRIC_CAUSES, {"day": day}).to_arrow_table(),
            connection.execute(CUSTOMER_CAUSES, {"day": day, "scored": scored}).to_arrow_table(),
        )


def _metric_rows(databases: Databases, keys: Mapping[str, Sequence[str]], origins: Origins, day: date) -> pa.Table:
    """Every numeric column of every KPI table on the day: one row per figure."""
    with reading(databases) as connection:
        connection.execute(NO_METRICS)
        for table, key in keys.items():
            columns = _columns(connection, table)
            if figures := [name for name, kind in columns.items() if kind.startswith(NUMBERS) and name not in key]:
                query = _figures(table, key, columns, figures, origins[table])
                connection.execute(f"insert into metrics {query}", {"day": day})
        return connection.execute("from metrics").to_arrow_table()


def _figures(
    table: str,
    key: Sequence[str],
    columns: Mapping[str, str],
    figures: Sequence[str],
    origins: Mapping[str, set[str]],
) -> str:
    """The figures of a day are made of what their own column is; of a state, where people are counted, of all."""
    day_column = next((name for name in key if columns[name] == "DATE"), None)
    is_state = day_column in (None, "as_of_date")
    other = [name for name in key if name != day_column]
    of_all = set().union(*origins.values())
    made_of = {name: sorted(of_all if is_state else origins.get(name) or of_all) for name in columns}
    return METRIC_ROWS.format(
        table=table,
        key=_named(other),
        platform="platform" if "platform" in other else "null",
        shop="shop_id" if "shop_id" in other else "null",
        is_state=is_state,
        values=", ".join(
            f"{{'made_of': {made_of[name]}::varchar[], 'metric': '{name}', 'value': {name}::double}}"
            for name in figures
        ),
        is_of_day=f"{day_column} = $day" if day_column else "$day is not null",
    )


def _customer_rows(databases: Databases, day: date) -> pa.Table:
    """What the lists and the RFM scores of the day say of each customer: one row per statement."""
    with reading(databases) as connection:
        values = [
            f"{{'place': {place}, 'value': '{name}=' || {name}}}"
            for place, name in enumerate(_columns(connection, SCORES))
            if name not in ("customer_key", "as_of_date")
        ]
        query = f"{DECISION_ROWS} union all {SCORE_ROWS.format(values=', '.join(values))}"
        return connection.execute(query, {"day": day}).to_arrow_table()


def _named(columns: Sequence[str]) -> str:
    parts = ", ".join(f"'{name}=' || {name}" for name in columns)
    return f"concat_ws(', ', {parts})" if columns else "''"


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"describe finished.{table}").fetchall()}
