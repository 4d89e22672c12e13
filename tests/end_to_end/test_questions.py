"""What people ask of an installation is answered from what is published: who is on a list and why, how large one will
be, and every query of the documents."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Installation
from tests.end_to_end.conftest import FIRST_DAY, LAST_DAY, span

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
WELCOME = f"WELCOME-{LAST_DAY.year}"
OF_THE_DAY = ("--day", str(LAST_DAY))
SKIPPED = LAST_DAY - timedelta(days=1)  # nothing was delivered, and nobody asked for it


@pytest.fixture(scope="module")
def shop(delivered) -> Installation:
    installation: Installation = delivered()
    for folder in installation.home.glob(f"inbox/*/*/{SKIPPED}"):
        shutil.rmtree(folder)
    installation.siyu(*span(FIRST_DAY, SKIPPED - timedelta(days=1)))
    installation.siyu("run", *OF_THE_DAY)
    return installation


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language in the pages for users."""
    pages = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    fence = re.compile(rf"^```{language}\n(.+?)^```", re.MULTILINE | re.DOTALL)
    return [block for page in pages for block in fence.findall(page.read_text(encoding="utf-8"))]


def words(text: str) -> list[list[str]]:
    """The cells of the tables that a command printed, a list a line."""
    return [[cell.strip() for cell in re.split(r"\s{2,}|\|", line.strip())] for line in text.splitlines()]


def decided(shop: Installation, columns: str, where: str = "true") -> list[tuple[object, ...]]:
    return shop.rows(f"""select {columns} from outputs.audience_decisions
        where campaign_id = '{WELCOME}' and as_of_date = '{LAST_DAY}' and {where} order by all""")


def test_every_campaign_is_listed_with_the_sizes_of_its_last_list(shop):
    told = words(shop.siyu("audience", "list"))
    sizes = shop.rows(f"""
        select campaign_id, count(*), count(*) filter (where arm = 'treatment') from outputs.audience_decisions
        where as_of_date = '{LAST_DAY}' group by campaign_id""")
    assert len(sizes) > 5
    for campaign, *counts in sizes:
        [row] = [cells for cells in told if campaign in cells]
        assert {str(LAST_DAY), *map(str, counts)} <= set(row)


def test_a_preview_counts_every_candidate(shop):
    told = words(shop.siyu("audience", "preview", WELCOME, *OF_THE_DAY))
    counts = decided(shop, "coalesce('out: ' || suppressed_reason, 'in: ' || arm), count(*)", "true group by 1")
    assert len(counts) > 2
    assert [True for cells in told for decision, count in counts if cells[:2] == [decision, str(count)]] == [
        True
    ] * len(counts)


@pytest.mark.parametrize("outcome", ["in: treatment", "in: control", "out: "])
def test_a_customer_is_told_the_decision_the_rule_and_what_was_handed_out(outcome, shop):
    (campaign, key, decision), *_ = shop.rows(f"""
        select campaign_id, customer_key, coalesce('out: ' || suppressed_reason, 'in: ' || arm) as decision
        from outputs.audience_decisions where as_of_date = '{LAST_DAY}' and decision like '{outcome}%' order by all""")
    told = shop.siyu("audience", "explain", str(campaign), *OF_THE_DAY, "--customer", str(key))
    rules = {cells[0]: cells[1] for cells in words(told) if len(cells) > 2}
    assert str(decision) in told
    assert [rule for rule, verdict in rules.items() if verdict == "out"] == re.findall("^out: (.+)", str(decision))
    [handed_out] = [cells for cells in words(told) if cells[0] == "delivered"]
    assert handed_out[-1].lower() == str(outcome == "in: treatment").lower()


def test_who_is_no_candidate_is_told_so(shop):
    [[key]] = shop.rows(f"""select min(customer_key) from marts.customers where customer_key not in
        (select customer_key from outputs.audience_decisions where campaign_id = '{WELCOME}')""")
    told = shop.siyu("audience", "explain", WELCOME, *OF_THE_DAY, "--customer", str(key))
    assert f"Customer {key} was no candidate of {WELCOME}" in told


def test_a_preview_of_a_day_that_was_not_run_is_what_its_run_decides(shop):
    preview = ("audience", "preview", WELCOME, "--day", str(SKIPPED))
    told, _, remedy = shop.siyu(*preview).rpartition(f"\n{SKIPPED} was not run")
    assert f"Next: siyu run --day {SKIPPED}" in remedy
    assert not (shop.home / "published" / "audiences" / WELCOME / str(SKIPPED)).exists()
    shop.siyu(*span(SKIPPED, LAST_DAY))
    decisions = shop.siyu(*preview)
    assert "in: treatment" in decisions and told.endswith(decisions)


@pytest.mark.parametrize("query", [query for block in blocks("sql") for query in block.split(";") if query.strip()])
def test_a_query_of_the_documents_has_an_answer(query, shop):
    assert shop.rows(query)


@pytest.mark.parametrize("example", [example for example in blocks("python") if "siyu.duckdb" in example])
def test_an_example_in_python_reads_the_catalogue(example, shop, monkeypatch):
    for path in ("/path/to/siyu.duckdb", "instance/published/siyu.duckdb"):
        example = example.replace(path, str(shop.catalogue))
    monkeypatch.chdir(shop.home)
    exec(example, {"duckdb": duckdb})
