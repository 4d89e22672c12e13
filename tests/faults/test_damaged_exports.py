"""Each export of the simulated brand, damaged as exports are: what is told names file, row, rule and what to do, the
books balance, and the rest of the file is loaded as if nothing had happened."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from orchestration.extract.contracts import Column, Contract, load_contracts
from orchestration.extract.landing import LandingSummary
from orchestration.privacy.keys import Keys
from orchestration.publish.remedies import remedy_of
from orchestration.settings import CONTRACTS
from tests.faults.brand_exports import Export, of_brand
from tests.faults.conftest import DAY, Deliveries

KEYS = Keys((b"a pepper for tests, of 32 letters",))
LATER = DAY + timedelta(days=1)
ELSEWHERE = {  # what the brand does not export
    ("douyin", "account_replacements"),
    *(
        ("generic", name)
        for name in ("costs", "events", "five_a_counts", "identifiers", "members", "order_lines", "points", "refunds")
    ),
}
DATASETS = sorted(load_contracts([CONTRACTS]).keys() - ELSEWHERE)
TO_DO = re.compile(r"\b([Ee]xport|[Ss]ave|[Dd]eliver|Keep|Make|[Mm]ove|Correct)\b")
NO_VALUE = {
    "money": "x1",
    "decimal": "x1",
    "ratio": "x1",
    "percent": "12",
    "integer": "1.5",
    "timestamp": "2024-13-01",
    "epoch_seconds": "1704074400000",
    "date": "2024-02-30",
    "boolean": "maybe",
}
OUTCOMES = ("loaded", "duplicate", "superseded", "quarantined", "forgotten")
TIMES = ("timestamp", "epoch_seconds", "date")


class Inbox(Deliveries):
    """Of one export; whatever comes, its books balance and its refusals are of use."""

    @property
    def contract(self) -> Contract:
        return self.contracts[self.dataset]

    def fate(self, content: bytes, name: str = "export", day=DAY) -> LandingSummary:
        self.put(name, content, day)
        summary = self.land(*{DAY, day})
        for row in self.audit.deliveries():
            assert row["rows_read"] == sum(row[f"rows_{outcome}"] for outcome in OUTCOMES)
        booked = self.audit.query("select distinct content_hash, line_number from quarantine")
        assert len(booked) == sum(row["rows_quarantined"] for row in self.audit.deliveries())
        assert all(remedy_of(str(rule)) for _, rule, _ in self.rules())
        return summary

    def refused(self, content: bytes) -> str:
        """Why; the file is named, and what to do."""
        summary = self.fate(content, "damaged")
        assert not summary.rows_loaded and not summary.lake_paths
        ((file, reason),) = summary.refused
        assert file.endswith(f"{DAY}/damaged")
        assert TO_DO.search(reason), reason
        return reason


@pytest.fixture(params=DATASETS, ids="/".join)
def forms(request, tmp_path_factory, contracts) -> Sequence[tuple[Export, Inbox]]:
    """Each form of the export, with an inbox of its own."""
    return [
        (export, Inbox(tmp_path_factory.mktemp("home"), contracts, request.param, KEYS))
        for export in of_brand()[request.param]
    ]


def test_all_that_the_brand_exports_is_damaged_here() -> None:
    assert sorted(of_brand()) == DATASETS


def test_a_file_that_is_cut_short_is_refused(forms) -> None:
    for export, inbox in forms:
        whole = export.content()
        for size in (len(whole) - 3, len(whole) * 7 // 10):
            assert re.search("cut short|damaged", inbox.refused(whole[:size]))


def test_a_required_column_that_is_missing_is_named(forms) -> None:
    for export, inbox in forms:
        for name in inbox.contract.required:
            places = export.places(inbox.contract)[name]
            header, *rows = [
                [cell for place, cell in enumerate(row) if place not in places] for row in [export.header, *export.rows]
            ]
            assert f"{name} (" in inbox.refused(export.content(header, rows))


def test_the_same_file_again_and_its_columns_in_another_order_are_duplicates(forms) -> None:
    for export, inbox in forms:
        first = inbox.fate(export.content())
        assert first.rows_loaded and not first.refused
        inbox.fate(export.content(), "again", LATER)
        last = inbox.fate(export.content(export.header[::-1], [row[::-1] for row in export.rows]), "turned", LATER)
        assert last.lake_paths == first.lake_paths
        assert [row["status"] for row in inbox.audit.deliveries()] == ["loaded", "duplicate", "duplicate"]


def test_the_headers_of_two_columns_swapped_let_no_row_in(forms) -> None:
    for export, inbox in forms:
        places, columns = export.places(inbox.contract), inbox.contract.columns
        times = [name for name in inbox.contract.required if columns[name].type in TIMES]
        others = [name for name in inbox.contract.required if columns[name].type not in TIMES]
        for one, other in zip(times, others, strict=False):
            header = list(export.header)
            a, b = places[one][0], places[other][0]
            header[a], header[b] = header[b], header[a]
            summary = inbox.fate(export.content(header))
            assert summary.rows_loaded == 0
            assert summary.refused or {one} <= {column for _, _, column in inbox.rules()}


def test_a_file_in_a_wrong_encoding_is_refused_and_in_another_good_one_a_duplicate(forms) -> None:
    for export, inbox in forms:
        if export.is_workbook:
            continue
        assert "UTF-16" in inbox.refused(export.content(encoding="utf-16"))
        if not ",".join(export.header).isascii():
            garbled = export.content(encoding="gb18030").decode("latin-1").encode()
            assert "garbled" in inbox.refused(garbled)
        first = inbox.fate(export.content(), "damaged")
        last = [inbox.fate(export.content(encoding=e), e, LATER) for e in ("utf-8", "utf-8-sig", "gb18030")][-1]
        assert last.lake_paths == first.lake_paths


def test_a_row_with_a_field_too_many_or_too_few_is_kept_out_alone(forms) -> None:
    for export, inbox in forms:
        if export.is_workbook:
            continue
        rows = [list(row) for row in export.rows]
        good = inbox.fate(export.content()).rows_read
        rows[0].append("")
        rows[-1].pop()
        summary = inbox.fate(export.content(rows=rows))
        assert summary.rows_read == good
        found = [(line, rule) for line, rule, _ in inbox.rules() if rule == "wrong_number_of_fields"]
        assert found == [(line, "wrong_number_of_fields") for line in (2, len(rows) + 1)]


def test_a_cell_that_cannot_be_read_is_named_and_keeps_out_its_row_alone(forms) -> None:
    for export, inbox in forms:
        columns = inbox.contract.loaded
        bad = {name: cell for name, column in columns.items() if (cell := unreadable(column)) is not None}
        there = [(name, places[0]) for name, places in export.places(inbox.contract).items() if name in bad]
        before = inbox.fate(export.content())
        known, expected = set(inbox.rules()), set()
        rows = [list(row) for row in export.rows]
        for number, (name, place) in enumerate(there):
            line = number % len(rows)
            rows[line][place] = bad[name]
            expected.add((line + 2, name))
        summary = inbox.fate(export.content(rows=rows))
        assert not summary.refused and summary.rows_read == before.rows_read
        assert expected <= {(line, column) for line, _, column in inbox.rules()}
        touched = {line for line, _ in expected} | {line for line, _, _ in known}
        assert {line for line, _, _ in inbox.rules()} == touched


def unreadable(column: Column) -> str | None:
    """A cell that is no value of the column; an id may be nearly anything."""
    if column.values:
        return "no such word"
    return NO_VALUE.get(column.type, "" if column.required else None)
