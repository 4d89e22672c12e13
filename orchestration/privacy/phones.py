"""What a phone number is, whatever stands around its digits.

Belongs here: the one spelling of a number that belongs to somebody. Does not: who may see it.
A masked, virtual or encrypted number is none: many people share the first, one person has many of the others. Nor is
what is typed where there is no number: it stands for anybody.
"""

import re
import unicodedata

DECORATION = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-‐‑‒–—−()]+")
WRAPPED = re.compile(r'=?"(.*)"|\'(.*)')
SEPARATORS = re.compile(r"[,，;；、|/\n\[\]]+")  # an interface writes a list, people separate as they please
MAINLAND = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})(?:\.0)?")
FILLER = re.compile(r"1[3-9]\d(\d)\1{7}|13800138000")  # one digit eight times over, or China Mobile's own number


def mainland_numbers(text: str) -> list[str]:
    """The numbers of a cell that may name several, each once, in the order of the cell."""
    numbers = map(mainland_number, SEPARATORS.split(text))
    return list(dict.fromkeys(number for number in numbers if number))


def mainland_number(text: str) -> str | None:
    """The eleven digits of a mainland mobile number; None for anything else, which must never join anybody."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if wrapped := WRAPPED.fullmatch(plain):
        plain = wrapped[1] or wrapped[2] or ""
    found = MAINLAND.fullmatch(DECORATION.sub("", plain))
    return found[1] if found and not FILLER.fullmatch(found[1]) else None
