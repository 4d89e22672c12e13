"""Made-up personal data, planted in columns that must never reach the lake.

A search of the lake, the warehouse and the published files for any of `ALL` must find nothing.
No value can belong to anyone: no mobile number begins with 10, and no person or street bears these names.
"""

NAMES = ("金丝雀甲*", "金丝雀乙*", "金丝雀丙*", "金丝雀丁*")
PHONES = ("100****0001", "100****0002", "10937462815", "10826493715-0001", "1******0937")
ADDRESSES = ("金丝雀路1号", "金丝雀路2号3单元", "金丝雀小区4栋,501室", "金丝雀大厦6层")
REMARKS = (
    "金丝雀留言：请打10937462815",
    '金丝雀备注："放门口"',
    "金丝雀说：生日礼物,谢谢",
    "金丝雀：改地址金丝雀路2号",
)
CIPHERS = ("##Y2FuYXJ5MDAwMQ==", "$$Y2FuYXJ5MDAwMg==", "##Y2FuYXJ5MDAwMw==", "$$Y2FuYXJ5MDAwNA==")
BIRTHDAYS = ("1899-12-31", "1899-12-30", "1899-12-29", "1899-12-28")
PAYMENT_ACCOUNTS = ("canary1@example.invalid", "canary2@example.invalid", "canary3@example.invalid", "10937462815")

ALL = NAMES + PHONES + ADDRESSES + REMARKS + CIPHERS + BIRTHDAYS + PAYMENT_ACCOUNTS
