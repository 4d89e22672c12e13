"""A block is proved to decode exactly when Python's own decoder accepts it, wherever the blocks happen to end."""

import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.extract import encodings
from orchestration.extract.encodings import as_text, text_blocks
from orchestration.extract.recognise import Refused

PIECES = [
    *(b"a", b"0", b",", b"\n", b"@", b"~", b"\x7f", b"\x80", b"\x81", b"\xd6", b"\xfe", b"\xff", b"\x81\x30\x81\x30"),
    *(text.encode("gb18030") for text in ("面", "喆", "丂", "😀")),
]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(1, 7))
def test_gb18030_is_proved_as_python_decodes_it(pieces: list[bytes], size: int) -> None:
    text = b"".join(pieces) + b"\n"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encodings, "CHUNK", size)
        try:
            found = [block.decode("gb18030") for block in text_blocks(io.BytesIO(text), "gb18030")]
        except Refused:
            with pytest.raises(UnicodeDecodeError):
                text.decode("gb18030")
            return
    assert "".join(found) == text.decode("gb18030")


def test_every_pair_that_is_passed_undecoded_is_a_character() -> None:
    trails = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    pairs = b"".join(bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in trails)
    assert len(pairs.decode("gb18030")) == len(pairs) // 2


def test_a_column_is_decoded_whatever_its_values() -> None:
    texts = ["面霜", "", "面霜", "a😀"]
    assert as_text(pa.array([text.encode("gb18030") for text in texts])).to_pylist() == texts
    assert as_text(pa.array([b"a", b""])).to_pylist() == ["a", ""]
