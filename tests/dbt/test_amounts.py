"""What a thing costs, per order or per person, is the quotient to the fen that one finds by hand."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import jinja2

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "ratio.sql"
FEN = Decimal("0.01")


def test_an_amount_per_order_is_exact_to_the_fen_and_half_a_fen_goes_up():
    macros = jinja2.Environment().from_string(MACROS.read_text()).make_module().__dict__
    per_order = macros["yuan"](macros["ratio"]("amount", "orders")).strip()
    amounts = "select fen::decimal(18, 2) / 100 as amount from range(-2000, 60000, 7) as fens (fen)"
    found = duckdb.sql(f"""
        select amount::decimal(18, 2) as amount, orders, {per_order} as per_order
        from ({amounts}) cross join range(9) as counts (orders)
    """).fetchall()
    assert {told for _, orders, told in found if orders == 0} == {None}
    wrong = [
        (amount, orders, told)
        for amount, orders, told in found
        if orders and told != (amount / orders).quantize(FEN, ROUND_HALF_UP)
    ]
    assert wrong == []
