"""Random damage to good files: whatever is done to them, rows are accounted for and no value changes silently."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.extract.contracts import load_contracts
from orchestration.settings import CONTRACTS
from tests.faults.conftest import ORDER_COLUMNS, Deliveries, csv_text, order_rows

ALL_CONTRACTS = load_contracts([CONTRACTS])
COLUMNS = (
    "order_id, order_line_id, product_name, quantity::varchar, paid_amount::varchar, order_status, created_at::varchar"
)
FUZZ = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

nasty = st.sampled_from(
    [
        "",
        " ",
        "\t",
        "-",
        "--",
        "0",
        "-1",
        "1.005",
        "1,2",
        "1e5",
        "6.9E+18",
        "12.0",
        "'1",
        '="1"',
        '"',
        '""',
        ",",
        "\n",
        "\r",
        "\r\n",
        "¥",
        "元",
        "合计",
        "NaN",
        "Infinity",
        "null",
        "无",
        "\ufeff",
        "\u200b",
        "\ufffd",
        "１２",
        "2024-02-30",
        "2024-13-01 00:00:00",
        "12.50元",
        "99999999999999999999",
        "0x10",
        "true",
        "=1+1",
        "@x",
        "\x01",
        "\x1f",
        "'; drop table staged; --",
    ]
)
place = st.integers(0, 10_000)


def loaded(text: bytes) -> tuple[list[tuple[str, ...]], int]:
    """Lands the bytes; the rows in the lake and the number read. The books must balance."""
    with TemporaryDirectory() as folder:
        deliveries = Deliveries(Path(folder), ALL_CONTRACTS)
        deliveries.put("orders.csv", text)
        summary = deliveries.land()
        accounted = summary.rows_loaded + summary.rows_duplicate + summary.rows_superseded + summary.rows_quarantined
        assert summary.rows_read == accounted
        assert len({line for line, *_ in deliveries.rules()}) == summary.rows_quarantined
        rows = [
            row for path in summary.lake_paths for row in duckdb.read_parquet(str(path)).project(COLUMNS).fetchall()
        ]
        assert len(rows) == summary.rows_loaded
        return [tuple("" if cell is None else str(cell) for cell in row) for row in rows], summary.rows_read


@FUZZ
@given(st.lists(st.tuples(place, place, nasty | st.text(max_size=6)), min_size=1, max_size=4))
def test_a_changed_cell_touches_no_other_cell_and_no_other_row(changes) -> None:
    rows = [[str(cell) for cell in row] for row in order_rows(12)]
    touched: dict[int, set[int]] = {}
    for row, column, text in changes:
        rows[row % 12][column % 7] = text.replace("\0", "")
        touched.setdefault(row % 12, set()).add(column % 7)
    found, read = loaded(csv_text(ORDER_COLUMNS, rows).encode("utf-8", "replace"))
    if not read:
        return  # refused whole
    assert read == 12
    original = {number: tuple(str(cell) for cell in row) for number, row in enumerate(order_rows(12))}
    intact = [cells for number, cells in original.items() if number not in touched]
    assert all(cells in found for cells in intact if cells[1] not in {rows[number][1] for number in touched})
    for row in found:
        nearest = max(original.items(), key=lambda item: sum(a == b for a, b in zip(item[1], row, strict=True)))
        changed = {place for place, (a, b) in enumerate(zip(nearest[1], row, strict=True)) if a != b}
        assert changed <= touched.get(nearest[0], set())


@FUZZ
@given(
    st.lists(st.tuples(st.sampled_from(["delete", "insert", "repeat"]), place, nasty), min_size=1, max_size=3),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_damage_anywhere_in_the_text_loads_no_row_that_was_not_written(damage, encoding: str) -> None:
    text = csv_text(ORDER_COLUMNS, order_rows(12))
    for kind, where, what in damage:
        at = where % len(text)
        text = {
            "delete": text[:at] + text[at + 1 :],
            "insert": text[:at] + what + text[at:],
            "repeat": text[:at] + text[at - 9 :],
        }[kind]
    found, _ = loaded(text.encode(encoding, "replace"))
    written = text.replace('""', '"').replace(",", "").translate(str.maketrans("１２", "12"))
    for order_id, line_id, name, quantity, amount, status, created_at in found:
        texts = [
            order_id,
            line_id,
            name.replace(",", ""),
            quantity,
            amount.rstrip("0").rstrip("."),
            status,
            created_at[:10],
        ]
        assert all(text in written for text in texts)


@FUZZ
@given(st.binary(max_size=300), place)
def test_bytes_written_over_a_file_never_crash_the_reader(noise: bytes, where: int) -> None:
    content = csv_text(ORDER_COLUMNS, order_rows(12)).encode()
    at = where % len(content)
    loaded(content[:at] + noise + content[at + len(noise) :])
