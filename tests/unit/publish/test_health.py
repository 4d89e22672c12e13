"""The health part of a day's page: what it says of figures counted by hand, and of those that are missing."""

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import Audit
from orchestration.publish.catalogue import PublishedTable
from orchestration.publish.health.blocks import change, growth, money, percent, signed
from orchestration.publish.health.page import DRAWN_DAYS, TOPICS, Health, read_health
from orchestration.publish.report import Publication, write_reports
from tests.unit.publish.health_catalogue import DAY, TABLES, write_catalogue


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "brand" / "siyu.duckdb")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of words need no charts, which take their time."""
    monkeypatch.setattr("orchestration.publish.health.charts.bars", lambda *_: "")


def page(audit: Audit, folder: Path, catalogue: Path | None, day: date = DAY) -> str:
    write_reports([day], audit, Publication((), (), catalogue), folder)
    return (folder / "reports" / day.isoformat() / "index.html").read_text(encoding="utf-8")


def words(html: str) -> str:
    """What a reader sees of a page, blanks made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def section(health: Health, key: str) -> str:
    return repr(next(one for one in health.sections if one.key == key)).replace("\\xa0", " ")


def test_numbers_are_written_to_the_cent_and_with_their_sign() -> None:
    assert (money(12300), money(-0.5), money(None)) == ("¥12,300.00", "−¥0.50", "–")
    assert (percent(0.6149), percent(None), change(0.08), change(-0.5)) == (
        "61.5\u00a0%",
        "–",
        "+8.0\u00a0%",
        "−50.0\u00a0%",
    )
    assert (signed(1200), signed(-3), signed(0)) == ("+1,200", "−3", "0")


@pytest.mark.parametrize("before", [None, {"amount": None}, {"amount": 0}, {"amount": -5}])
def test_nothing_grows_from_what_is_unknown_or_not_positive(before: dict[str, int | None] | None) -> None:
    assert growth({"amount": 5}, before, "amount") is None


@pytest.mark.usefixtures("undrawn")
def test_the_page_leads_with_the_day_the_week_before_and_the_goal(audit: Audit, published: Path, brand: Path) -> None:
    """1,350.50 net on Monday (1,300 − 50 + 100.50) after 1,000.40 a week before: +35.0 %."""
    said = words(page(audit, published, brand))
    assert "Net sales ¥1,350.50, +35.0 % on the same day a week before; spring at 61.0 % of its goal" in said
    assert "净销售额 ¥1,350.50，较上周同日 +35.0 %；spring 达成目标的 61.0 %" in said


@pytest.mark.usefixtures("undrawn")
def test_every_section_says_its_figures(brand: Path) -> None:
    health = read_health(brand, (), [DAY])[DAY]
    expected = {
        "sales": ("¥1,360.50", "only 3 of them are known", "4.9 %", "pos / c"),  # 70 of 1,430.50 came back
        "fast": ("10 customers are in reach (F), +25.0 % on 30 days before", "2 of 8 who had a state", "3 loyal (L)"),
        "flows": (
            "6 moves between states went up and 1 down; 2 led to loyal, 1 to none",
            "Moves on 2 of 30 days",
            "'', '0', '4'",
        ),
        "domain": (
            "30 people have a relationship with the brand, +50.0 % on 30",
            "60.0 % of 5 buyers",
            "no feed tells",
        ),
        "members": ("2 joined and 1 left", "3.00 ×", "¥300.00 a member, ¥100.00 others", "85.7 %"),
        "rfm": (
            "1 of 3 buyers of a year are important (33.3 %)",
            "1 of the others became so",
            "1 fell out",
            "up to 10 d",
        ),
        "influencers": ("2 influencers brought ¥400.00 net", "60.0 % of what <script>alert(1)</script> sold", "12.8 %"),
        "campaigns": ("¥610.00 net of ¥1,000.00", "+15.0 (−6.0 … +31.0)", "no difference that is sure", "30 …"),
        "audiences": ("The lists of 1 campaign hold 2 contacts, with 1 kept as control and 1 left out", "opted out"),
        "reconciliation": (
            "3 of 4 figures of 28 days agree",
            "Beyond the tolerance: Paid of douyin / a on 1 of 28 days",
            "'2', '¥2,300.40', '¥2,503.40', '−¥203.00', '−¥200.00', '−8.0 %'",
            "'1', '3', '4', '−1', '0'",
            "'1', '50', '52', '−2', '−2', '−3.8 %'",
        ),
        "coverage": ("Due, but not delivered: tmall/orders.", "95.0 %"),
    }
    assert [one.key for one in health.sections] == list(expected)
    for key, sentences in expected.items():
        for sentence in sentences:
            assert sentence in section(health, key)


@pytest.mark.usefixtures("undrawn")
def test_what_needs_a_look_comes_first(brand: Path) -> None:
    health = read_health(brand, (), [DAY])[DAY]
    told = [(sentence.key, sentence.is_alert) for sentence in health.sentences]
    assert told == [
        ("influencers", True),
        ("reconciliation", True),
        ("coverage", True),
        ("sales", False),
        ("fast", False),
    ]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("table", [name for name in TABLES if name != "marts.campaigns"])
