"""Values that are wrong, odd or decorated: each row is loaded exactly or quarantined with its line and rule."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from tests.faults.conftest import ORDER_COLUMNS, Deliveries, csv_text, order_rows, workbook


def one(douyin: Deliveries, header: str, cell: str, column: str) -> object:
    """What the lake holds for one cell, or the rule that it broke."""
    douyin.put("orders.csv", douyin.douyin({header: cell}))
    summary = douyin.land()
    if summary.rows_loaded:
        return douyin.rows(column)[0][0]
    return douyin.rules()[0][1] if douyin.rules() else summary.refused[0][1]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("12.00", Decimal("12.00")),
        ("12", Decimal("12.00")),
        ("1,299.00", Decimal("1299.00")),
        ("12,345,678.9", Decimal("12345678.90")),
        ("¥1,299.00", Decimal("1299.00")),
        ("￥１２．５", Decimal("12.50")),
        ("598.00元", Decimal("598.00")),
        (" 7.50\t", Decimal("7.50")),
        ("1.5000", Decimal("1.50")),
        ("9999999999999999.99", Decimal("9999999999999999.99")),
        ("12.995", "too_many_decimals"),
        ("1,299.005", "too_many_decimals"),
        ("1.299,00", "not_a_number"),
        ("12,99", "not_a_number"),
        ("1e3", "not_a_number"),
        ("12.", "not_a_number"),
        ("214块", "not_a_number"),
        ("99999999999999999", "not_a_number"),
        ("NaN", "not_a_number"),
        ("(12.00)", "not_a_number"),
        ("-12.00", "negative_amount"),
        ("-¥12.00", "negative_amount"),
        ("--", "required_value_missing"),
    ],
)
def test_an_amount_is_exact_or_quarantined(douyin: Deliveries, text: str, outcome: object) -> None:
    assert one(douyin, "订单应付金额", text, "payable_amount") == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("2024-01-01 23:59:59", datetime(2024, 1, 1, 23, 59, 59)),
        ("2016/5/23 22:02", datetime(2016, 5, 23, 22, 2)),
        ("2016/5/23 2:02", datetime(2016, 5, 23, 2, 2)),
        ("2024-01-01T10:00:00", datetime(2024, 1, 1, 10)),
        ("2024-01-01T10:00:00+08:00", datetime(2024, 1, 1, 10)),
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2024-01-01 22:46:22.511", datetime(2024, 1, 1, 22, 46, 22, 511000)),
        ("２０２４－０１－０１　１０：００：００", datetime(2024, 1, 1, 10)),
        ("2023-02-29 10:00:00", "not_a_timestamp"),
        ("2024-01-01T10:00:00Z", "not_a_timestamp"),
        ("2024-01-01 10:00:00+00", "not_a_timestamp"),
        ("2024-01-01 25:00:00", "not_a_timestamp"),
        ("01/02/2024", "not_a_timestamp"),
        ("2019#3#11", "not_a_timestamp"),
        ("45292.5", "not_a_timestamp"),
        ("0000-00-00 00:00:00", "not_a_timestamp"),
        ("-", "required_value_missing"),
    ],
)
def test_a_time_is_exact_or_quarantined(douyin: Deliveries, text: str, outcome: object) -> None:
    assert one(douyin, "订单提交时间", text, "created_at") == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("6920123456789012345", "6920123456789012345"),
        ("6920123456789012345\t", "6920123456789012345"),
        ("\t6920123456789012345\t", "6920123456789012345"),
        ("'6920123456789012345", "6920123456789012345"),
        ('="6920123456789012345"', "6920123456789012345"),
        ("\ufeff6920123456789012345\u00a0", "6920123456789012345"),
        ("６９２０１２３４５６７８９０１２３４５", "6920123456789012345"),
        ("0020123456789012345", "0020123456789012345"),
        ("订单6920123456789012345", "id_pattern"),
        ("6920123456789012345;6920123456789012346", "id_pattern"),
        ("合计", "total_row"),
        ("", "required_value_missing"),
    ],
)
def test_an_id_keeps_every_digit_or_is_quarantined(douyin: Deliveries, text: str, outcome: object) -> None:
    assert one(douyin, "子订单编号", text, "order_line_id") == outcome


@pytest.mark.parametrize(
    ("header", "text", "column", "outcome"),
    [
        ("流量体裁", "数据将于第二天更新", "traffic_format", None),
        ("流量体裁", "直播", "traffic_format", "直播"),
        ("取消原因", "-", "cancel_reason", None),
        ("达人昵称", "12e34", "influencer_name", "12e34"),
        ("选购商品", '他说"好", 真的', "product_name", '他说"好", 真的'),
        ("选购商品", "第一行\n第二行", "product_name", "第一行\n第二行"),
        ("选购商品", "面\ufffd霜", "product_name", "damaged_text"),
        ("商品数量", "1,000", "quantity", 1000),
        ("商品数量", "2.0", "quantity", 2),
        ("商品数量", "23个", "quantity", "not_an_integer"),
        ("商品数量", "1.5", "quantity", "not_an_integer"),
        ("商品数量", "-1", "quantity", "negative_amount"),
    ],
)
def test_other_values(douyin: Deliveries, header: str, text: str, column: str, outcome: object) -> None:
    assert one(douyin, header, text, column) == outcome


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        (" Completed ", "GIFT", ("completed", "gift")),
        ("paid", "", ("paid", None)),
        ("已付款", "", "unknown_word"),
        ("complete", "", "unknown_word"),
        ("paid", "Geschenk", "unknown_word"),
        ("", "gift", "required_value_missing"),
    ],
)
def test_a_word_is_one_of_those_agreed_or_is_quarantined(deliveries, status: str, kind: str, outcome: object) -> None:
    row = [*order_rows(1)[0], kind]
    row[5] = status
    deliveries.put("orders.csv", csv_text([*ORDER_COLUMNS, "order_kind"], [row]))
    deliveries.land()
    found = [*deliveries.rows("order_status, order_kind"), *(rule for _, rule, _ in deliveries.rules())]
    assert found == [outcome]


def test_a_bare_text_formula_around_an_id_is_a_known_decoration(deliveries: Deliveries) -> None:
    deliveries.dataset = ("tmall", "orders")
    header = "订单编号,买家会员名,总金额,买家实际支付金额,订单状态,订单创建时间,打款商家金额,订单关闭原因"
    rows = '="1234567890123456",12e34,10.00,10.00,"买家已付款，等待卖家发货",2024-01-01 10:00:00,598.00元,订单未关闭'
    deliveries.put("ExportOrderList.csv", f"{header}\r\n{rows}\r\n".encode("gb18030"))
    deliveries.land()
    found = deliveries.rows("order_id, account_id, merchant_received_amount, close_reason")
    assert found == [("1234567890123456", "12e34", Decimal("598.00"), None)]


def test_a_percent_is_a_ratio(deliveries: Deliveries) -> None:
    deliveries.dataset = ("douyin", "alliance")
    header = ["订单id", "作者账号", "支付金额", "订单状态", "佣金率"]
    rates = ["32.00%", "0.5%", "100%", "32", "-"]
    rows = [[f"{i}".rjust(19, "6") + "\t", "号", "1.00", "订单付款", rate] for i, rate in enumerate(rates)]
    deliveries.put("a.csv", csv_text(header, rows).encode("gb18030"))
    deliveries.land()
    assert [row[0] for row in deliveries.rows("commission_rate")] == [
        Decimal("0.32"),
        Decimal("0.005"),
        Decimal(1),
        None,
    ]
    assert deliveries.rules() == [(5, "percent_sign_missing", "commission_rate")]


@pytest.mark.parametrize("bad", ["6.92E+18", "6.92012345678901E+18", "7e+18", "692012.0"])
def test_ids_corrupted_by_a_spreadsheet_refuse_the_file_unless_they_are_very_few(douyin: Deliveries, bad: str) -> None:
    def cells(count: int) -> list[dict[str, str]]:
        return [{"子订单编号": f"69201234567890{i:05d}"} for i in range(1, count)]

    douyin.put("few.csv", douyin.douyin({"达人ID": bad}, *cells(1001)))
    summary = douyin.land()
    assert (summary.rows_loaded, summary.rows_quarantined, summary.refused) == (1000, 1, ())
    douyin.put("few.csv", douyin.douyin({"达人ID": bad}, *cells(900)))
    assert "format the id columns as text" in douyin.reason()


def test_ids_that_mostly_end_in_four_zeros_refuse_the_file(douyin: Deliveries) -> None:
    rounded = [{"子订单编号": f"69201234567{i:04d}0000"} for i in range(20)]
    douyin.put("orders.csv", douyin.douyin(*rounded))
    assert "end in 0000" in douyin.reason()


def test_one_id_that_truly_ends_in_zeros_may_stand_in_every_row(douyin: Deliveries) -> None:
    rows = [{"子订单编号": f"692012345678{i:07d}", "达人ID": "6920123456780000"} for i in range(1, 40)]
    douyin.put("orders.csv", douyin.douyin(*rows))
    assert douyin.land().rows_loaded == 39


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("O9,L9,x,1,1.00,paid", "wrong_number_of_fields"),
        ("O9,L9,x,y,1,1.00,paid,2024-01-01", "wrong_number_of_fields"),
        ('O9,L9,5" 面霜,1,1.00,paid,2024-01-01', "misplaced_quote"),
        ('O9,L9,"面霜" x,1,1.00,paid,2024-01-01', "misplaced_quote"),
        ('O9,L9,"面霜,1,1.00,paid,2024-01-01', "misplaced_quote"),
        ("O9,L9,面\r霜,1,1.00,paid,2024-01-01", "stray_line_break"),
    ],
)
def test_a_malformed_record_is_quarantined_and_its_neighbours_are_not_touched(deliveries, line: str, rule: str) -> None:
    good = csv_text(ORDER_COLUMNS, order_rows(6)).splitlines(keepends=True)
    deliveries.put("orders.csv", "".join([*good[:4], line + "\n", "\n", *good[4:]]))
    summary = deliveries.land()
    assert (summary.rows_read, summary.rows_loaded, summary.rows_quarantined) == (7, 6, 1)
    assert deliveries.rules() == [(5, rule, None)]
    assert [row[0] for row in deliveries.rows("line_number")] == [2, 3, 4, 7, 8, 9]
    assert {row[0] for row in deliveries.rows("order_line_id")} == {f"L{i}" for i in range(6)}


def test_title_rows_above_and_a_total_row_below(deliveries: Deliveries) -> None:
    text = csv_text(ORDER_COLUMNS, [*order_rows(3), ["合计", "", "", 6, "7.50", "", ""]])
    deliveries.put("orders.csv", '某某店铺 订单报表\n"导出时间, 2024-01-02"\n\n' + text + "\n,,,,,,\n")
    summary = deliveries.land()
    assert (summary.rows_read, summary.rows_loaded, summary.rows_quarantined) == (4, 3, 1)
    assert deliveries.rules() == [(8, "total_row", "order_id")]
    assert [row[0] for row in deliveries.rows("line_number")] == [5, 6, 7]


def test_rows_of_another_shop_are_quarantined(deliveries: Deliveries) -> None:
    rows = [[*row, shop] for row, shop in zip(order_rows(3), ["A", "B", ""], strict=True)]
    deliveries.put("A/orders.csv", csv_text([*ORDER_COLUMNS, "shop_id"], rows))
    deliveries.land()
    assert deliveries.rules() == [(3, "shop_differs_from_folder", "shop_id")]
    assert deliveries.rows("shop_id") == [("A",), ("A",)]


def test_the_highest_version_of_a_key_stays_whatever_the_order_of_rows(deliveries: Deliveries) -> None:
    first, *_ = order_rows(1)
    rows = [
        [*first[:5], status, first[6], at]
        for status, at in [("paid", "2024-01-01"), ("closed", "2024-01-03"), ("paid", "2024-01-01"), ("placed", "")]
    ]
    for name, ordered in {"a.csv": rows, "b.csv": rows[::-1]}.items():
        deliveries.put(name, csv_text([*ORDER_COLUMNS, "updated_at"], ordered))
    summary = deliveries.land()
    assert len(summary.lake_paths) == 1
    assert (summary.rows_read, summary.rows_loaded, summary.rows_duplicate, summary.rows_superseded) == (8, 2, 2, 4)
    assert deliveries.rows("order_status, version_at") == [("closed", datetime(2024, 1, 3))]


@pytest.mark.parametrize("times", [["", "2024-01-03", "2024-01-02"], ["2024-01-03", ""], ["2024-01-03", "2024-01-02"]])
def test_a_withdrawal_is_never_lost_to_another_row_of_the_file(deliveries: Deliveries, times: list[str]) -> None:
    deliveries.dataset = ("generic", "consents")
    rows = [["a", "marketing_message", "2024-01-01", time] for time in times]
    for name, ordered in {"a.csv": rows, "b.csv": rows[::-1]}.items():
        deliveries.put(name, csv_text(["account_id", "purpose", "granted_at", "withdrawn_at"], ordered))
    assert len(deliveries.land().lake_paths) == 1
    assert deliveries.rows("withdrawn_at, version_at") == [(datetime(2024, 1, 3), None)]


def test_a_refund_number_may_stand_in_two_shops(deliveries: Deliveries) -> None:
    deliveries.dataset = ("generic", "refunds")
    header = ["shop_id", "refund_id", "order_line_id", "refund_amount", "refund_status"]
    deliveries.put("r.csv", csv_text(header, [[shop, "R1", "L1", "1.00", "succeeded"] for shop in "AB"]))
    assert deliveries.land().rows_loaded == 2


def test_an_id_that_restarts_in_every_order_refuses_the_file(deliveries: Deliveries) -> None:
    rows = order_rows(5)
    rows[4][1] = rows[1][1]
    deliveries.put("orders.csv", csv_text(ORDER_COLUMNS, rows))
    reason = deliveries.reason()
    assert "order_line_id is not unique: line 3 and line 6 have the same order_line_id but another order_id" in reason
    assert "order id + line number" in reason


def test_an_id_may_stand_again_in_another_shop(deliveries: Deliveries) -> None:
    first, second = order_rows(2)
    second[1] = first[1]
    deliveries.put("orders.csv", csv_text([*ORDER_COLUMNS, "shop_id"], [[*first, "A"], [*second, "B"]]))
    assert deliveries.land().rows_loaded == 2


def test_equal_rows_without_an_id_are_numbered_within_their_order(deliveries: Deliveries) -> None:
    deliveries.dataset = ("tmall", "order_details")
    rows = [["1234567", "面霜", "10.00", 1], ["1234567", "面霜", "10.00", 1], ["1234567", "水", "5.00", 1]]
    for name, ordered in {"a.csv": rows, "b.csv": rows[::-1]}.items():
        deliveries.put(name, csv_text(["订单编号", "标题", "价格", "购买数量"], ordered).encode("gb18030"))
    assert len(deliveries.land().lake_paths) == 1
    assert sorted(deliveries.rows("line_position, product_name")) == [(1, "水"), (2, "面霜"), (3, "面霜")]


def test_parameters_of_a_campaign_are_kept_by_name(deliveries: Deliveries) -> None:
    deliveries.dataset = ("generic", "campaigns")
    header = ["campaign_id", "template", "start_date", "end_date", "product_ids", "min_days", "备注"]
    deliveries.put("plan.csv", csv_text(header, [["C1", "x", "2024-01-01", "2024/2/1", "p1;p2", "", "n"]]))
    deliveries.land()
    assert deliveries.rows("parameters, end_date::varchar") == [('{"product_ids":"p1;p2"}', "2024-02-01")]


def test_cells_of_a_workbook_keep_their_kind(deliveries: Deliveries) -> None:
    def fill(book) -> None:
        sheet = book.add_worksheet("notes")
        sheet.write(0, 0, "readme")
        sheet = book.add_worksheet("orders")
        sheet.merge_range(0, 0, 0, 6, "订单报表")
        sheet.write_row(2, 1, ORDER_COLUMNS)
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(3, 1, ["O1", "L1", 12345, 2, 0.1 + 0.2, "paid"])
        sheet.write_datetime(3, 7, datetime(2024, 1, 1, 22, 46, 22), moment)
        sheet.write_row(5, 1, ["O2", "L2", "x", "2", "1,299.00", "paid", 45292.5])

    workbook(deliveries.path("orders.xlsx"), fill)
    summary = deliveries.land()
    assert (summary.rows_read, summary.rows_loaded) == (2, 2)
    assert deliveries.rows("line_number, product_name, quantity, paid_amount, created_at") == [
        (4, "12345", 2, Decimal("0.30"), datetime(2024, 1, 1, 22, 46, 22)),
        (6, "x", 2, Decimal("1299.00"), datetime(2024, 1, 1, 12)),
    ]


def test_a_number_in_an_id_column_of_a_workbook_is_never_made_text(deliveries: Deliveries) -> None:
    def fill(book) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ORDER_COLUMNS)
        for number, row in enumerate(order_rows(1001), start=1):
            sheet.write_row(number, 0, row)
        sheet.write_number(5, 1, 6920123456789012345)

    workbook(deliveries.path("orders.xlsx"), fill)
    assert deliveries.land().rows_loaded == 1000
    assert deliveries.rules() == [(6, "numeric_id", "order_line_id")]


def test_who_left_before_joining_is_quarantined(deliveries: Deliveries) -> None:
    members = replace(deliveries, dataset=("generic", "members"))
    rows = [
        ["a", "2024-01-02 10:00:00", "2024-01-02 09:59:59"],
        ["b", "2024-01-02 10:00:00", "2024-01-02 10:00:00"],
        ["c", "2024-01-02 10:00:00", ""],
        ["d", "", "2024-01-02 10:00:00"],
    ]
    members.put("members.csv", csv_text(["account_id", "joined_at", "left_at"], rows))
    members.land()
    assert members.rules() == [(2, "before_joined_at", "left_at"), (5, "required_value_missing", "joined_at")]
    assert members.rows("account_id") == [("b",), ("c",)]


def test_a_consent_without_a_purpose_is_quarantined(deliveries: Deliveries) -> None:
    consents = replace(deliveries, dataset=("generic", "consents"))
    consents.put(
        "c.csv", csv_text(["account_id", "purpose", "granted_at"], [["a", "", "2024-01-02"], ["b", "profiling", ""]])
    )
    consents.land()
    assert (2, "required_value_missing", "purpose") in consents.rules()
