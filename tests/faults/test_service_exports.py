"""Rows about money, live sessions and people beside the orders: loaded exactly, or quarantined with their rule."""

from datetime import datetime
from decimal import Decimal

import pytest

from tests.faults.conftest import Deliveries, csv_text

SETTLED = ["结算时间", "订单号", "子订单号", "结算金额", "结算单类型", "店铺劵"]
EXPLAINED = ["-", "-", "-", "结算金额=收入合计+支出合计", "-", "-"]
ENTRY = ["2024-01-02 10:00:00", "'6920000000000000011", "'6920000000000000012", "88.00", "货款结算", "1.00"]
MOVED = ["动账时间", "动帐流水号", "动账方向", "动账金额", "订单号"]
MOVE = ["2024-01-02 10:00:00", "'7300000000000000001", "出账", "5.00", "'6920000000000000011"]
LIVE = ["店铺ID", "主播抖音号", "直播开始时间", "直播结束时间", "观看次数", "成交金额", "观看老粉占比"]


def test_the_explanation_below_the_header_is_no_settlement(deliveries: Deliveries) -> None:
    deliveries.dataset = ("douyin", "settlements")
    deliveries.put("a.csv", csv_text(SETTLED, [EXPLAINED, ENTRY]))
    assert deliveries.land().rows_quarantined == 1
    assert {line for line, *_ in deliveries.rules()} == {2}
    assert deliveries.rows("order_id, order_line_id, settled_amount, shop_coupon_amount, line_number") == [
        ("6920000000000000011", "6920000000000000012", Decimal("88.00"), Decimal("1.00"), 3)
    ]


def test_every_settlement_of_an_order_stays_in_whatever_order_they_come(deliveries: Deliveries) -> None:
    deliveries.dataset = ("douyin", "settlements")
    more = [ENTRY, [*ENTRY[:3], "12.00", *ENTRY[4:]], ["2024-01-03 10:00:00", *ENTRY[1:3], "-88.00", "退款", "-"]]
    for name, rows in {"a.csv": more, "b.csv": more[::-1]}.items():
        deliveries.put(name, csv_text(SETTLED, rows))
    assert len(deliveries.land().lake_paths) == 1
    found = deliveries.rows("settled_amount, settlement_type, line_position")
    assert sorted(found) == [
        (Decimal("-88.00"), "退款", 1),
        (Decimal("12.00"), "货款结算", 1),
        (Decimal("88.00"), "货款结算", 2),
    ]


@pytest.mark.parametrize(
    ("place", "text", "rule"),
    [(2, "冻结", "unknown_word"), (3, "-5.00", "negative_amount"), (0, "-", "required_value_missing")],
)
def test_a_movement_of_unknown_sign_or_time_is_quarantined(deliveries, place: int, text: str, rule: str) -> None:
    deliveries.dataset = ("douyin", "fund_bill")
    row = [text if number == place else cell for number, cell in enumerate(MOVE)]
    deliveries.put("a.csv", csv_text(MOVED, [row]))
    deliveries.land()
    assert [found for _, found, _ in deliveries.rules()] == [rule]


def test_a_movement_number_that_stands_for_two_amounts_refuses_the_file(deliveries: Deliveries) -> None:
    deliveries.dataset = ("douyin", "fund_bill")
    deliveries.put("a.csv", csv_text(MOVED, [MOVE, [*MOVE[:3], "6.00", MOVE[4]]]))
    assert "entry_id is not unique" in deliveries.reason()


def test_a_longer_fund_bill_is_read_and_its_other_columns_are_told(deliveries: Deliveries) -> None:
    deliveries.dataset = ("douyin", "fund_bill")
    header = [*(name.replace("帐", "账") for name in MOVED), "动账摘要", "实际平台补贴_运费"]
    deliveries.put("a.csv", csv_text(header, [[*MOVE, "x", "-"]]))
    deliveries.land()
    assert deliveries.rows("entry_id, direction, unsigned_amount") == [("7300000000000000001", "出账", Decimal("5.00"))]
    reason = str(deliveries.audit.deliveries()[0]["reason"])
    assert "动账摘要" in reason and "补贴" not in reason


def test_a_live_that_crosses_midnight_is_one_session(deliveries: Deliveries) -> None:
    deliveries.dataset = ("douyin", "live_sessions")
    session = ["68830001\t", "sihe_home", "2024-01-01 22:00:00", "2024-01-02 01:30:00", "1,000", "2,500.00", "12.5%"]
    deliveries.put("a.csv", csv_text(LIVE, [session, [*session[:5], "2,600.00", "-"]]))
    assert deliveries.land().rows_superseded == 1
    [(shop, started, views)] = deliveries.rows("shop_id, started_at, view_count")
    assert (shop, started, views) == ("68830001", datetime(2024, 1, 1, 22), 1000)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1704074400", datetime(2024, 1, 1, 10)),
        ("1704038400", datetime(2024, 1, 1)),
        ("1704038399", datetime(2023, 12, 31, 23, 59, 59)),
        ("999999999", datetime(2001, 9, 9, 9, 46, 39)),
        ("1704074400000", "not_a_timestamp"),
        ("1704074400.5", "not_a_timestamp"),
        ("2024-01-01 10:00:00", "not_a_timestamp"),
        ("0", "not_a_timestamp"),
        ("", "required_value_missing"),
    ],
)
def test_unix_seconds_are_a_time_in_beijing(deliveries: Deliveries, text: str, outcome: object) -> None:
    deliveries.dataset = ("wecom", "customer_events")
    header = ["ChangeType", "ExternalUserID", "UserID", "CreateTime"]
    deliveries.put("a.csv", csv_text(header, [["del_follow_user", "wmAAA", "lili", text]]))
    deliveries.land()
    found = [*deliveries.rows("occurred_at"), *((rule,) for _, rule, _ in deliveries.rules())]
    assert found == [(outcome,)]


def test_contacts_of_one_second_are_counted_and_their_names_are_not_read(deliveries: Deliveries) -> None:
    deliveries.dataset = ("wecom", "contacts")
    header = ["客户名称", "添加人", "添加人账号", "添加时间", "来源", "手机", "会员等级"]
    rows = [[name, "员工", "lili", "2024-01-01 10:00:00", "扫描二维码", "-", "金卡、常客"] for name in "甲乙"]
    deliveries.put("a.csv", csv_text(header, rows))
    assert deliveries.land().rows_loaded == 2
    assert sorted(deliveries.rows("employee_id, line_position")) == [("lili", 1), ("lili", 2)]
    assert "会员等级" in str(deliveries.audit.deliveries()[0]["reason"])
