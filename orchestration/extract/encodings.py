"""Which encoding a text file is in, and the proof that every byte of it decodes.

Belongs here: UTF-8 and GB18030 as bytes. In both, ASCII below `0` is never part of another
character, so records are cut before anything is decoded.
Does not: records and fields (`records.py`, `readers.py`), other kinds of file (`files.py`).
"""

import codecs
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from orchestration.extract.recognise import Refused

CHUNK = 2 * 1024 * 1024
NOT_WIDE = bytes({*range(256)} - {*range(0xE0, 0xF0)})  # all but the first byte of a three-byte UTF-8 character
UTF_8, GB18030 = "utf-8-sig", "gb18030"
AGAIN = "Export it again and deliver the whole file"


def encoding_of(handle: BinaryIO) -> str:
    """`utf-8-sig` where all bytes are strict UTF-8, else `gb18030` (still to be proved)."""
    decoder = codecs.getincrementaldecoder(UTF_8)()
    handle.seek(0)
    well_formed = 0
    while chunk := handle.read(CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            # Read as UTF-8, GB18030 is nearly all faults; in damaged UTF-8 they are few among many good characters.
            text = error.object.decode("utf-8", "replace")
            faults = text.count("\ufffd")
            if well_formed + len(text) - len(text.encode("ascii", "ignore")) > 2 * faults:
                raise Refused(f"damaged: UTF-8 text with bytes that are no UTF-8. {AGAIN}.") from None
            return GB18030
        well_formed += len(chunk.translate(None, NOT_WIDE))
    return UTF_8


def text_blocks(handle: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The whole text in its encoding, block by block, without UTF-8's mark; refused where a byte does not decode."""
    handle.seek(0)
    last = b""
    for block in _proved(handle) if encoding == GB18030 else _without_mark(handle):
        if b"\0" in block:
            raise Refused(f"it holds NUL bytes: not text, or damaged. {AGAIN}.")
        last = block or last
        yield block
    if not last.endswith(b"\n"):
        raise Refused(f"the last line has no line end, so the file is probably cut short. {AGAIN}.")


def _without_mark(handle: BinaryIO) -> Iterator[bytes]:
    """UTF-8 as it is, since `encoding_of` has proved all of it."""
    yield handle.read(CHUNK).removeprefix(codecs.BOM_UTF8)
    while chunk := handle.read(CHUNK):
        yield chunk


def _proved(handle: BinaryIO) -> Iterator[bytes]:
    rest = b""
    try:
        while chunk := handle.read(CHUNK):
            block = rest + chunk
            rest = _unfinished(block)
            yield block[: len(block) - len(rest)]
        rest.decode(GB18030)
    except UnicodeDecodeError:
        raise Refused(f"neither UTF-8 nor GB18030 text, or damaged. Save it as CSV UTF-8. {AGAIN}.") from None


def _unfinished(block: bytes) -> bytes:
    """The start of a character that the block breaks off; raises where a byte does not decode."""
    rest = _after_pairs(block)
    if rest is None:
        decoder = codecs.getincrementaldecoder(GB18030)()
        decoder.decode(block)
        rest = decoder.getstate()[0]
    return rest


def _after_pairs(block: bytes) -> bytes | None:
    """The same, or None, of a block of ASCII and two-byte characters only, which need no decoding to be proved:
    81–FE followed by 40–7E or 81–FE is a character, whichever it is."""
    data = np.frombuffer(block, np.uint8)
    high = data >= 0x80
    edges = np.flatnonzero(np.diff(high, prepend=False, append=False))
    starts, ends = edges[0::2], edges[1::2]
    trails = ends[(ends - starts) % 2 == 1]  # a run of odd length has its last trail byte in ASCII
    rest = block[-1:] if len(trails) and trails[-1] == len(data) else b""
    trail = data[trails[: -1 if rest else None]]
    is_proved = ((trail >= 0x40) & (trail <= 0x7E)).all() and not (b"\x80" in block or b"\xff" in block)
    return rest if is_proved else None


def as_text(values: "pa.Array[Any]") -> "pa.Array[Any]":
    """A column of GB18030 as text: as it is where it is ASCII, else as a dictionary, each value decoded once."""
    if is_ascii(values):
        return values.view(pa.string())
    encoded = values.dictionary_encode()
    distinct: list[Any] = encoded.dictionary.to_pylist()
    texts = pa.array([value.decode(GB18030) for value in distinct], pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, texts)


def is_ascii(values: "pa.Array[Any]") -> bool:
    return bool(bytes_of(values).max(initial=0) < 0x80)


def bytes_of(values: "pa.Array[Any]") -> "np.typing.NDArray[np.uint8]":
    """All bytes of a column of text, and maybe some that are in none of its values."""
    buffer: Any = values.buffers()[2]  # the stubs do not know it as a buffer
    return np.frombuffer(buffer or b"", np.uint8)
