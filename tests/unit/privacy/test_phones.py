"""Every spelling of a number is one number; what only looks like one is none."""

import pytest

from orchestration.privacy.phones import mainland_number, mainland_numbers


@pytest.mark.parametrize(
    "text",
    [
        "13900001234",
        "+86 139-0000-1234",
        "86-13900001234",
        "008613900001234",
        "'13900001234",
        '="13900001234"',
        "１３９００００１２３４",
        " 139 0000 1234\t",
        "(+86)13900001234",
        "13900001234.0",
    ],
)
def test_a_number_has_one_spelling(text: str) -> None:
    assert mainland_number(text) == "13900001234"


@pytest.mark.parametrize(
    "text",
    [
        "139****1234",
        "1******6198",
        "18400913965-7576",
        "18400913965转7576",
        "##Y2FuYXJ5MDAwMQ==",
        "$$Y2FuYXJ5MDAwMg==",
        "dGhpcyBpcyBhIGxvbmcgY2lwaGVydGV4dA==",
        "010-88886666",
        "12345678901",
        "10000000000",
        "+1 202 555 0100",
        "0013900001234",
        "139000012345",
        "13800000000",
        "+86 188 8888 8888",
        "13800138000",
        "无",
        "",
    ],
)
def test_what_joins_nobody_is_no_number(text: str) -> None:
    assert mainland_number(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("139 0000 1234", ["13900001234"]),
        ("13900001234；+86 139-0000-1235、139****1236, 13900001234", ["13900001234", "13900001235"]),
        ('["13900001234","13900001235"]', ["13900001234", "13900001235"]),
        ("13900001234 13900001235", []),
        ("", []),
    ],
)
def test_a_cell_may_name_several_numbers(text: str, numbers: list[str]) -> None:
    assert mainland_numbers(text) == numbers
