"""Reads a delivered file as text: one Arrow column of text per contract column, in bounded memory.

Belongs here: CSV and the form all readers share.
Does not: types, keys, hashes (`casting.py`, `ledger.py`); XLSX (`workbook.py`).
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv

from orchestration.extract.contracts import Contract, ContractKey
from orchestration.extract.encodings import GB18030, as_text, encoding_of, text_blocks
from orchestration.extract.files import is_workbook
from orchestration.extract.recognise import HEADER_ROWS, Header, Refused, explain, find_header, header_of
from orchestration.extract.records import Block, MalformedRecord, blocks

DELIMITERS = ",\t;"


@dataclass
class Source:
    """A file being read: its header, and its rows as text. `malformed` is complete once `batches` is exhausted."""

    header: Header
    batches: Iterator[pa.RecordBatch]
    malformed: list[MalformedRecord] = field(default_factory=list)
    failure: Exception | None = None

    @property
    def names(self) -> list[str]:
        return [*self.header.columns, *self.header.parameters]

    def reader(self) -> pa.RecordBatchReader:
        """The rows as a stream. What stops it is kept in `failure`: DuckDB would wrap it."""
        fields: list[pa.Field[Any]] = [
            *(pa.field(name, pa.string()) for name in self.names),
            pa.field("line_number", pa.int64()),
        ]
        return pa.RecordBatchReader.from_batches(pa.schema(fields), self._watched())

    def _watched(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.batches
        except Exception as failure:
            self.failure = failure
            raise


def read(handle: BinaryIO, contract: Contract, contracts: Mapping[ContractKey, Contract]) -> Source:
    """Recognises the file and starts reading it."""
    if is_workbook(handle):
        from orchestration.extract.workbook import read_workbook  # noqa: PLC0415 - few deliveries are workbooks

        return read_workbook(handle, contract, contracts)
    return read_csv(handle, contract, contracts)


def read_csv(handle: BinaryIO, contract: Contract, contracts: Mapping[ContractKey, Contract]) -> Source:
    encoding = encoding_of(handle)
    text = text_blocks(handle, encoding)
    first = next(text, b"")
    header, delimiter, start = csv_header(first, encoding, contract, contracts)
    records = blocks(chain([first[start:]], text), header.row + 1, header.width, delimiter)
    source = Source(header, iter(()))
    source.batches = _batches(records, header, delimiter, encoding, source)
    return source


def csv_header(
    first: bytes, encoding: str, contract: Contract, contracts: Mapping[ContractKey, Contract]
) -> tuple[Header, str, int]:
    """The header, the delimiter under which it was found, and the byte at which the rows start."""
    lines = first.split(b"\n", 4 * HEADER_ROWS)[:-1]
    if not lines:
        raise Refused("no line ends with a line feed. Save it as CSV with Windows or Unix line ends.")
    texts = [line.decode(encoding) + "\n" for line in lines]
    for delimiter in DELIMITERS:
        rows = csv.reader(texts, delimiter=delimiter)
        if found := find_header(_rows(rows), contract):
            start = sum(len(line) + 1 for line in lines[: rows.line_num])
            return header_of(*found, contract, contracts), delimiter, start
    candidates = (islice(_rows(csv.reader(texts, delimiter=delimiter)), HEADER_ROWS) for delimiter in DELIMITERS)
    raise Refused(explain(chain.from_iterable(candidates), contract, contracts))


def _rows(rows: Iterator[list[str]]) -> Iterator[Sequence[str]]:
    try:
        yield from rows
    except csv.Error:
        return


def _batches(
    records: Iterator[Block], header: Header, delimiter: str, encoding: str, source: Source
) -> Iterator[pa.RecordBatch]:
    for block in records:
        source.malformed.extend(replace(row, text=row.text.decode(encoding).encode()) for row in block.malformed)
        if len(block.numbers):
            yield _parsed(block, header, delimiter, encoding)


def _parsed(block: Block, header: Header, delimiter: str, encoding: str) -> pa.RecordBatch:
    """One block through Arrow's parser, which must count the records as we did and sees only the columns we load."""
    names = [f"c{place}" for place in range(header.width)]
    places = [*header.columns.values(), *header.parameters.values()]
    wanted = [names[place] for place in places]
    table = pa_csv.read_csv(
        pa.BufferReader(block.text),  # type: ignore[arg-type]  # the stubs know only files
        read_options=pa_csv.ReadOptions(column_names=names, block_size=len(block.text) + 1, use_threads=False),
        parse_options=pa_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=block.quoted_line_breaks, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.binary() if encoding == GB18030 else pa.string()),
            check_utf8=False,
            strings_can_be_null=False,
        ),
    )
    if table.num_rows != len(block.numbers):
        raise Refused("its rows cannot be told apart reliably. Open it in Excel and save it as .xlsx.")
    arrays = [column.combine_chunks() for column in table.columns]
    if encoding == GB18030:
        arrays = [as_text(values) for values in arrays]
    return pa.record_batch(
        [*arrays, pa.array(block.numbers)], names=[*header.columns, *header.parameters, "line_number"]
    )
