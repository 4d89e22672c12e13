"""Files that are damaged, hostile or not what they seem: each is refused whole, with what to do."""

import os
import zipfile
from datetime import date

import pytest

from orchestration.extract import landing
from orchestration.extract import workbook as workbook_reader
from orchestration.extract.contracts import load_contracts
from orchestration.settings import CONTRACTS
from tests.faults.conftest import DAY, ORDER_COLUMNS, Deliveries, csv_text, order_rows, workbook

LATER = date(2024, 1, 3)
GOOD = csv_text(ORDER_COLUMNS, order_rows(3))


def test_redelivery_of_the_same_bytes_changes_nothing(deliveries: Deliveries) -> None:
    deliveries.orders()
    deliveries.orders(name="again.csv", day=LATER)
    assert deliveries.land(DAY, LATER).lake_paths == deliveries.land(LATER).lake_paths
    assert len(deliveries.rows()) == 3
    assert [row["status"] for row in deliveries.audit.deliveries()] == ["loaded", "duplicate"]


@pytest.mark.parametrize(
    ("header", "rows", "delimiter", "encoding"),
    [
        (ORDER_COLUMNS, order_rows(3)[::-1], ",", "utf-8"),
        (ORDER_COLUMNS[::-1], [row[::-1] for row in order_rows(3)], ";", "utf-8-sig"),
        ([f" {name.upper()}\u200b" for name in ORDER_COLUMNS], order_rows(3), "\t", "gb18030"),
        ([*ORDER_COLUMNS, "sku_id"], [[*row, "-"] for row in order_rows(3)], ",", "utf-8"),
    ],
    ids=["rows reordered", "columns reordered", "headers respelt", "an empty column more"],
)
def test_the_same_content_in_another_form_is_a_duplicate(deliveries, header, rows, delimiter, encoding) -> None:
    deliveries.orders()
    deliveries.put("other form", csv_text(header, rows, delimiter, "\r\n").encode(encoding), LATER)
    summary = deliveries.land(DAY, LATER)
    assert len(summary.lake_paths) == 1 and not summary.refused


def test_a_workbook_with_the_same_rows_is_a_duplicate_of_the_csv(deliveries: Deliveries) -> None:
    deliveries.orders()

    def fill(book) -> None:
        sheet = book.add_worksheet()
        for number, row in enumerate([ORDER_COLUMNS, *order_rows(3)]):
            sheet.write_row(number, 0, [str(cell) for cell in row])

    workbook(deliveries.path("orders.bin", LATER), fill)
    assert len(deliveries.land(DAY, LATER).lake_paths) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "0 bytes"),
        (GOOD.encode()[:-1], "cut short"),
        (GOOD.encode()[: GOOD.encode().rindex("面".encode()) + 1], "cut short"),
        (csv_text(ORDER_COLUMNS, []).encode(), "allow_header_only"),
        (GOOD.encode("utf-16"), "UTF-16"),
        (GOOD.encode("utf-16-le"), "neither UTF-8 nor"),
        (GOOD.replace("paid,", "pa\0id,").encode(), "NUL"),
        (GOOD.encode().replace("霜".encode(), b"\xff\xff", 1), "no UTF-8"),
        (GOOD.encode().replace("面霜".encode(), b"\xff\xff"), "neither UTF-8 nor GB18030"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "save it as .xlsx"),
        (b"<html><table><tr><td>order_id</td></tr></table></html>\n", "web page"),
        (b"\xef\xbb\xbf \n<table>", "web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\0", "Unpack"),
        (GOOD.replace("\n", "\r").encode(), "line ends"),
        (b"hello\nworld\n", "no header"),
        (GOOD.replace("order_line_id", "line").encode(), "order_line_id"),
        (GOOD.replace("order_line_id", "line").encode(), "the contract of generic/order_lines (docs/contracts.md)"),
        (GOOD.replace("product_name", "paid_amount").encode(), "stands in columns 3, 5"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_what_to_do(deliveries, content: bytes, says: str) -> None:
    deliveries.put("orders.csv", content)
    assert says in deliveries.reason()


def test_mojibake_is_no_known_header(douyin: Deliveries) -> None:
    douyin.put("orders.csv", douyin.douyin({}).encode("gb18030").decode("latin-1"))
    assert "no header of douyin/orders" in douyin.reason()


def test_a_file_of_another_export_is_sent_to_its_folder(douyin: Deliveries) -> None:
    columns = douyin.contracts["douyin", "aftersales"].columns.values()
    douyin.put("orders.csv", csv_text([column.header[0] for column in columns], []))
    assert "move it to inbox/douyin/aftersales/" in douyin.reason()


def test_columns_that_are_new_are_reported_and_not_loaded(deliveries: Deliveries) -> None:
    deliveries.put("orders.csv", csv_text([*ORDER_COLUMNS, "会员日标记"], [[*row, "x"] for row in order_rows(2)]))
    assert deliveries.land().rows_loaded == 2
    assert "会员日标记" in str(deliveries.audit.deliveries()[0]["reason"])


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.99])
def test_a_truncated_workbook_is_refused(deliveries: Deliveries, keep: float) -> None:
    path = deliveries.path("orders.xlsx")
    workbook(path, lambda book: book.add_worksheet().write_row(0, 0, ORDER_COLUMNS))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    assert "damaged" in deliveries.reason()


