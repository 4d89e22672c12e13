"""How a test asks as people do: the commands of `siyu audience`, and the examples of the documents.

Belongs here: reading what they print and hold. Does not: what they have to say (`test_demo_truth.py`).
"""

import re
from pathlib import Path

from tests.end_to_end.conftest import LAST_DAY

ROOT = Path(__file__).parents[2]
WELCOME = f"WELCOME-{LAST_DAY.year}"
OF_THE_DAY = ("--day", str(LAST_DAY))


def examples(language: str) -> list[str]:
    """The fenced blocks of a language in the pages for users."""
    pages = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    fence = re.compile(rf"^```{language}\n(.+?)^```", re.MULTILINE | re.DOTALL)
    return [block for page in pages for block in fence.findall(page.read_text(encoding="utf-8"))]


def cells(text: str) -> list[list[str]]:
    """The cells of the tables that a command printed, a list a line."""
    return [[cell.strip() for cell in re.split(r"\s{2,}|\|", line.strip())] for line in text.splitlines()]
