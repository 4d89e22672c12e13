"""The platforms' own summaries against the truth: their conventions, summed up independently."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from tests.unit.demo.reading import amount, newest
from tests.unit.demo.written import Written


def summed_up(written: Written) -> dict[tuple[str, str], dict]:
    """The newest summary of every Douyin shop and day, and of the Tmall shop's days."""
    files = written.files("douyin/shop_summaries")
    douyin = {
        (shop, day): row
        for shop in {path.parent.name for path in files}
        for day, row in newest([path for path in files if path.parent.name == shop], "日期").items()
    }
    tmall = newest(written.files("tmall/shop_summaries"), "统计日期")
    return douyin | {("10350001", day): row for day, row in tmall.items()}


def test_what_was_paid_for_counts_whatever_it_was(written: Written) -> None:
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lines: dict[tuple[str, str], int] = defaultdict(int)
    for line in written.truth("order_lines"):
        has_summary = line["platform"] in ("douyin", "tmall")
        if has_summary and line["paid_at"] is not None and line["paid_amount"] > 0:
            paid[line["shop_id"], str(line["paid_at"].date())] += line["paid_amount"]
            lines[line["shop_id"], str(line["paid_at"].date())] += 1
    told = summed_up(written)
    assert {key: amount(row.get("成交金额") or row["支付金额"]) for key, row in told.items()} == {
        key: paid[key] for key in told
    }
    assert all(int(row["成交订单数"]) == lines[key] for key, row in told.items() if "成交订单数" in row)
    assert all(key in told for key in paid if date.fromisoformat(key[1]) >= written.brand.calendar.first_day)


def test_refunds_are_of_the_day_the_money_went_back(written: Written) -> None:
    back: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for refund in written.truth("refunds"):
        if refund["is_successful"]:
            back[refund["platform"], str(refund["refunded_at"].date())] += refund["refund_amount"]
    told: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (shop, day), row in summed_up(written).items():
        platform = "tmall" if shop == "10350001" else "douyin"
        told[platform, day] += amount(row.get("成功退款金额") or row["退款金额(退款时间)"])
    assert {key: told[key] for key in back} == back


def test_members_pay_a_part_and_more_are_members_by_the_end_of_the_day(written: Written) -> None:
    douyin = [row for (shop, _), row in summed_up(written).items() if shop != "10350001"]
    at_order, of_the_day, paid = (
        sum(amount(row[name]) for row in douyin) for name in ("会员成交金额", "会员支付金额", "成交金额")
    )
    assert 0 < at_order < of_the_day < paid
