"""The truth against an independent sum, and against the newest version of every row in the files."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from tests.unit.demo.reading import amount, newest, records
from tests.unit.demo.written import Written

DOUYIN_STATUS = {"待支付": "placed", "待发货": "paid", "已发货": "shipped", "已完成": "completed", "已关闭": "closed"}
TMALL_STATUS = {
    "等待买家付款": "placed", "买家已付款，等待卖家发货": "paid", "卖家已发货，等待买家确认": "shipped",
    "交易成功": "completed", "交易关闭": "closed", "付款以后用户退款成功，交易自动关闭": "closed",
}  # fmt: skip
KINDS = {
    "普通订单": "normal", "0元单": "zero_price", "寄样订单": "sample", "零元抽奖": "lottery", "达人买样": "sample",
    "赠品单": "gift", "补邮费": "postage",
}  # fmt: skip
NOTHING = Decimal("0.00")


def text(moment: object) -> str:
    return "" if moment is None else str(moment)


def succeeded(written: Written) -> dict[str, Decimal]:
    """Refunded money by Douyin line, from the after-sales files."""
    money: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for row in newest(written.files("douyin/aftersales"), "售后单号").values():
        if "退款成功" in row["售后状态"]:
            money[row["商品单号"]] += amount(row["退商品金额（元）"])
    return money


def test_daily_sales_are_the_sum_of_the_valid_lines(written: Written) -> None:
    orders, paid, refunded = defaultdict(set), defaultdict(Decimal), defaultdict(Decimal)
    for line in written.truth("order_lines"):
        if line["is_valid"]:
            key = (line["platform"], line["shop_id"], line["paid_at"].date())
            orders[key].add(line["order_id"])
            paid[key] += line["paid_amount"]
            refunded[key] += line["refunded_amount"]
    days = {(row["platform"], row["shop_id"], row["paid_date"]): row for row in written.truth("sales_daily")}
    assert days.keys() == orders.keys()
    for key, row in days.items():
        assert (row["order_count"], row["paid_amount"], row["refunded_amount"], row["net_amount"]) == (
            len(orders[key]), paid[key], refunded[key], paid[key] - refunded[key],
        )  # fmt: skip


def test_validity_is_a_normal_line_with_a_time_of_payment(written: Written) -> None:
    for line in written.truth("order_lines"):
        assert line["is_valid"] == (line["order_kind"] == "normal" and line["paid_at"] is not None)
        assert NOTHING <= line["refunded_amount"] <= line["paid_amount"]


def test_the_newest_douyin_rows_are_the_truth(written: Written) -> None:
    rows = newest(written.files("douyin/orders"), "子订单编号")
    lines = {line["order_line_id"]: line for line in written.truth("order_lines") if line["platform"] == "douyin"}
    refunds = succeeded(written)
    assert rows.keys() == lines.keys()
    for line_id, line in lines.items():
        row = rows[line_id]
        unit = amount(row.get("商品单价") or row["商品金额"])
        paid = amount(row["订单应付金额"]) if row["支付完成时间"] else NOTHING
        form = "" if row["流量体裁"].startswith("数据") else row["流量体裁"]
        assert (line["order_id"], line["product_id"], line["quantity"]) == (
            row["主订单编号"], row["商品ID"], int(row["商品数量"]),
        )  # fmt: skip
        assert (line["list_amount"], line["paid_amount"]) == (unit * line["quantity"], paid)
        assert line["refunded_amount"] == refunds[line_id]
        kind = KINDS[row["订单类型"]]
        is_free = kind == "normal" and amount(row["订单应付金额"]) == NOTHING
        assert line["order_kind"] == ("zero_price" if is_free else kind)
        assert line["order_status"] == DOUYIN_STATUS[row["订单状态"]]
        assert (str(line["created_at"]), text(line["paid_at"])) == (row["订单提交时间"], row["支付完成时间"])
        assert (line["account_id"] or "", line["influencer_id"] or "") == (row["doudian_open_id"], row["达人ID"])
        assert [line[f"traffic_{part}"] or "" for part in ("source", "type", "format", "channel")] == [
            row["流量来源"], row["流量类型"], form, row["流量渠道"],
        ]  # fmt: skip


def test_the_newest_tmall_items_are_the_truth(written: Written) -> None:
    rows = newest(written.files("tmall/items"), "子订单编号")
    lines = {
        line["order_line_id"]: line
        for line in written.truth("order_lines")
        if line["platform"] == "tmall" and line["order_line_id"]
    }
    assert rows.keys() == lines.keys()
    for line_id, line in lines.items():
        row = rows[line_id]
        back = NOTHING if row["退款金额"] == "无退款申请" else amount(row["退款金额"])
        assert (line["order_id"], line["product_id"], line["quantity"]) == (
            row["主订单编号"], row["商品ID"], int(row["购买数量"]),
        )  # fmt: skip
        assert (line["paid_amount"], line["refunded_amount"]) == (amount(row["买家实付金额"]), back)
        assert line["order_status"] == TMALL_STATUS[row["订单状态"]]
        assert (str(line["created_at"]), text(line["paid_at"])) == (row["订单创建时间"], row["订单付款时间"])


def classic_lists(written: Written) -> list[Path]:
    """Those that name the buyer."""
    return [path for path in written.files("tmall/orders") if path.suffix == ".csv"]


def test_orders_of_the_newest_list_are_those_of_the_items_alone(written: Written) -> None:
    listed = newest([path for path in written.files("tmall/orders") if path.suffix == ".xlsx"], "订单编号")
    lines = [line for line in written.truth("order_lines") if line["platform"] == "tmall" and not line["account_id"]]
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        paid[line["order_id"]] += line["paid_amount"] - line["refunded_amount"]
    assert {order_id: amount(row["买家实际支付金额"]) for order_id, row in listed.items()} == paid


def test_the_newest_classic_orders_are_the_truth_order_by_order(written: Written) -> None:
    """The form of 2016 knows no refunds: what was paid is not net of them."""
    rows = newest(classic_lists(written), "订单编号")
    assert {"退款金额" in row for row in rows.values()} == {True, False}
    orders = defaultdict(list)
    for line in written.truth("order_lines"):
        if line["platform"] == "tmall" and line["account_id"]:
            orders[line["order_id"]].append(line)
    assert rows.keys() == orders.keys()
    for order_id, lines in orders.items():
        row = rows[order_id]
        paid, back = (sum(line[name] for line in lines) for name in ("paid_amount", "refunded_amount"))
        known_back = back if "退款金额" in row else NOTHING
        assert (amount(row["买家实际支付金额"]), amount(row.get("退款金额", "0"))) == (paid - known_back, known_back)
        assert {line["account_id"] for line in lines} == {row["买家会员名"]}
        if lines[0]["order_line_id"] is None:
            assert {line["order_status"] for line in lines} == {TMALL_STATUS[row["订单状态"]]}


def test_classic_details_name_the_goods_of_each_order_once(written: Written) -> None:
    details = defaultdict(set)
    for path in written.files("tmall/order_details"):
        for row in records(path):
            details[row["订单编号"]].add((row["商家编码"], int(row["购买数量"]), amount(row["价格"])))
    for line in written.truth("order_lines"):
        if line["platform"] == "tmall" and line["account_id"] and line["order_line_id"] is None:
            unit = line["list_amount"] / line["quantity"]
            assert (line["product_id"], line["quantity"], unit) in details[line["order_id"]]


def test_both_tmall_exports_hold_the_orders_of_one_week(written: Written) -> None:
    classic = newest(classic_lists(written), "订单编号")
    items = {row["主订单编号"] for row in newest(written.files("tmall/items"), "子订单编号").values()}
    days = {classic[order_id]["订单创建时间"][:10] for order_id in classic.keys() & items}
    assert 1 <= len(days) <= 7


def test_the_newest_refund_documents_are_the_truth(written: Written) -> None:
    rows = newest(written.files("douyin/aftersales"), "售后单号") | newest(written.files("tmall/refunds"), "退款编号")
    refunds = {row["refund_id"]: row for row in written.truth("refunds")}
    assert rows.keys() == refunds.keys()
    for refund_id, refund in refunds.items():
        row = rows[refund_id]
        is_tmall = refund["platform"] == "tmall"
        status, money = (
            row["退款状态" if is_tmall else "售后状态"],
            row["买家退款金额" if is_tmall else "退商品金额（元）"],
        )
        ended = row["退款完结时间" if is_tmall else "商家退款时间"]
        successful = "退款成功" in status
        assert (refund["is_successful"], refund["refund_amount"]) == (successful, amount(money))
        assert text(refund["refunded_at"]) == (ended if successful else "")


def test_the_newest_member_rows_are_the_truth(written: Written) -> None:
    rows = {(r["shop_id"], r["open_id"]): r for path in written.files("douyin/members") for r in records(path)}
    truth = (row for row in written.truth("members") if row["platform"] == "douyin")
    members = {(row["shop_id"], row["account_id"]): row for row in truth}
    assert rows.keys() == members.keys()
    for key, member in members.items():
        row = rows[key]
        assert (str(member["joined_at"]), text(member["left_at"])) == (row["join_time"], row["exit_time"])
        assert (member["join_channel"], member["member_level"]) == (row["join_channel"], row["level"])


def test_the_newest_cards_are_the_truth_but_those_that_were_merged(written: Written) -> None:
    rows = newest(written.files("pos/members"), "卡号")
    held = {number: row for number, row in rows.items() if row["会员状态"] != "被合并"}
    cards = {row["account_id"]: row for row in written.truth("members") if row["platform"] == "pos"}
    assert held.keys() == cards.keys() and len(rows) > len(held)
    assert {number: str(card["joined_at"]) for number, card in cards.items()} == {
        number: row["入会时间"] for number, row in held.items()
    }


def test_some_card_holders_are_members_and_buyers_of_the_platforms_by_their_phone(written: Written) -> None:
    phones = {row["手机号"] for row in newest(written.files("pos/members"), "卡号").values()}
    douyin = {row["mobile_plain_or_hash"] for row in newest(written.files("douyin/members"), "open_id").values()}
    tmall = {row["mobile"] for row in newest(written.files("tmall/members"), "nick").values()}
    assert phones & douyin and phones & tmall and phones - douyin - tmall


def test_commission_orders_are_lines_of_the_alliance(written: Written) -> None:
    lines = {
        line["order_line_id"]: line for line in written.truth("order_lines") if line["traffic_source"] == "精选联盟"
    }
    rows = newest(written.files("douyin/alliance"), "订单id")
    del rows["合计"]  # every file ends with a line of totals
    assert rows.keys() == {line_id for line_id, line in lines.items() if line["paid_at"]}
    assert {row["佣金率"] for row in rows.values()} == {"10.00%", "15.00%", "20.00%", "25.00%"}


SMALL_STATUS = {
    "等待付款": "placed", "等待出库": "paid", "等待确认收货": "shipped", "完成": "completed",
    "(删除)等待付款": "closed", "(删除)等待出库": "closed",
    "待付款": "placed", "待发货": "paid", "已发货": "shipped", "已完成": "completed", "已关闭": "closed",
}  # fmt: skip


def orders_of(written: Written, platform: str) -> dict[str, list[dict]]:
    orders = defaultdict(list)
    for line in written.truth("order_lines"):
        if line["platform"] == platform:
            orders[line["order_id"]].append(line)
    return orders


def test_jd_repeats_what_an_order_costs_on_each_of_its_goods(written: Written) -> None:
    rows = {(row["订单号"], row["商品ID"]): row for path in written.files("jd/orders") for row in records(path)}
    orders = orders_of(written, "jd")
    assert rows.keys() == {(order_id, line["product_id"]) for order_id, lines in orders.items() for line in lines}
    assert {len(lines) for lines in orders.values()} > {1, 2}
    for order_id, lines in orders.items():
        for line in lines:
            row = rows[order_id, line["product_id"]]
            is_paid = bool(row["付款确认时间"]) and not row["订单状态"].startswith("(删除)")
            assert line["quantity"] == int(row["订购数量"])
            assert line["list_amount"] == amount(row["京东价"]) * line["quantity"]
            assert sum(each["paid_amount"] for each in lines) == (amount(row["应付金额"]) if is_paid else NOTHING)
            assert line["order_status"] == SMALL_STATUS[row["订单状态"]]
            assert text(line["paid_at"]) == (row["付款确认时间"] if is_paid else "")
            assert "*" in row["下单帐号"] if line["account_id"] is None else line["account_id"] == row["下单帐号"]


def test_youzan_names_the_goods_of_an_order_in_one_cell(written: Written) -> None:
    rows = newest(written.files("youzan/orders"), "订单号")
    orders = orders_of(written, "youzan")
    assert rows.keys() == orders.keys()
    for order_id, lines in orders.items():
        row = rows[order_id]
        is_paid = bool(row["买家付款时间"]) and row["订单状态"] != "已关闭"
        assert row["全部商品名称"] == ",".join(f"{line['product_id']}({line['quantity']}件)" for line in lines)
        assert sum(line["paid_amount"] for line in lines) == (amount(row["订单实付金额"]) if is_paid else NOTHING)
        assert {line["order_status"] for line in lines} == {SMALL_STATUS[row["订单状态"]]}
        assert {line["account_id"] is None for line in lines} == {"*" in row["买家手机号"]}


def statuses(written: Written, platform: str) -> dict[str, list[str]]:
    """What each order stood at, file by file."""
    told = defaultdict(list)
    for path in written.files(f"{platform}/orders"):
        for order_id, status in {row["订单号"]: row["订单状态"] for row in records(path)}.items():
            told[order_id].append(status)
    return told


def test_an_order_that_was_received_is_closed_in_a_later_export_of_youzan(written: Written) -> None:
    ends = {told[-1] for told in statuses(written, "youzan").values() if {"已发货", "已完成"} & set(told[:-1])}
    assert "已关闭" in ends


def test_the_parts_of_an_order_that_jd_split_sell_what_the_deleted_order_no_longer_does(written: Written) -> None:
    orders, split = orders_of(written, "jd"), defaultdict(set)
    for path in written.files("jd/orders"):
        for row in records(path):
            if row["订单备注"].startswith("拆分自订单"):
                split[row["订单备注"].removeprefix("拆分自订单")].add(row["订单号"])
    assert split
    for parent, parts in split.items():
        assert {(line["order_status"], line["paid_amount"]) for line in orders[parent]} == {("closed", NOTHING)}
        goods = [line for part in parts for line in orders[part]]
        assert {line["product_id"] for line in goods} == {line["product_id"] for line in orders[parent]}
        assert all(line["paid_amount"] > 0 for line in goods)
