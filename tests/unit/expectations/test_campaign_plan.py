"""Gate 1 on the campaign plan: what is refused, with the row and the rule."""

import csv
import json
from pathlib import Path

import duckdb
import pytest

from expectations.runner import Outcome, run_suite
from expectations.suite import load_suite
from orchestration.extract.contracts import read_contract
from orchestration.settings import CONTRACTS, DBT_PROJECT

SUITE = Path(__file__).parents[3] / "expectations" / "raw" / "generic" / "campaigns.yml"
GOOD = {
    "campaign_id": "WELCOME",
    "template": "new_members_without_purchase",
    "start_date": "2026-01-01",
    "end_date": "2026-01-31",
    "priority": None,
    "channel": "douyin_sms",
    "holdout_ratio": "0.1",
    "filter": None,
    "parameters": '{"max_days": "5"}',
}
PLAN = """
create table plan as
select 'generic' as platform, 'default' as shop_id, $campaign_id as campaign_id, $template as template,
    cast($start_date as date) as start_date, cast($end_date as date) as end_date, cast($priority as bigint) as priority,
    $channel as channel, cast($holdout_ratio as decimal(9, 6)) as holdout_ratio,
    cast(null as decimal(18, 2)) as goal_amount, cast($filter as varchar) as filter, $parameters as parameters,
    timestamp '2026-01-01' as version_at,
    'file' as content_hash, cast(2 as bigint) as line_number
"""


def judged(tmp_path: Path, *rows: dict[str, object]) -> dict[str, Outcome]:
    """The rules of severity error that these rows of one file break, by name."""
    return {name: outcome for name, outcome in broken(tmp_path, *rows).items() if outcome.blocks}


def broken(tmp_path: Path, *rows: dict[str, object]) -> dict[str, Outcome]:
    """The rules of any severity that they break, by name."""
    tmp_path.mkdir(exist_ok=True)
    database = tmp_path / "plan.duckdb"
    with duckdb.connect(str(database)) as connection:
        for number, row in enumerate(rows):
            filled = GOOD | row
            statement = PLAN if number == 0 else PLAN.replace("create table plan as", "insert into plan")
            connection.execute(statement, filled)
        connection.execute("update plan set line_number = 2 + rowid")
    outcomes = run_suite(load_suite(SUITE), database, "plan")
    return {outcome.check_name.removeprefix("content__"): outcome for outcome in outcomes if not outcome.passed}


def test_a_good_plan_passes(tmp_path):
    waves = [
        {
            "campaign_id": "A",
            "template": "promotion_wave_one",
            "parameters": '{"reference_periods": "2025-06-01/2025-06-20"}',
        },
        {"campaign_id": "B", "template": "promotion_wave_two", "parameters": '{"wave_one_campaign_id": "A"}'},
        {"campaign_id": "C", "template": "annual_pack_follow_up", "parameters": '{"follow_up_days": "7; 30;"}'},
        {"campaign_id": "D", "template": "free_selection", "filter": "[]", "parameters": None},
    ]
    assert judged(tmp_path, {}, *waves) == {}


