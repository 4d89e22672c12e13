"""What the brand must contain for the platform to be tried on it."""

from collections import Counter

from tests.unit.demo.reading import newest
from tests.unit.demo.written import Written


def test_every_kind_of_order_and_every_status_occurs(written: Written) -> None:
    lines = written.truth("order_lines")
    assert {line["order_kind"] for line in lines} == {"normal", "sample", "gift", "zero_price", "lottery", "postage"}
    assert {line["order_status"] for line in lines} >= {"paid", "shipped", "completed", "closed"}


def test_some_orders_are_paid_in_the_last_or_the_first_second_of_a_day(written: Written) -> None:
    times = {str(line["paid_at"])[11:] for line in written.truth("order_lines")}
    assert {"23:59:59", "00:00:00"} <= times


def test_people_return_and_some_buy_twice_on_a_day(written: Written) -> None:
    orders = {
        line["order_id"]: line for line in written.truth("order_lines") if line["account_id"] and line["is_valid"]
    }
    days = Counter((line["account_id"], line["paid_at"].date()) for line in orders.values())
    assert max(days.values()) > 1
    assert max(Counter(account for account, _ in days).values()) > 2


def test_most_douyin_orders_name_their_buyer(written: Written) -> None:
    known = [line["account_id"] is not None for line in written.truth("order_lines") if line["platform"] == "douyin"]
    assert 0.85 < sum(known) / len(known) < 0.97


def test_after_sales_come_in_every_kind_and_several_on_one_line(written: Written) -> None:
    documents = newest(written.files("douyin/aftersales"), "售后单号").values()
    assert {row["售后类型"] for row in documents} >= {"退货退款", "已发货仅退款", "未发货仅退款"}
    assert {row["售后状态"] for row in documents} >= {"同意退款，退款成功", "售后关闭"}
    assert max(Counter(row["商品单号"] for row in documents).values()) > 1


def test_members_join_leave_and_some_never_buy(written: Written) -> None:
    members = written.truth("members")
    buyers = {line["account_id"] for line in written.truth("order_lines")}
    assert any(member["left_at"] for member in members)
    assert any(member["account_id"] not in buyers for member in members)
