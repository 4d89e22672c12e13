"""What today's logic makes of the fingerprints of days, of the deliveries that are applied already.

Belongs here: whether the days that stand were built or fingerprinted by other logic, and building the fingerprints
anew, beside the live tables. Does not: what follows for a day (macros/state.sql).

Without it a change far upstream (what a sale is) would look like a change of every day's deliveries, and reported
days would be rebuilt by a run that nobody asked to do so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import duckdb

from orchestration.settings import Settings
from orchestration.transform.beside import as_written, build_beside, workspace
from orchestration.transform.plan import Plan, RebasedDay
from orchestration.transform.results import Databases, reading

# The models that have a row per day, with the fingerprint of what is made of it.
MODELS_OF_DAYS = (
    "int_days_fingerprinted",
    "int_campaign_days_fingerprinted",
    "int_list_days_fingerprinted",
    "int_months_fingerprinted",
    "sales_days",
    "sales_period_starts",
    "product_months",
)
BUILT_BY = "select distinct model, logic from finished.state.built_days where list_contains($days, day) order by all"
FINGERPRINTED_BY = "select distinct fingerprinted_by from finished.state.built_days"
COMPARING = "The logic that tells what a day is made of has changed"


def rebased_days(
    settings: Settings, plan: Plan, logic: Mapping[str, str], say: Callable[[str], object]
) -> list[RebasedDay]:
    """The fingerprints of all days by today's logic; none where the days that stand have them already."""
    if not plan.applied or not _is_outdated(settings.databases, logic):
        return []
    say(f"{COMPARING}: it is applied to the earlier deliveries first, so that only new ones make a day due.")
    with workspace(settings.beside, say) as place:
        known = as_written(plan, settings.plan)  # months are known until the last day that was asked for then
        applied = replace(known, deliveries=tuple(sorted(plan.applied)), present=frozenset(), applied=frozenset())
        models = [f"+{model}" for model in MODELS_OF_DAYS]
        build = build_beside(settings, place, applied, lambda *_: None, models)
        return list(_fingerprints(build.databases, build.manifest["nodes"].values()))


def tables_of_other_logic(databases: Databases, logic: Mapping[str, str], days: Sequence[date]) -> list[str]:
    """The tables by day that have one of these days by other logic than today's."""
    if not days or not databases["finished"].exists():
        return []
    with reading(databases) as connection:
        try:
            built = connection.execute(BUILT_BY, {"days": list(days)}).fetchall()
        except duckdb.CatalogException:  # nothing was ever built
            return []
    return sorted({model for model, made_by in built if model in logic and logic[model] != made_by})


def _is_outdated(databases: Databases, logic: Mapping[str, str]) -> bool:
    """Whether other logic than today's fingerprinted a day that stands; nobody knows of one that says nothing."""
    with reading(databases) as connection:
        try:
            made_by = {name for (name,) in connection.execute(FINGERPRINTED_BY).fetchall()}
        except duckdb.CatalogException:  # nothing was ever built
            return False
        except duckdb.BinderException:  # by a version that did not remember it
            return True
    return not made_by <= {logic.get(model) for model in MODELS_OF_DAYS}


def _fingerprints(databases: Databases, nodes: Iterable[Mapping[str, object]]) -> Iterable[RebasedDay]:
    places = {str(node["name"]): str(node["relation_name"]) for node in nodes if node["resource_type"] == "model"}
    with reading(databases) as connection:
        for model in MODELS_OF_DAYS:
            for day, fingerprint in connection.execute(f"from {places[model]}").fetchall():
                yield RebasedDay(model, day, fingerprint)