@pytest.mark.parametrize(
    ("row", "rule", "told"),
    [
        ({"template": "no_such_template"}, "a_template_is_one_of_the_catalogue", "template no_such_template"),
        ({"parameters": '{"max_dayz": "5"}'}, "a_parameter_is_one_of_its_template", "parameter max_dayz"),
        ({"parameters": '{"max_days": "five"}'}, "parameters_that_are_numbers_are_numbers", "value five"),
        ({"parameters": '{"min_days": "9", "max_days": "2"}'}, "a_window_ends_after_it_begins", "WELCOME"),
        ({"parameters": '{"max_days": "99999999999"}'}, "parameters_that_are_numbers_are_numbers", "value 99999999999"),
        ({"parameters": '{"min_days": "30"}'}, "a_window_ends_after_it_begins", "min_days 30"),
        ({"parameters": '{"max.days": "5"}'}, "a_parameter_is_one_of_its_template", "parameter max.days"),
        ({"parameters": '{"": "5"}'}, "a_parameter_is_one_of_its_template", "parameter"),
        (
            {"parameters": '{"silent_days": "30"}'},
            "a_parameter_is_one_of_its_template",
            "template new_members_without_purchase parameter silent_days",
        ),
        ({"filter": "[]"}, "a_filter_of_another_template_is_left_blank", "template new_members_without_purchase"),
        (
            {"template": "sleeping_members", "parameters": '{"tier_channel": "none"}'},
            "channels_of_a_template_are_of_the_list_of_channels",
            "channel none",
        ),
        (
            {"template": "tag_overlay", "parameters": '{"base_campaign_id": "A", "event_types": "cart;browsing"}'},
            "event_types_are_those_that_events_can_have",
            "event_type browsing",
        ),
        (
            {"template": "promotion_wave_two", "parameters": '{"wave_one_campaign_id": "WELCOME"}'},
            "a_campaign_follows_another_one",
            "WELCOME",
        ),
        (
            {"template": "vip_multi_channel", "parameters": '{"member_levels": "gold", "channels": "wecom; smss"}'},
            "channels_of_a_template_are_of_the_list_of_channels",
            "channel smss",
        ),
        ({"end_date": "2025-12-31"}, "a_campaign_ends_after_it_starts", "start_date 2026-01-01"),
        ({"holdout_ratio": "1"}, "a_holdout_leaves_somebody_to_write_to", "holdout_ratio 1.000000"),
        (
            {"template": "free_selection", "parameters": None},
            "a_parameter_without_default_is_stated",
            "parameter filter",
        ),
        ({"template": "promotion_wave_two"}, "a_parameter_without_default_is_stated", "wave_one_campaign_id"),
        (
            {"template": "promotion_wave_one", "parameters": '{"reference_periods": "2026-01-01/2026-02-01"}'},
            "reference_periods_are_first_and_last_days",
            "period 2026-01-01/2026-02-01",
        ),
        (
            {"template": "annual_pack_follow_up", "parameters": '{"follow_up_days": "30; sixty"}'},
            "follow_up_days_are_whole_numbers",
            "follow_up_days sixty",
        ),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_rule(tmp_path, row, rule, told):
    refused = judged(tmp_path, row)
    assert rule in refused
    assert "line_number 2" in refused[rule].observed
    assert told in refused[rule].observed


def test_overlapping_campaigns_of_equal_priority_are_refused(tmp_path):
    second = {"campaign_id": "SECOND", "start_date": "2026-01-31", "end_date": "2026-02-28", "priority": 3}
    told = judged(tmp_path, {"priority": 3}, second)["campaigns_of_one_time_differ_in_stated_priority"].observed
    assert "other_campaign_id WELCOME" in told


def test_a_stated_priority_that_is_the_default_of_another_campaign_is_refused(tmp_path):
    sleeping = {"campaign_id": "WAKE", "template": "sleeping_members", "parameters": None, "priority": 50}
    told = judged(tmp_path, {}, sleeping)["campaigns_of_one_time_differ_in_stated_priority"].observed
    assert "line_number 3 campaign_id WAKE other_campaign_id WELCOME priority 50" in told


def test_templates_have_priorities_of_their_own():
    """So only campaigns of one template can be equal by default."""
    with (DBT_PROJECT / "seeds" / "audience_parameters.csv").open(encoding="utf-8") as file:
        priorities = [row["default_value"] for row in csv.DictReader(file) if row["parameter"] == "priority"]
    assert len(priorities) == len(set(priorities))


def test_every_event_type_may_be_named(tmp_path):
    types = ";".join(read_contract(CONTRACTS / "generic" / "events.yml").columns["event_type"].values or ())
    overlay = {"template": "tag_overlay", "parameters": json.dumps({"base_campaign_id": "A", "event_types": types})}
    assert judged(tmp_path, overlay) == {}


def test_overlapping_campaigns_whose_priorities_are_defaults_are_told(tmp_path):
    rows = {}, {"campaign_id": "SECOND"}
    assert judged(tmp_path, *rows) == {}
    told = broken(tmp_path / "again", *rows)["campaigns_of_one_time_differ_in_priority"].observed
    assert "line_number 3 campaign_id SECOND other_campaign_id WELCOME" in told


def test_campaigns_after_one_another_may_have_one_priority(tmp_path):
    second = {"campaign_id": "SECOND", "start_date": "2026-02-01", "end_date": "2026-02-28", "priority": 3}
    assert judged(tmp_path, {"priority": 3}, second) == {}
