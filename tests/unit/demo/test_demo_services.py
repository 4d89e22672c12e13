"""The bills, live sessions, lists of accounts and logs of messages against the truth."""

from collections import Counter
from decimal import Decimal

from tests.unit.demo.reading import amount, newest, records, table_of
from tests.unit.demo.written import Written


def plain(cell: str) -> str:
    return cell.removeprefix("'")


def test_settlements_are_of_paid_lines_below_a_row_that_explains(written: Written) -> None:
    lines = {line["order_line_id"]: line for line in written.truth("order_lines")}
    for path in written.files("douyin/settlements"):
        _, explained, *entries = (dict(zip(table_of(path)[0], row, strict=True)) for row in table_of(path))
        assert explained["结算金额"] == "收入合计+支出合计" and explained["订单号"] == "-"
        for entry in entries:
            line = lines[plain(entry["子订单号"])]
            assert (line["order_id"], line["shop_id"]) == (plain(entry["订单号"]), path.parent.name)
            assert amount(entry["结算金额"]) == amount(entry["收入合计"]) + amount(entry["支出合计"])
            if entry["结算单类型"] == "货款结算":
                assert line["paid_at"] and amount(entry["收入合计"]) == line["paid_amount"]


def test_movements_are_positive_and_sum_up_to_the_settlements(written: Written) -> None:
    settled = sum(
        {
            (row["结算时间"], row["子订单号"], row["结算单类型"], row["结算金额"]): amount(row["结算金额"])
            for path in written.files("douyin/settlements")
            for row in records(path)
            if row["订单号"]
        }.values()
    )
    moved = newest(written.files("douyin/fund_bill"), "动帐流水号").values()
    assert all(amount(row["动账金额"]) >= 0 for row in moved)
    assert settled == sum(amount(row["动账金额"]) * (1 if row["动账方向"] == "入账" else -1) for row in moved)


def test_some_lives_cross_midnight_and_some_sell(written: Written) -> None:
    sessions = [row for path in written.files("douyin/live_sessions") for row in records(path)]
    assert any(row["直播开始时间"][:10] < row["直播结束时间"][:10] for row in sessions)
    assert any(amount(row["成交金额"]) > 0 for row in sessions)


def test_buyers_of_the_mapping_are_those_of_the_orders(written: Written) -> None:
    buyers = newest(written.files("douyin/order_accounts"), "主订单编号")
    true = {line["order_id"]: line["account_id"] for line in written.truth("order_lines")}
    assert buyers and all(true[order_id] == row["doudian_open_id"] for order_id, row in buyers.items())


def test_customers_of_several_guides_have_several_rows_and_staff_is_in_every_group(written: Written) -> None:
    customers = list(records(written.files("wecom/customers")[-1]))
    assert len({row["external_userid"] for row in customers}) < len(customers)
    assert len({(row["external_userid"], row["userid"]) for row in customers}) == len(customers)
    members = list(records(written.files("wecom/group_members")[-1]))
    assert {row["userid"] for row in members if row["type"] == "1"} == {row["owner"] for row in members}
    assert {row["userid"] for row in members if row["type"] == "2"} <= {row["external_userid"] for row in customers}


def test_tmall_knows_some_holders_of_cards_and_names_an_account_for_the_others_too(written: Written) -> None:
    rows = newest(written.files("tmall/recognised_members"), "out_member_id").values()
    buyers = {line["account_id"] for line in written.truth("order_lines") if line["platform"] == "tmall"}
    cards = newest(written.files("pos/members"), "卡号")
    assert {row["status"] for row in rows} == {"0", "1"}
    assert {(row["open_id"], row["out_member_id"]) for row in rows if row["status"] == "1"} == {
        (row["account_id"], row["card"]) for row in written.truth("recognised")
    }
    assert all(row["open_id"] and row["phone"] == cards[row["out_member_id"]]["手机号"] for row in rows)
    known = newest(written.files("tmall/members"), "nick")
    assert not {row["phone"] for row in rows} & {known[nick]["mobile"] for nick in buyers & known.keys()}


SENDERS = {"aliyun": "sms_send_time", "yunpian": "send_time", "douyin": "send_time"}
DELIVERED, LOST = {"3", "SUCCESS"}, {"2", "FAIL"}


def test_logs_hold_the_messages_with_receipts_that_came_later(written: Written) -> None:
    """The price of a message at Yunpian is five fen for each of its segments; Douyin tells segments and no price."""
    told, later = [], 0
    for sender, sent_at in SENDERS.items():
        newer: dict[tuple[str, str], dict[str, str]] = {}
        for path in written.files(f"sms/{sender}_logs"):
            for row in records(path):
                key = (path.parent.name if sender == "douyin" else "", row[sent_at])
                later += key in newer and newer[key] != row
                newer[key] = row
        for row in newer.values():
            tag = row.get("extend") or row.get("uid") or row["tag"]
            status = row.get("sms_status") or row.get("report_status") or row["status"]
            told.append((
                tag.split("|")[0], status in DELIVERED, status in LOST,
                int(row.get("count", 1)), Decimal(row["fee"]) if "fee" in row else None,
            ))  # fmt: skip
    names = ("campaign_id", "is_delivered", "is_failed", "segment_count", "cost_amount")
    true = [tuple(row[name] for name in names) for row in written.truth("messages")]
    assert Counter(told) == Counter(true) and later > 20
    assert {row[3:] for row in true} == {(1, None), (2, None), (1, Decimal("0.05")), (1, Decimal("0.10"))}
    assert {row[1:3] for row in true} == {(True, False), (False, True), (False, False)}
