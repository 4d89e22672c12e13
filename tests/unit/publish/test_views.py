"""Views of the catalogue: dbt writes them for its own name of the database, readers open the file under theirs."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import Audit
from orchestration.publish.catalogue import publish_catalogue
from tests.unit.publish.fake_warehouse import read

VIEW = "marts.daily"
QUERY = """
create view finished.marts.totals as select campaign_id, n, said from finished.marts.daily where n > 0;
create or replace view "finished"."marts"."daily" as (
    with decisions as (select * from "finished"."outputs"."audience_decisions")
    select decisions.campaign_id, count(*) filter (where arm is not null) as n, 'finished.marts.x' as said
    from decisions where decisions.campaign_id in (select campaign_id from "finished"."marts"."campaigns")
    group by all
);
comment on view finished.marts.daily is 'One row per campaign; the shop''s.';
comment on column finished.marts.daily.n is 'customers';
"""
EXPECTED = [("spring", 3, "finished.marts.x")]


@pytest.fixture
def with_views(warehouse: Path) -> Path:
    """As dbt leaves them; the first one reads the second."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as finished")
        connection.execute("create view finished.marts.daily as select null as campaign_id, 1 as n, null as said")
        connection.execute(QUERY)
    return warehouse


def test_a_view_is_read_from_the_file_itself_and_under_any_name(
    with_views: Path, audit: Audit, catalogue: Path
) -> None:
    publish_catalogue(with_views, audit, catalogue)
    assert read(catalogue, f"from {VIEW}") == read(catalogue, "from marts.totals") == EXPECTED
    with duckdb.connect(str(catalogue), read_only=True) as reader:
        assert reader.execute(f"from {VIEW}").fetchall() == EXPECTED
    with duckdb.connect() as reader:
        reader.execute("create schema marts; create table marts.campaigns as select 'other' as campaign_id")
        reader.execute(f"""attach '{catalogue}' as "shop's data" (read_only)""")
        for name in (VIEW, "marts.totals"):
            assert reader.execute(f"""from "shop's data".{name}""").fetchall() == EXPECTED


def test_a_view_keeps_its_comments_and_is_not_counted(with_views: Path, audit: Audit, catalogue: Path) -> None:
    published = {table.full_name: table for table in publish_catalogue(with_views, audit, catalogue)}
    assert (published[VIEW].row_count, published["marts.campaigns"].row_count) == (None, 2)
    assert read(catalogue, "select comment from duckdb_views() where view_name = 'daily'") == [
        ("One row per campaign; the shop's.",)
    ]
    assert read(
        catalogue, "select comment from duckdb_columns() where table_name = 'daily' and comment is not null"
    ) == [("customers",)]


def test_another_query_is_another_version(
    with_views: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    before = {table.full_name: table.fingerprint for table in publish_catalogue(with_views, audit, catalogue)}
    change("create or replace view marts.totals as select campaign_id, n, said from finished.marts.daily where n > 9")
    after = {table.full_name: table.fingerprint for table in publish_catalogue(with_views, audit, catalogue)}
    assert [name for name in before if before[name] != after[name]] == ["marts.totals"]
    assert read(catalogue, "from marts.totals") == []


def test_a_blocked_view_keeps_its_rows_as_a_table(
    with_views: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    publish_catalogue(with_views, audit, catalogue)
    change("delete from outputs.audience_decisions")
    held = [table for table in publish_catalogue(with_views, audit, catalogue, {VIEW}) if table.is_held]
    assert [(table.full_name, table.row_count) for table in held] == [(VIEW, 1)]
    assert read(catalogue, f"from {VIEW}") == read(catalogue, "from marts.totals") == EXPECTED
    assert read(catalogue, "select comment from duckdb_tables() where table_name = 'daily'")[0][0] is not None
    publish_catalogue(with_views, audit, catalogue)
    assert read(catalogue, f"from {VIEW}") == []


def test_a_view_over_a_table_that_was_never_published_stays_out(
    with_views: Path, audit: Audit, catalogue: Path
) -> None:
    published = publish_catalogue(with_views, audit, catalogue, {"outputs.audience_decisions"})
    assert not {VIEW, "marts.totals"} & {table.full_name for table in published}


def test_a_view_over_another_database_cannot_be_published(warehouse: Path, audit: Audit, catalogue: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as finished; attach ':memory:' as warehouse")
        connection.execute("create table warehouse.main.t as select 1")
        connection.execute("create view finished.marts.v as from warehouse.main.t")
    with pytest.raises(duckdb.BinderException, match="warehouse"):
        publish_catalogue(warehouse, audit, catalogue)
    assert not catalogue.exists()