def test_a_table_that_is_not_there_is_a_reason_and_never_zero(
    audit: Audit, published: Path, tmp_path: Path, table: str
) -> None:
    catalogue = write_catalogue(tmp_path / "held" / "siyu.duckdb", frozenset({table}))
    health = read_health(catalogue, (), [DAY])[DAY]
    silent = {one.key for one in health.sections if any("is not published" in note.en for note in one.notes)}
    assert silent == {topic.key for topic in TOPICS if table in topic.tables}
    assert f"{table}" in words(page(audit, published, catalogue))
    assert not any(one.cards or one.tables for one in health.sections if one.key in silent)


@pytest.mark.usefixtures("undrawn")
def test_a_table_of_an_earlier_version_and_a_held_one_are_told(brand: Path) -> None:
    with duckdb.connect(str(brand)) as connection:
        connection.execute("alter table outputs.kpi__fast_daily drop column thriving_ratio")
    held = [PublishedTable("outputs", "kpi__sales_daily", 1, "f", True)]
    health = read_health(brand, held, [DAY])[DAY]
    assert "kept its last good version" in section(health, "sales")
    assert "was published by an earlier version" in section(health, "fast")


@pytest.mark.usefixtures("undrawn")
def test_a_day_that_no_feed_speaks_of_says_so(brand: Path) -> None:
    day = DAY + timedelta(days=400)
    health = read_health(brand, (), [day])[day]
    assert health.headline is not None and "No sale of 10 Jun is known" in health.headline.en
    for one in health.sections:
        assert "¥0.00" not in repr(one) and (one.notes or one.key in {"sales", "coverage"})
    assert "measured as of 2024-05-06" in section(health, "campaigns")


@pytest.mark.usefixtures("undrawn")
def test_a_return_and_a_goal_that_are_unknown_stand_beside_what_lacks(brand: Path) -> None:
    with duckdb.connect(str(brand)) as connection:
        connection.execute("""update outputs.kpi__campaign_response
            set roi = null, total_cost_amount = null, goal_ratio = null, goal_amount = null,
                missing_feeds = 'costs, goal'""")
    said = section(read_health(brand, (), [DAY])[DAY], "campaigns")
    assert "'–', '–', '–', '–', Words(en='costs, goal', zh='成本、目标')" in said


@pytest.mark.usefixtures("undrawn")
def test_a_growth_that_is_unknown_stands_beside_its_reason(brand: Path) -> None:
    """Of the seven days of the brand three are known; where all are, of the seven before."""
    said = section(read_health(brand, (), [DAY])[DAY], "sales")
    assert "not compared: 3 of the 7 days are known" in said and "无法比较：7 天中仅 3 天有数" in said
    with duckdb.connect(str(brand)) as connection:
        for age in range(7):
            connection.execute(
                "insert into outputs.kpi__sales_daily select * replace (business_date - ? as business_date) "
                "from outputs.kpi__sales_daily where business_date = ? limit 1",
                [age, DAY],
            )
    said = section(read_health(brand, (), [DAY])[DAY], "sales")
    assert "of the 7 days before are known" in said and "无法比较：前 7 天中仅" in said


@pytest.mark.usefixtures("undrawn")
def test_refunds_that_no_feed_tells_of_are_unknown_and_no_share_of_what_they_are_unknown_of(brand: Path) -> None:
    """70 of 1,430.50 came back; without what the till took, 70 of 1,420.50; without Douyin, 20 of 120.50."""

    def said_without(platform: str) -> str:
        with duckdb.connect(str(brand)) as connection:
            connection.execute(
                "update outputs.kpi__sales_daily set refunded_amount = null where platform = ?", [platform]
            )
        return section(read_health(brand, (), [DAY])[DAY], "sales")

    assert "¥70.00 of ¥1,420.50, still growing" in said_without("pos")
    assert "¥20.00 of ¥120.50, still growing" in said_without("douyin")
    unknown = said_without("tmall")
    assert "what came back is not known" in unknown and "no feed tells of refunds" in unknown


@pytest.mark.usefixtures("undrawn")
def test_no_trend_is_drawn_across_a_change_of_feeds(brand: Path) -> None:
    with duckdb.connect(str(brand)) as connection:
        connection.execute("update outputs.kpi__fast_daily set is_comparable = false")
    said = section(read_health(brand, (), [DAY])[DAY], "fast")
    assert "+25.0 %" not in said and "The feeds were others 30 days before" in said


