"""The page of audience templates has a section for every one of the catalogue, with what may be stated there."""

import csv
import re

from orchestration.settings import DBT_PROJECT, PROJECT_ROOT

OF_EVERY_TEMPLATE = {"priority", "holdout_ratio", "daily_budget_amount", "coupon_link", "tier_channel", "tier_amount"}


def sections() -> dict[str, str]:
    page = (PROJECT_ROOT / "docs" / "audiences" / "templates.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL))


def catalogue() -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / "audience_parameters.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_template_has_a_section() -> None:
    assert sections().keys() == {row["template"] for row in catalogue()}


def test_a_section_tells_every_parameter_of_its_template() -> None:
    for template, section in sections().items():
        cells = re.findall(r"^\| `(.*?)` \|", section, flags=re.MULTILINE)
        told = {name for cell in cells for name in cell.split("`, `")}
        own = {row["parameter"] for row in catalogue() if row["template"] == template}
        assert own - OF_EVERY_TEMPLATE <= told, template
