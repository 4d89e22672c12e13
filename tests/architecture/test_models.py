"""The house rules of dbt_project, read from dbt's manifest and from the compiled SQL."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"

MAY_READ = {
    "staging": {"source", "seed"},
    "intermediate": {"staging", "intermediate", "source", "seed"},
    "marts": {"staging", "intermediate", "marts", "seed"},
    "outputs": {"intermediate", "marts", "outputs", "seed"},
}
NAMES = {
    "staging": r"stg_[a-z]+__[a-z_]+",
    "intermediate": r"int_[a-z_]+_"
    r"(unioned|matched|valued|assembled|fingerprinted|touched|proposed|merged|classified|deepened|activated|"
    r"judged|clustered|resolved|regrouped|identified|dated|moved)",
    "marts": r"[a-z_]+",
    "outputs": r"(audience__|kpi__)[a-z_]+|"
    r"audience_(base_candidates|candidates|decisions|entries|forecast|members|ordered_lines|parcel_notes|parcels|touches|"
    r"admissions|consents|guides|judgements|merged_draws|reach|restraints|routes|ways)|response_(cells|figures)|"
    r"sales_(comparisons|figures)",
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """dbt's manifest with compiled SQL, without a warehouse."""
    target = tmp_path_factory.mktemp("target")
    subprocess.run(
        [
            Path(sys.executable).with_name("dbt"), "--quiet", "compile", "--no-introspect",
            "--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", target, "--log-path", target,
        ],
        check=True,
        env={**os.environ, "SIYU_WAREHOUSE": ":memory:"},
    )  # fmt: skip
    return json.loads((target / "manifest.json").read_text())


