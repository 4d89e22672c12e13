"""Files of JD, Youzan, shops in town and SMS senders as they really come: encodings, marks, masks, late receipts."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from orchestration.extract.contracts import Contract, ContractKey
from orchestration.privacy.keys import Keys
from tests.faults.conftest import Deliveries, csv_text, workbook

KEYS = Keys((b"k" * 32,))
JD = ["订单号", "商品ID", "订购数量", "京东价", "应付金额", "订单状态", "下单时间", "下单帐号", "商家应收", ""]
YOUZAN = ["订单号", "订单状态", "全部商品名称", "订单实付金额", "订单创建时间", "买家手机号"]


@pytest.fixture
def shop(tmp_path: Path, contracts: Mapping[ContractKey, Contract]) -> Deliveries:
    return Deliveries(tmp_path, contracts, keys=KEYS)


def jd_row(order: str, product: str, **cells: str) -> list[str]:
    good = [order, product, "2", "12.50", "20.00", "完成", "2016/5/23 22:02", "jd_a", "", ""]
    return [cells.get(name, cell) for name, cell in zip(JD, good, strict=True)]


def test_a_jd_file_has_an_unnamed_last_column_and_one_row_per_sku(shop: Deliveries) -> None:
    shop.dataset = ("jd", "orders")
    note = "19.00(此金额为预估，以结算为准)"
    rows = [jd_row("1234567890", "55", 商家应收=note), jd_row("1234567890", "56", 订单状态="(删除)等待出库")]
    shop.put("orders.csv", csv_text(JD, rows).encode("gb2312"))
    assert shop.land().rows_loaded == 2
    assert shop.rows("order_id, product_id, payable_amount, order_status, created_at") == [
        ("1234567890", "55", Decimal("20.00"), "完成", datetime(2016, 5, 23, 22, 2)),
        ("1234567890", "56", Decimal("20.00"), "(删除)等待出库", datetime(2016, 5, 23, 22, 2)),
    ]


def test_jd_rows_that_break_a_rule_are_named(shop: Deliveries) -> None:
    shop.dataset = ("jd", "orders")
    rows = [jd_row("1.23E+09", "55"), jd_row("1234567891", "55", 应付金额="免费"), jd_row("1234567892", "")]
    shop.put("orders.csv", csv_text(JD, [*rows, *[jd_row(str(2000000 + i), "55") for i in range(2000)]]))
    assert shop.land().rows_loaded == 2000
    assert shop.rules() == [
        (2, "id_in_scientific_notation", "order_id"),
        (3, "not_a_number", "payable_amount"),
        (4, "required_value_missing", "product_id"),
    ]


def test_the_account_of_a_youzan_order_is_the_token_of_a_phone_and_a_masked_one_is_nobody(shop: Deliveries) -> None:
    shop.dataset = ("youzan", "orders")
    rows = [
        [f"E2026000{i}", "已完成", "洗碗布(2件)", "9.90", "2024-01-01 10:00:00", phone]
        for i, phone in enumerate(["16400000001", "164****0001", ""])
    ]
    shop.put("orders.csv", csv_text(YOUZAN, rows))
    shop.land()
    assert [row[0] for row in shop.rows("account_id")] == [KEYS.token("16400000001"), None, None]


def test_an_identifier_of_an_unknown_kind_is_quarantined_and_phones_alone_are_tokens(shop: Deliveries) -> None:
    shop.dataset = ("generic", "identifiers")
    rows = [["a", "phone", "16400000001"], ["a", "card_no", "7"], ["a", "passport", "X1"]]
    shop.put("identifiers.csv", csv_text(["account_id", "id_type", "id_value"], rows))
    assert shop.land().rows_loaded == 2
    assert shop.rules() == [(4, "unknown_word", "id_type")]
    assert {row[0] for row in shop.rows("id_value")} == {KEYS.token("16400000001"), "7"}


def test_two_costs_of_a_day_type_and_campaign_refuse_the_file(shop: Deliveries) -> None:
    shop.dataset = ("generic", "costs")
    shop.put("costs.csv", csv_text(["cost_date", "cost_type", "amount"], [["2024-01-01", "touch", a] for a in "12"]))
    assert "another cost_amount" in shop.reason()


SHIFTS = ["直播账号", "主播", "日期", "上播时间", "下播时间"]


def test_a_shift_in_clock_times_is_on_its_day_and_ends_on_the_next_where_it_ends_before_it_began(
    shop: Deliveries,
) -> None:
    shop.dataset = ("generic", "anchor_shifts")
    rows = [
        ["a", "Lin", "2024/3/1", "20:00", "23:30"],
        ["a", "Mo", "2024-03-01", "23:30:00", "2:00"],
        ["a", "Lin", "2024-03-02", "9:00", "24:00"],
        ["b", "Mo", "", "2024-03-01 22:00", "2024-03-02 01:00"],
    ]
    shop.put("shifts.csv", csv_text(SHIFTS, rows))
    assert shop.land().rows_loaded == 4
    assert shop.rows("anchor, started_at, ended_at") == [
        ("Lin", datetime(2024, 3, 1, 20), datetime(2024, 3, 1, 23, 30)),
        ("Mo", datetime(2024, 3, 1, 23, 30), datetime(2024, 3, 2, 2)),
        ("Lin", datetime(2024, 3, 2, 9), datetime(2024, 3, 3)),
        ("Mo", datetime(2024, 3, 1, 22), datetime(2024, 3, 2, 1)),
    ]


def test_a_shift_in_cells_of_a_spreadsheet_is_read_like_text(shop: Deliveries) -> None:
    shop.dataset = ("generic", "anchor_shifts")

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, day, clock = book.add_worksheet(), {"num_format": "yyyy/m/d"}, {"num_format": "h:mm"}
        sheet.write_row(0, 0, SHIFTS)
        for row, (start, end) in enumerate([(time(20), time(23, 30)), (time(23, 30), time(0))], 1):
            sheet.write_row(row, 0, ["a", "Lin"])
            sheet.write_datetime(row, 2, datetime(2024, 3, 1), book.add_format(day))
            sheet.write_datetime(row, 3, start, book.add_format(clock))
            sheet.write_datetime(row, 4, end, book.add_format(clock))

    workbook(shop.path("shifts.xlsx"), fill)
    assert shop.land().rows_loaded == 2
    assert shop.rows("started_at, ended_at") == [
        (datetime(2024, 3, 1, 20), datetime(2024, 3, 1, 23, 30)),
        (datetime(2024, 3, 1, 23, 30), datetime(2024, 3, 2)),
    ]


def test_a_shift_that_cannot_be_is_quarantined(shop: Deliveries) -> None:
    shop.dataset = ("generic", "anchor_shifts")
    rows = [
        ["a", "Lin", "2024-03-01", "2024-03-01 20:00", "2024-03-01 19:00"],
        ["a", "Lin", "", "20:00", "23:00"],
        ["", "Lin", "2024-03-01", "20:00", "23:00"],
        ["a", "", "2024-03-01", "20:00", "25:00"],
        ["a", "Mo", "2024-03-01", "20:00", "23:00"],
    ]
    shop.put("shifts.csv", csv_text(SHIFTS, rows))
    assert shop.land().rows_loaded == 1
    assert shop.rules() == [
        (2, "before_started_at", "ended_at"),
        (3, "not_a_timestamp", "ended_at"),
        (3, "not_a_timestamp", "started_at"),
        (4, "required_value_missing", "live_account"),
        (5, "not_a_timestamp", "ended_at"),
        (5, "required_value_missing", "anchor"),
    ]


def test_two_anchors_who_begin_together_on_one_account_refuse_the_file(shop: Deliveries) -> None:
    shop.dataset = ("generic", "anchor_shifts")
    rows = [["a", anchor, "2024-03-01", "20:00", "23:00"] for anchor in ("Lin", "Mo")]
    shop.put("shifts.csv", csv_text(SHIFTS, rows))
    assert "another anchor" in shop.reason()


def test_of_a_message_the_row_with_its_receipt_stays(shop: Deliveries) -> None:
    shop.dataset = ("sms", "aliyun_logs")
    header = ["rec_num", "extend", "sms_send_time", "sms_receiver_time", "sms_status"]
    sent = ["16400000001", "c1|1|treatment", "2024-01-01 10:00:00"]
    shop.put("log.csv", csv_text(header, [[*sent, "2024-01-01 13:00:00", "3"], [*sent, "", "1"]]))
    assert shop.land().rows_superseded == 1
    assert shop.rows("send_status, tag") == [("3", "c1|1|treatment")]


def test_a_douyin_log_tells_seconds(shop: Deliveries) -> None:
    shop.dataset = ("sms", "douyin_logs")
    header = ["message_id", "send_time", "status", "count", "tag"]
    shop.put("log.csv", csv_text(header, [["m1", "1704074400", "1", "2", "c1|1|treatment"]]))
    shop.land()
    assert shop.rows("sent_at, segment_count") == [(datetime(2024, 1, 1, 10), 2)]


def test_the_newer_tmall_list_names_no_buyer(shop: Deliveries) -> None:
    shop.dataset = ("tmall", "orders")
    header = ["订单编号", "支付单号", "总金额", "买家实际支付金额", "订单状态", "订单创建时间"]
    shop.put("orders.csv", csv_text(header, [['="1234567890"', "1", "9.90", "9.90", "交易成功", "2024-01-01"]]))
    shop.land()
    assert shop.rows("order_id, account_id") == [("1234567890", None)]


def test_a_stage_that_5a_does_not_have_is_quarantined_and_two_counts_of_a_day_refuse_the_file(shop: Deliveries) -> None:
    shop.dataset = ("generic", "five_a_counts")
    header, row = ["日期", "阶段", "人群规模"], ["2024-03-01", "A1", "1,200"]
    shop.put("counts.csv", csv_text(header, [row, ["2024-03-01", "A6", "3"], ["2024-03-01", "A2", ""]]))
    assert shop.land().rows_loaded == 1
    assert shop.rows("stage, person_count") == [("A1", 1200)]
    assert shop.rules() == [(3, "unknown_word", "stage"), (4, "required_value_missing", "person_count")]
    shop.put("counts.csv", csv_text(header, [row, ["2024-03-01", "A1", "1300"]]))
    assert "another person_count" in shop.reason()