@pytest.mark.parametrize(
    ("member", "content", "says"),
    [
        ("xl/worksheets/sheet9.xml", b'<worksheet><c r="A1"><f>1+1</f><v>2</v></c></worksheet>', "formulas"),
        ("xl/worksheets/sheet9.xml", b'<x:worksheet><x:c r="A1"><x:f/></x:c></x:worksheet>', "formulas"),
        ("xl/worksheets/sheet9.xml", b'<worksheet><c r="A1" t="e"><v>#N/A</v></c></worksheet>', "error cells"),
        ("docProps/odd.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "document type"),
        ("../../outside.xml", b"<x/>", "lead outside"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "other workbooks"),
    ],
)
def test_a_hostile_or_misleading_workbook_is_refused(deliveries, member: str, content: bytes, says: str) -> None:
    path = deliveries.path("orders.xlsx")
    workbook(path, lambda book: book.add_worksheet().write_row(0, 0, ORDER_COLUMNS))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, content)
    assert says in deliveries.reason()


def test_a_workbook_that_unpacks_to_too_much_is_refused(deliveries: Deliveries, monkeypatch) -> None:
    monkeypatch.setattr(workbook_reader, "LARGEST", 2000)
    workbook(deliveries.path("orders.xlsx"), lambda book: book.add_worksheet().write_row(0, 0, ORDER_COLUMNS))
    assert "unpacks to more than" in deliveries.reason()


def test_a_zip_of_csv_files_is_refused(deliveries: Deliveries) -> None:
    with zipfile.ZipFile(deliveries.path("orders.zip"), "w") as archive:
        archive.writestr("orders.csv", GOOD)
    assert "Unpack it" in deliveries.reason()


def test_two_sheets_with_the_same_header_are_refused(deliveries: Deliveries) -> None:
    def fill(book) -> None:
        for _ in range(2):
            book.add_worksheet().write_row(0, 0, ORDER_COLUMNS)

    workbook(deliveries.path("orders.xlsx"), fill)
    assert "more than one of its sheets" in deliveries.reason()


def test_merged_cells_among_the_rows_are_refused(deliveries: Deliveries) -> None:
    def fill(book) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ORDER_COLUMNS)
        sheet.merge_range(1, 0, 2, 0, "O1")

    workbook(deliveries.path("orders.xlsx"), fill)
    assert "merged cells at row 3" in deliveries.reason()


def test_links_pipes_and_folders_are_never_followed(deliveries: Deliveries, tmp_path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "orders.csv").write_text(GOOD)
    deliveries.path("link.csv").symlink_to(tmp_path / "outside" / "orders.csv")
    deliveries.path("shop").symlink_to(tmp_path / "outside")
    os.mkfifo(deliveries.path("pipe.csv"))
    deliveries.path("shop2/deeper/orders.csv").write_text(GOOD)
    summary = deliveries.land()
    assert len(summary.refused) == summary.files == 4


def test_a_delivery_folder_that_is_a_link_is_refused(deliveries: Deliveries, tmp_path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "orders.csv").write_text(GOOD)
    deliveries.path("x").parent.rmdir()
    deliveries.path("x").parent.parent.joinpath(LATER.isoformat()).symlink_to(tmp_path / "outside")
    assert len(deliveries.land(LATER).refused) == 1


@pytest.mark.parametrize(
    "name", ["'; drop table staged; --", "\u202exslx.csv", "a" * 250, "{{ x }}.csv", "-rf", b"\xb6\xa9.csv"]
)
def test_a_file_name_is_only_a_name(deliveries: Deliveries, name: str | bytes) -> None:
    deliveries.orders(name=os.fsdecode(name))
    assert deliveries.land().rows_loaded == 3
    assert deliveries.land().rows_loaded == 3


@pytest.mark.parametrize("shop", ["'); drop table staged; --", "店铺 1", "{{ shop }}"])
def test_a_shop_folder_is_only_a_value(deliveries: Deliveries, shop: str) -> None:
    deliveries.orders(name=f"{shop}/orders.csv")
    deliveries.land()
    assert {row[0] for row in deliveries.rows("shop_id")} == {shop}


@pytest.mark.parametrize(
    "name",
    ["~$orders.xlsx", ".orders.csv", "orders.csv.tmp", "o.part", "o.crdownload", "o.csv~", ".DS_Store", "Thumbs.db"],
)
def test_temporary_files_are_left_alone(deliveries: Deliveries, name: str) -> None:
    deliveries.orders(name=name)
    assert deliveries.land().files == 0


def test_a_file_that_changes_while_it_is_read_is_refused(deliveries: Deliveries, monkeypatch) -> None:
    path = deliveries.orders()

    def read_and_append(handle, contract, contracts):
        source = original(handle, contract, contracts)
        with path.open("a") as file:
            file.write("O9,L9,x,1,1.00,paid,2024-01-01 10:00:00\n")
        return source

    original = landing.read
    monkeypatch.setattr(landing, "read", read_and_append)
    assert "changed while" in deliveries.reason()


