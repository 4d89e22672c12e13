"""What a suite file may say, and what it is told when it says something else."""

from pathlib import Path

import pytest
import yaml

from expectations.suite import Suite, load_suite

RULE = {"name": "id_is_unique", "expect": "ExpectColumnValuesToBeUnique", "with": {"column": "id"}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("shape: [{name: id_is_unique, expect: ExpectColumnValuesToBeUnique, sevrity: error}]", "sevrity"),
        ("extra: []", "extra"),
        ("shape: [{name: NotASentence, query: 'select 1 from {batch}'}]", "NotASentence|pattern"),
        ("shape: [{name: says_both, expect: ExpectColumnToExist, query: 'select 1 from {batch}'}]", "says_both"),
        ("shape: [{name: says_nothing}]", "says_nothing"),
        ("content: [{name: reads_elsewhere, query: 'select 1 from orders'}]", "reads_elsewhere"),
        ("shape: [{name: evil_name, expect: __import__}]", "expect"),
        ("shape: [", "expected"),
    ],
)
def test_a_word_that_is_not_known_is_refused_with_the_file(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "suite.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint) as refused:
        load_suite(file)
    assert str(file) in str(refused.value)


def test_two_rules_of_a_group_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="shape__id_is_unique"):
        Suite.model_validate({"shape": [RULE, RULE]})


def test_a_rule_says_what_it_expects_in_words() -> None:
    rules = [
        {**RULE, "expect": "ExpectCompoundColumnsToBeUnique", "with": {"column_list": ["a", "b"]}},
        {**RULE, "name": "x_y"},
    ]
    expected = [rule.expected for _, rule in Suite.model_validate({"shape": rules}).rules()]
    assert expected == ["compound columns to be unique: column list (a, b)", "id values to be unique"]


ROOT = Path(__file__).parents[3]
CONTRACTS = ROOT / "orchestration" / "extract" / "contracts"
ADDED = {"platform", "shop_id", "version_at", "content_hash", "line_number", "line_position", "parameters"}


@pytest.mark.parametrize(
    "contract", sorted(CONTRACTS.glob("*/*.yml")), ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_gate_1_asks_for_the_columns_of_the_contract(contract: Path) -> None:
    columns = yaml.safe_load(contract.read_text(encoding="utf-8"))["columns"]
    kept = {name for name, column in columns.items() if column.get("personal") != "drop"}
    suite = load_suite(ROOT / "expectations" / "raw" / contract.parent.name / contract.name)
    demanded = set(suite.shape[0].arguments["column_set"])
    assert kept <= demanded <= kept | ADDED
