"""Exports that state amounts per order, which is shared over its lines: those of JD and Youzan."""

from tests.properties.nasty.writing import came, history, step, went
from tests.properties.platform_exports import jd_row, youzan_order

TWO_ROWS = came("jd/orders", "01-05", jd_row("000001"), jd_row("000001", "56", price="25.00"))

SHARED = [
    history(
        "JD: one row of an order comes again with another amount and buyer, then the order is deleted",
        step(TWO_ROWS, asked="01-05 01-12 02-10"),
        step(came("jd/orders", "01-12", jd_row("000001", "56", "jd_a2", amount="77.77", price="25.00"))),
        step(came("jd/orders", "02-10", jd_row("000001", status="(删除)等待出库"), jd_row("000002", amount="77.77"))),
    ),
    history(
        "JD: a row of an order comes late, and what brought its amount is taken back",
        step(came("jd/orders", "01-05", jd_row("000001", amount="10.00"))),
        step(came("jd/orders", "01-06", jd_row("000001", "56", "jd_****", amount="33.33", price="10.01"))),
        step(went("jd/orders", "01-06")),
    ),
    history(
        "Youzan: goods change their order and number, the order goes to another phone, and is closed",
        step(came("youzan/orders", "01-05", youzan_order("E00001", "cup(1件)，plate(2件)")), asked="01-05 01-12"),
        step(came("youzan/orders", "01-06", youzan_order("E00001", "plate(2件);bowl(1件);cup(1件)", "13900000002"))),
        step(came("youzan/orders", "01-12", youzan_order("E00001", "a gift", "139****0002", status="已关闭"))),
        step(went("youzan/orders", "01-12")),
    ),
]