@pytest.fixture(scope="module")
def models(compiled):
    return {node["name"]: node for node in compiled["nodes"].values() if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def trees(models):
    """The syntax tree of every model that is SQL."""
    return {
        name: sqlglot.parse_one(model["compiled_code"], dialect="duckdb")
        for name, model in models.items()
        if model["language"] == "sql"
    }


def _layer(node):
    return node["path"].split("/")[0] if node["resource_type"] == "model" else node["resource_type"]


def _is_kept(node):
    return node["config"]["materialized"] != "ephemeral"


def test_layers_read_only_what_their_charter_allows(compiled, models):
    nodes = compiled["nodes"] | compiled["sources"]
    wrong = [
        f"{name} reads {nodes[parent]['name']}"
        for name, model in models.items()
        for parent in model["depends_on"]["nodes"]
        if _layer(nodes[parent]) not in MAY_READ[_layer(model)]
    ]
    assert not wrong


def test_staging_is_the_only_reader_of_raw(compiled, models):
    wrong = [
        f"{name} reads {parent}"
        for name, model in models.items()
        for parent in model["depends_on"]["nodes"]
        if parent.startswith("source.") and ".plan." not in parent and _layer(model) != "staging"
    ]
    assert not wrong


def test_every_model_has_a_twin_yaml_that_describes_every_column(models):
    for name, model in models.items():
        twin = (PROJECT / model["original_file_path"]).with_suffix(".yml")
        assert twin.exists(), f"{name} has no {twin.name}"
        [described] = yaml.safe_load(twin.read_text())["models"]
        assert described["name"] == name
        assert described["description"].startswith("One row per "), name
        assert all(column.get("description") for column in described["columns"]), name


def test_every_model_begins_with_its_grain(models):
    for name, model in models.items():
        assert model["raw_code"].startswith(("-- One row per ", "# One row per ")), (
            f"{name} does not say its grain in its first line"
        )


def test_every_model_tests_its_key(compiled, models):
    tested = {
        node["attached_node"]
        for node in compiled["nodes"].values()
        if node["resource_type"] == "test" and node.get("test_metadata", {}).get("name") == "unique_combination"
    }
    # What the templates propose is gathered in `audience_decisions`, and what is not kept in the table that it is part
    # of, which tests the key of it all: a second row on the way would be a second decision, or a second response.
    gathered = {name for name, model in models.items() if name.startswith("audience__") or not _is_kept(model)} | {
        "audience_candidates",
        "audience_base_candidates",
    }
    assert not [n for n, model in models.items() if model["unique_id"] not in tested and n not in gathered]


def test_what_is_not_kept_is_asked_on_the_way_to_one_table(compiled, models):
    """What is of a block of days knows it from the session, where it stands while a table of lists is built alone."""

    def tables(passing):
        readers = [n for n in compiled["nodes"].values() if passing["unique_id"] in n["depends_on"].get("nodes", [])]
        return {table for node in readers for table in ({node["name"]} if _is_kept(node) else tables(node))}

    passing = {name: tables(model) for name, model in models.items() if not _is_kept(model)}
    assert all(len(of) == 1 for of in passing.values()), passing
    blocks = [of for name, of in passing.items() if "is_in_block(" in models[name]["raw_code"]]
    assert set().union(*blocks) == {"audience_decisions", "audience_members"}


def test_every_template_is_gathered_where_others_can_build_on_it(models):
    def read_by(name):
        return {parent.split(".")[-1] for parent in models[name]["depends_on"]["nodes"]}

    base = "audience_base_candidates"
    building = {name for name in models if name.startswith("audience__") and base in read_by(name)}
    assert {name for name in models if name.startswith("audience__")} - building == read_by(base)
    assert read_by("audience_candidates") == building | {base}


def test_everything_published_has_a_chinese_name(models):
    names = set(re.findall(r"^ +'([a-z0-9_]+)': '", (PROJECT / "macros" / "chinese_names.sql").read_text(), re.M))
    published = {
        name: model for name, model in models.items() if _layer(model) in ("marts", "outputs") and _is_kept(model)
    }
    missing = set(published).union(*(model["columns"] for model in published.values())) - names
    assert not missing, f"add to macros/chinese_names.sql: {', '.join(sorted(missing))}"


def test_names_follow_the_grammar(models):
    wrong = [name for name, model in models.items() if not re.fullmatch(NAMES[_layer(model)], name)]
    assert not wrong


def test_marts_and_outputs_have_enforced_contracts(models):
    """dbt knows contracts for SQL alone; a model in Python states the schema of the table it returns."""
    firm = [
        model["contract"]["enforced"] if model["language"] == "sql" else "schema=SCHEMA" in model["raw_code"]
        for model in models.values()
        if _layer(model) in ("marts", "outputs") and _is_kept(model)
    ]
    assert all(firm)


def test_raw_sources_carry_no_data_tests(compiled):
    assert not [
        node["name"]
        for node in compiled["nodes"].values()
        if node["resource_type"] == "test"
        and any(parent.startswith("source.") for parent in node["depends_on"]["nodes"])
    ]


CLOCK = {"current_date", "current_timestamp", "now", "today", "getdate", "localtimestamp"}
ONE_ENGINE = (exp.Qualify, exp.Lambda, exp.GenerateSeries)


def test_sql_is_plain_enough_for_two_engines(trees):
    """What DuckDB and Spark do not share is refused outside macros; no model reads the clock or sorts its rows."""
    for name, tree in trees.items():
        odd = [type(node).__name__ for node in tree.find_all(*ONE_ENGINE)]
        odd += ["* exclude" for star in tree.find_all(exp.Star) if star.args.get("except_") or star.args.get("except")]
        odd += ["asof join" for join in tree.find_all(exp.Join) if str(join.args.get("method", "")).lower() == "asof"]
        odd += ["using" for join in tree.find_all(exp.Join) if join.args.get("using")]
        odd += [str(f.this) for f in tree.find_all(exp.Anonymous) if str(f.this).lower() in CLOCK]
        odd += [type(f).__name__ for f in tree.find_all(exp.CurrentDate, exp.CurrentTimestamp)]
        odd += ["order by of the result"] if tree.args.get("order") else []
        assert not odd, f"{name}: {odd}"


def test_every_row_number_breaks_its_ties(trees):
    """A window that picks one row must order by something unique: by at least two columns, or by the key alone."""
    for name, tree in trees.items():
        for window in tree.find_all(exp.Window):
            if isinstance(window.this, exp.RowNumber):
                assert len(window.args["order"].expressions) > 1, f"{name}: {window.sql()}"
