"""Made-up histories: files of made-up rows in any order of their days, some of which come again or are taken back.

Belongs here: which files, and their fates. Does not: their rows (`made_up_rows.py`), histories with a name (`nasty`).
A batch of histories has to fit into one hypothesis example.
"""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from tests.properties.exports import day
from tests.properties.histories import File, History, Rows, Step
from tests.properties.made_up_rows import ROWS, one

STEPS = 4
DELIVERED = [day(text) for text in ("01-05", "01-06", "01-12", "02-10", "06-01")]
ASKED = [day(text) for text in ("01-04", "01-10", "01-20", "02-12", "05-02", "06-20")]
ONCE_IN_A_FILE = {  # two orders under one line id would refuse the file
    "generic/order_lines": "order_line_id",
    "tmall/items": "子订单编号",
    "douyin/orders": "子订单编号",
}
SALES = ["generic/order_lines", "generic/order_lines", "generic/refunds"]
PEOPLE = ["generic/identifiers", "generic/members", "generic/consents", "generic/campaigns"]
SUBJECTS = [  # what rows of a history are about, so that they meet
    [*SALES, *(name for name in ROWS if name.startswith("generic"))],
    [*SALES, *SALES, *PEOPLE, "generic/points", "generic/events", "generic/touches"],
    *([*(name for name in ROWS if name.startswith(platform)), *PEOPLE] for platform in ("tmall", "douyin")),
    ["jd/orders", "jd/orders", "youzan/orders", "pos/members", *PEOPLE],
]
FATES = ["stays", "stays", "again", "in two parts", "taken back", "replaced"]


def rows_of(dataset: str, most: int) -> st.SearchStrategy[Rows]:
    once = ONCE_IN_A_FILE.get(dataset)
    unique = (lambda row: row[once]) if once else None
    return st.lists(ROWS[dataset], min_size=1, max_size=most, unique_by=unique).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Files of a subject in any order of their days, some of which come again or are taken back."""
    subject = draw(one(SUBJECTS))
    steps: list[dict[File, Rows | None]] = [{} for _ in range(STEPS)]
    for number, dataset in enumerate(draw(st.lists(one(subject), min_size=3, max_size=8))):
        file = File(dataset, draw(one(DELIVERED)), str(number))
        first = draw(st.integers(0, STEPS - 1))
        steps[first][file] = rows = draw(rows_of(dataset, 6))
        fate = draw(one(FATES))
        if first < STEPS - 1 and fate != "stays":
            again = draw(one([on for on in DELIVERED if on >= file.day]))
            steps[draw(st.integers(first + 1, STEPS - 1))] |= draw(_fated(fate, file, rows, again))
    asked = [draw(st.lists(one(ASKED), max_size=2)) for _ in range(STEPS)]
    return History("made up", tuple(map(Step, steps, map(tuple, asked))))


def _fated(fate: str, file: File, rows: Rows, again: date) -> st.SearchStrategy[dict[File, Rows | None]]:
    """What becomes of a file in a later step."""
    half = len(rows) // 2
    if fate == "replaced":
        return rows_of(file.dataset, 2).map(lambda others: {file: others})
    copies: dict[str, dict[File, Rows | None]] = {
        "taken back": {file: None},
        "again": {replace(file, day=again, name=f"{file.name}b"): rows},
        "in two parts": {
            replace(file, day=again, name=f"{file.name}{part}"): some
            for part, some in (("b", rows[:half]), ("c", rows[half:]))
            if some
        },
    }
    return st.just(copies[fate])