def test_no_chart_of_states_goes_across_a_change_of_feeds(brand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days are known; a feed that begins between them leaves the later one, in bars of three states."""
    drawn: list[list[date]] = []
    monkeypatch.setattr("orchestration.publish.health.charts.bars", lambda points, *_: drawn.append(points) or "")

    def days_of_states() -> set[date]:
        drawn.clear()
        read_health(brand, (), [DAY])
        [points] = [points for points in drawn if any(part == "loyal" for _, part, _ in points)]
        return {day for day, _, _ in points}

    assert days_of_states() == {DAY - timedelta(days=30), DAY}
    with duckdb.connect(str(brand)) as connection:
        connection.execute("insert into marts.feeds values ('members', 'tmall', '2024-05-01', null)")
        connection.execute("insert into marts.feeds values ('groups', 'wecom', '2024-05-06', null)")
    assert days_of_states() == {DAY}
    with duckdb.connect(str(brand)) as connection:
        connection.execute("update marts.feeds set begun_date = '2024-04-06' where platform = 'tmall'")
    assert days_of_states() == {DAY - timedelta(days=30), DAY}
    with duckdb.connect(str(brand)) as connection:
        connection.execute("update marts.feeds set ended_date = '2024-04-20' where platform = 'tmall'")
    assert days_of_states() == {DAY}


@pytest.mark.usefixtures("undrawn")
def test_no_way_between_states_leads_across_a_change_of_feeds(brand: Path) -> None:
    """Three moved up and one left on the 5th, three moved up on the 6th; a feed begins long before, or then."""
    told = {}
    for begun in ("2024-04-06", "2024-05-05", "2024-05-06"):
        with duckdb.connect(str(brand)) as connection:
            connection.execute("insert into marts.feeds values ('members', 'tmall', ?, null)", [begun])
        told[begun] = section(read_health(brand, (), [DAY])[DAY], "flows")
    assert "On 2 of 30 days 6 moves" in told["2024-04-06"] and "A feed" not in told["2024-04-06"]
    assert "On 1 of 30 days 3 moves between states went up and 0 down" in told["2024-05-05"]
    assert "began or ended on 2024-05-05: no move is told across that change" in told["2024-05-05"]
    assert "began or ended on 2024-05-06" in told["2024-05-06"] and "moves between" not in told["2024-05-06"]
    with duckdb.connect(str(brand)) as connection:
        connection.execute("delete from marts.feeds where begun_date > '2024-05-01'")
        connection.execute("update marts.feeds set ended_date = '2024-05-05' where platform = 'tmall'")
    ended = section(read_health(brand, (), [DAY])[DAY], "flows")
    assert "began or ended on 2024-05-05" in ended and "On 1 of 30 days 3 moves" in ended


@pytest.mark.usefixtures("undrawn")
def test_nobody_is_new_where_the_day_before_was_never_asked_for(brand: Path) -> None:
    with duckdb.connect(str(brand)) as connection:
        connection.execute("delete from marts.rfm_cutoffs_daily where as_of_date = '2024-04-06'")
        connection.execute("delete from marts.customer_rfm_daily where as_of_date = '2024-04-06'")
    said = section(read_health(brand, (), [DAY])[DAY], "rfm")
    assert "became so" not in said and "Came" not in said and "was never asked for" in said


def test_equal_tables_give_equal_bytes_and_charts_have_no_ids(audit: Audit, published: Path, brand: Path) -> None:
    first = page(audit, published, brand)
    second = page(audit, published / "again", brand)
    assert first == second and first.count("<svg") == 4
    assert ' id="' not in "".join(re.findall(r"<svg.*?</svg>", first, re.DOTALL))


@pytest.mark.usefixtures("undrawn")
def test_names_are_text_and_nothing_is_loaded(audit: Audit, published: Path, brand: Path) -> None:
    html = page(audit, published, brand)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not [word for word in ("<script", "<link", "@import", "url(", "src=", "https://") if word in html]


def test_a_long_run_draws_its_last_days_only(brand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr("orchestration.publish.health.charts.bars", lambda *_: drawn.append(1) or "")
    days = [DAY - timedelta(days=offset) for offset in range(DRAWN_DAYS, -1, -1)]
    health = read_health(brand, (), days)
    assert "sales" in {one.key for one in health[DAY].sections if one.figures}
    assert not any(one.figures for one in health[days[0]].sections) and drawn


@pytest.mark.usefixtures("undrawn")
def test_a_day_says_the_same_in_a_long_run_and_by_itself(brand: Path) -> None:
    days = [DAY - timedelta(days=offset) for offset in range(20, -3, -1)]
    assert read_health(brand, (), days)[DAY] == read_health(brand, (), [DAY])[DAY]


@pytest.mark.usefixtures("undrawn")
def test_segments_of_older_days_of_a_run_are_told_without_their_ways(
    brand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.publish.health.page.DRAWN_DAYS", 1)
    health = read_health(brand, (), [DAY, DAY + timedelta(days=1)])
    said = section(health[DAY], "rfm")
    assert "1 of 3 buyers of a year are important by what they spent (33.3 %)" in said and "¥900.00" in said
    assert "became so" not in said and "for the last 31 days of a run" in said


def test_without_a_catalogue_the_page_is_about_quality(audit: Audit, published: Path) -> None:
    assert "No figures are published yet." in words(page(audit, published, None))
