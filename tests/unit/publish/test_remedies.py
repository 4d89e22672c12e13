"""What to do about a quarantined row: the same words on the page of a day and in the manual, for every rule."""

import inspect
import re
from pathlib import Path

from orchestration.extract import casting, filters, records
from orchestration.publish.remedies import REMEDIES, remedy_of

MANUAL = Path(__file__).parents[3] / "docs" / "contracts.md"
ROW = re.compile(r"^\| (`[a-z_0-9`, ]+`)(?: …)? \| (.+) \|$", re.MULTILINE)
OF_A_FILTER = re.compile(r"NotAFilter\(\"(filter_\w+)\"")
OF_A_VALUE = re.compile(
    r"then '([a-z]{2,}(?:_[a-z]+)+)'|\"(not_an?_\w+|id_pattern|damaged_text|unknown_word|shop_\w+_folder)\""
)


def told() -> dict[str, str]:
    """Rule → what the manual says, without its marks."""
    table = MANUAL.read_text("utf-8").partition("| Rule | What to do |")[2].partition("\n\n")[0]
    plain = {codes: re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text).replace("`", "") for codes, text in ROW.findall(table)}
    assert len(plain) == table.strip().count("\n")
    return {code: text for codes, text in plain.items() for code in re.findall(r"\w+", codes)}


def test_the_manual_says_what_the_page_says() -> None:
    assert {rule: remedy_of(rule) for rule in told()} == told()
    named = {rule.partition("_at_character_")[0] for rule in told() if not rule.startswith("before_")}
    assert named == set(REMEDIES)


def test_every_rule_has_its_remedy() -> None:
    values = {found for pair in OF_A_VALUE.findall(inspect.getsource(casting)) for found in pair if found}
    rules = {*values, *OF_A_FILTER.findall(inspect.getsource(filters)), *records.Rule.__args__}
    assert {"not_a_number", "required_value_missing", "filter_is_too_large", "misplaced_quote"} <= rules
    assert [rule for rule in rules if not remedy_of(rule)] == []
