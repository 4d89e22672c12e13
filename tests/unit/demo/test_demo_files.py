"""The deliveries as files: names, headers, encodings, repeatability, and nothing from after their day."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from demo import canaries, exports
from orchestration.extract.contracts import load_contracts
from orchestration.extract.recognise import find_header, header_of
from orchestration.settings import CONTRACTS
from tests.unit.demo.reading import encoding_of, records, table_of
from tests.unit.demo.written import Written, write

HEADERS = {
    name: columns.split(",")
    for name, columns in json.loads((Path(__file__).parent / "export_headers.json").read_text("utf-8")).items()
}
EXPECTED = {
    "douyin/aftersales": HEADERS["douyin_aftersale"],
    "douyin/alliance": HEADERS["douyin_alliance"],
    "douyin/settlements": HEADERS["douyin_settlement"],
    "douyin/fund_bill": HEADERS["douyin_fund_bill"],
    "douyin/live_sessions": HEADERS["douyin_live"],
    "wecom/contacts": [*HEADERS["wecom_contacts"], "会员等级"],
    "tmall/order_details": HEADERS["tmall_order_detail"],
    "tmall/items": HEADERS["tmall_item_new"],
    "tmall/refunds": HEADERS["tmall_refund"],
    "pos/members": HEADERS["pos_member"],
    "tmall/members": HEADERS["tmall_member_sync"],
    "tmall/recognised_members": HEADERS["tmall_recognised"],
    "sms/aliyun_logs": HEADERS["aliyun_sms"],
    "sms/yunpian_logs": HEADERS["yunpian_sms"],
    "sms/douyin_logs": HEADERS["douyin_sms"],
    "youzan/orders": HEADERS["youzan_order"],
}
PERSONAL = (
    "收件人", "收件人手机号", "详细地址", "买家留言", "商家备注", "商家退货联系人姓名", "商家退货联系人电话",
    "商家退货地址", "用户售后说明", "订单备注", "买家支付宝账号", "收货人姓名", "收货地址", "联系电话", "联系手机",
    "备注", "联系方式备注", "卖家真实姓名", "买家退款说明", "mobile_cipher", "mobile_plain_or_hash", "birthday",
    "姓名", "手机号", "mobile", "rec_num", "sms_content", "text", "商家备忘", "phone", "real_name", "addr", "tao_nick",
    "客户名称", "描述", "添加人", "手机", "地址", "name", "remark", "remark_mobiles", "group_name",
    "客户姓名", "客户地址", "发票抬头", "收货人/提货人", "收货人手机号/提货人手机号", "详细收货地址/提货地址",
    "买家昵称", "买家手机号", "商家备注", "普通发票纳税编号",
)  # fmt: skip
NOBODYS = re.compile(r"164\d{8}|拆分自订单\d+")  # a phone; an order that was split


def contents(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, second = (contents(write(tmp_path / name, "short").home) for name in ("a", "b"))
    other = contents(write(tmp_path / "c", "short", seed=7).home)
    assert first == second
    assert first["truth/order_lines.parquet"] != other["truth/order_lines.parquet"]


def test_files_that_are_there_are_left_alone(written: Written) -> None:
    before = {path: path.stat().st_mtime_ns for path in written.inbox.rglob("*")}
    assert exports.write(written.brand, written.inbox) == written.file_count
    assert {path: path.stat().st_mtime_ns for path in written.inbox.rglob("*")} == before


def test_every_delivery_is_counted_and_lies_where_the_interface_says(written: Written) -> None:
    paths = [path.relative_to(written.inbox) for path in written.inbox.rglob("*") if path.is_file()]
    assert len(paths) == written.file_count
    for path in paths:
        assert re.fullmatch(
            r"(douyin|wecom|tmall|jd|youzan|pos|sms|generic)/[a-z_]+/\d{4}-\d\d-\d\d(/\d{8})?/[^/.][^/]*\.(csv|xlsx)",
            str(path),
        )


@pytest.mark.parametrize("dataset", EXPECTED)
def test_headers_are_those_of_the_platform(written: Written, dataset: str) -> None:
    assert written.files(dataset)
    for path in written.files(dataset):
        assert [name.strip() for name in table_of(path)[0]] == EXPECTED[dataset]


def test_every_file_is_recognised_by_its_contract_which_knows_its_columns(written: Written) -> None:
    contracts = load_contracts([CONTRACTS])
    for path in written.inbox.rglob("*.*"):
        platform, dataset = path.relative_to(written.inbox).parts[:2]
        found = find_header(table_of(path), contracts[platform, dataset])
        assert found, path
        undeclared = header_of(*found, contracts[platform, dataset], contracts).undeclared
        assert undeclared == (["会员等级"] if dataset == "contacts" else []), path  # a group of tags


def test_order_headers_are_variant_a_and_b_with_the_open_id(written: Written) -> None:
    for path in written.files("douyin/orders"):
        variant = "douyin_order_a" if path.parent.name == "68830001" else "douyin_order_b"
        assert table_of(path)[0] == [*HEADERS[variant], "doudian_open_id"]


def test_tmall_lists_come_in_four_forms_of_which_two_have_headers_with_trailing_blanks(written: Written) -> None:
    blanks = {"收货地址 ", "联系电话 ", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 "}
    forms = {"-2016.csv": "_2016", "-2019.csv": "_2019", ".xlsx": "_new"}
    seen = set()
    for path in written.files("tmall/orders"):
        form = next((form for end, form in forms.items() if path.name.endswith(end)), "")
        header = table_of(path)[0]
        assert [name.strip() for name in header] == HEADERS[f"tmall_order_list{form}"]
        assert {name for name in header if name.endswith(" ")} == (blanks if form in ("", "_2019") else set())
        seen.add(form)
    assert seen == {"", *forms.values()}


def test_jd_orders_come_in_two_forms_with_a_trailing_comma_each(written: Written) -> None:
    forms = [table_of(path)[0] for path in written.files("jd/orders")]
    assert forms[0] == [*HEADERS["jd_order"], ""] and forms[-1] == [*HEADERS["jd_order_new"], ""]
    assert all(form in (forms[0], forms[-1]) for form in forms)


def test_every_file_decodes_strictly_and_every_row_fits_its_header(written: Written) -> None:
    encodings = Counter(encoding_of(path) for path in written.inbox.rglob("*.csv") if list(records(path)))
    assert set(encodings) == {"utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"}


def test_no_delivery_holds_anything_from_after_its_day(written: Written) -> None:
    for path in written.inbox.rglob("*"):
        if path.is_file():
            day = path.relative_to(written.inbox).parts[2]
            text = "\n".join(cell for row in table_of(path) for cell in row)
            assert max(re.findall(r"(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d", text), default="") <= day, path


def test_personal_columns_hold_canaries_only(written: Written) -> None:
    allowed = {"", "'", *canaries.ALL}
    for path in written.inbox.rglob("*"):
        if path.is_file() and "campaigns" not in path.parts:  # what the plan calls a remark is for the packers
            for row in records(path):
                cells = {row.get(name, "").removeprefix("'") for name in PERSONAL}
                assert {cell for cell in cells if not NOBODYS.fullmatch(cell)} <= allowed, path


def test_each_canary_is_planted(written: Written) -> None:
    seen = {
        cell.removeprefix("'")
        for path in written.inbox.rglob("*")
        if path.is_file()
        for r in table_of(path)
        for cell in r
    }
    assert set(canaries.ALL) <= seen


def test_the_traffic_format_of_the_day_is_completed_on_the_next(written: Written) -> None:
    for path in written.files("douyin/orders"):
        day = path.parent.parent.name
        for row in records(path):
            assert (row["流量体裁"] == "数据将于第二天更新") == (row["订单提交时间"][:10] == day)