def test_a_corrected_file_replaces_the_refusal(deliveries: Deliveries) -> None:
    deliveries.put("orders.csv", GOOD[:-1])
    assert "cut short" in deliveries.reason()
    assert "cut short" in deliveries.reason()
    deliveries.put("orders.csv", GOOD)
    assert deliveries.land().refused == ()
    assert [row["status"] for row in deliveries.audit.deliveries()] == ["loaded"]


@pytest.mark.parametrize("archived", [False, True], ids=["the file is removed", "its whole folder is gone"])
def test_a_refused_file_that_is_gone_is_forgotten(deliveries: Deliveries, archived: bool) -> None:
    path = deliveries.put("orders.csv", GOOD[:-1])
    assert "cut short" in deliveries.reason()
    path.unlink()
    if archived:
        path.parent.rmdir()
    assert deliveries.land(LATER).files == 0 and len(deliveries.audit.deliveries()) == 1
    assert deliveries.land().refused == () and deliveries.audit.deliveries() == []


@pytest.mark.parametrize(("archived", "left"), [(False, []), (True, ["loaded"])])
def test_a_good_file_that_is_removed_is_withdrawn_unless_its_folder_was_archived(deliveries, archived, left) -> None:
    path = deliveries.put("orders.csv", GOOD.replace(",1.50,", ",x,"))
    deliveries.land()
    path.unlink()
    if archived:
        path.parent.rmdir()
    deliveries.land()
    assert [row["status"] for row in deliveries.audit.deliveries()] == left
    assert len(deliveries.rules()) == len(left)


def test_a_renamed_file_keeps_its_quarantined_rows(deliveries: Deliveries) -> None:
    path = deliveries.put("orders.csv", GOOD.replace(",1.50,", ",x,"))
    deliveries.land()
    path.rename(path.with_name("renamed.csv"))
    deliveries.land()
    assert [row["file_name"] for row in deliveries.audit.deliveries()] == ["renamed.csv"]
    assert deliveries.rules() == [(2, "not_a_number", "paid_amount")]


def test_quarantined_rows_of_a_replaced_file_are_forgotten(deliveries: Deliveries) -> None:
    bad = GOOD.replace(",1.50,", ",x,")
    deliveries.put("orders.csv", bad + "O9,L9\n")
    deliveries.land()
    header, first, *more = bad.splitlines(keepends=True)
    deliveries.put("orders.csv", "".join([header, *more, first, "O9,L9\n"]))  # the same content, on other lines
    deliveries.land()
    assert deliveries.rules() == [(4, "not_a_number", "paid_amount"), (5, "wrong_number_of_fields", None)]
    deliveries.put("orders.csv", GOOD)
    deliveries.land()
    assert deliveries.rules() == []


def test_a_refused_file_does_not_stop_the_others(deliveries: Deliveries) -> None:
    deliveries.put("bad.csv", b"")
    deliveries.orders(name="good.csv")
    summary = deliveries.land()
    assert summary.rows_loaded == 3 and len(summary.refused) == 1


def test_a_new_export_needs_a_contract_and_no_code(deliveries: Deliveries, tmp_path) -> None:
    (tmp_path / "own" / "kuaishou").mkdir(parents=True)
    (tmp_path / "own" / "kuaishou" / "orders.yml").write_text(
        "title: 快手 订单\nkey: [order_id]\ncolumns:\n"
        "  order_id: {header: [订单号], type: id, required: true}\n  paid_amount: {header: [实付款], type: money}\n"
    )
    own = Deliveries(tmp_path, load_contracts([CONTRACTS, tmp_path / "own"]), ("kuaishou", "orders"))
    own.put("a.csv", "订单号,实付款\n1001,￥1,299.00\n".replace("￥1,299.00", '"￥1,299.00"').encode("gb18030"))
    own.land()
    assert [str(cell) for cell in own.rows("order_id, paid_amount")[0]] == ["1001", "1299.00"]


@pytest.mark.parametrize("broken", ["record_deliveries", "write"])
def test_killed_between_two_writes_a_re_run_ends_where_an_undisturbed_run_does(deliveries, monkeypatch, broken) -> None:
    deliveries.orders()
    deliveries.orders(name="copy.csv", day=LATER)
    with monkeypatch.context() as patched:

        def stop(*_arguments) -> None:
            raise KeyboardInterrupt

        patched.setattr(landing.Audit if broken == "record_deliveries" else landing, broken, stop)
        with pytest.raises(KeyboardInterrupt):
            deliveries.land(LATER)
    summary = deliveries.land(DAY, LATER)
    assert summary.rows_loaded == 6 and len(summary.lake_paths) == 1
    assert len(deliveries.rows()) == 3


def test_an_unchanged_file_is_not_read_again(deliveries: Deliveries, monkeypatch) -> None:
    deliveries.orders()
    before = deliveries.land()
    monkeypatch.setattr(landing, "read", None)
    assert deliveries.land() == before
