"""Decorations go, values stay."""

import pyarrow as pa

from orchestration.extract.cleaning import clean
from orchestration.extract.contracts import Column


def cleaned(kind: str, *texts: str | None, **options: object) -> list[str | None]:
    column = Column.model_validate({"header": ["x"], "type": kind, **options})
    return clean(pa.array(texts, pa.string()), column).to_pylist()


def test_blanks_and_null_words_go() -> None:
    assert cleaned("text", " a\u3000b\t", "-", "--", "无", "NULL", "", " ", None, "无糖") == [
        "a b".replace(" ", "\u3000"),
        *[None] * 7,
        "无糖",
    ]


def test_words_of_the_contract_mean_no_value() -> None:
    assert cleaned("money", "无退款申请", "1.00", null_words=["无退款申请"]) == [None, "1.00"]


def test_wrapped_ids_are_unwrapped_once() -> None:
    assert cleaned("id", '="123"', "'123", "\t123\t", "''1", "O'Neil", '="', "１２") == [
        "123",
        "123",
        "123",
        "'1",
        "O'Neil",
        '="',
        "12",
    ]


def test_currency_and_units_go_only_where_they_belong() -> None:
    assert cleaned("money", "¥1", "￥ 2", "-¥3", "4元", "元5", "6 元") == ["1", "2", "-3", "4", "元5", "6"]
    assert cleaned("integer", "3 pcs", "3", suffixes=["pcs"]) == ["3", "3"]


def test_text_keeps_its_width_and_its_apostrophe() -> None:
    assert cleaned("text", "'ＡＢ¥") == ["'ＡＢ¥"]


def test_a_dictionary_is_cleaned_as_its_values_are() -> None:
    texts = pa.array([" 面霜", "无", "￥１", "面霜"])
    for kind in ("text", "id", "money"):
        column = Column.model_validate({"header": ["x"], "type": kind})
        assert clean(texts.dictionary_encode(), column).to_pylist() == clean(texts, column).to_pylist()
