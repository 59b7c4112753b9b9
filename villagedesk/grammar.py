"""Where a TOML text cannot be read, in the user's words: line, key, what to do; the parser speaks to its makers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from villagedesk.text import Text, say

_PLACE = re.compile(r"\(at line (\d+), column \d+\)$")
_KEY = re.compile(r"^\s*([^=\[\]{}]{1,80}?)\s*=")
_TABLE = re.compile(r"^\s*\[{1,2}([^\[\]]{1,80})\]{1,2}\s*(#.*)?$")
_OTHER = say("it cannot be read; look at quotation marks, brackets and commas")
_REASONS: tuple[tuple[str, Text], ...] = (
    ("Expected '=' after", say("after the key a = is missing")),
    ("Expected newline or end of document", say("something stands behind the value; put words and dates "
                                                "with signs into quotation marks")),
    ("Invalid value", say("there is no value behind the =, or not a whole one; put words into quotation marks")),
    ("Unterminated string", say("a quotation mark at the end is missing")),
    ("Expected '\"'", say("a quotation mark at the end is missing")),
    ("Expected \"'\"", say("a quotation mark at the end is missing")),
    ("Unescaped '\\'", say("a backslash in quotation marks is written twice")),
    ("Illegal character", say("a sign stands here that nobody sees; delete it and type the line anew")),
    ("Unclosed", say("a bracket at the end is missing")),
    ("Expected ']", say("a bracket at the end is missing")),
    ("Cannot", say("this key or table stands twice; take one of them out")),
    ("Duplicate", say("this key or table stands twice; take one of them out")),
)  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """The first place that cannot be read: its line from 1, the key there ("" for none), the reason without a stop."""

    line: int
    key: str
    reason: Text

    @property
    def told(self) -> Text:
        """Line and reason, for a sentence that names file and key itself."""
        return say("line {line}: {reason}", line=self.line, reason=self.reason)


def mistake_in(text: str, error: Exception) -> Mistake:
    """What ``tomllib`` complained of in ``text``."""
    lines = text.splitlines() or [""]
    found = _PLACE.search(str(error))
    number = min(int(found[1]), len(lines)) if found else _last(lines)
    reason = next((said for start, said in _REASONS if str(error).startswith(start)), _OTHER)
    return Mistake(number, _key_at(lines, number), reason)


def _last(lines: list[str]) -> int:
    """The last line with something on it."""
    return max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)


def _key_at(lines: list[str], number: int) -> str:
    """The key on a line with the table it belongs to."""
    key = _KEY.match(lines[number - 1])
    heads = (_TABLE.match(line) for line in reversed(lines[:number]))
    table = next((head[1].strip() for head in heads if head), "")
    return ".".join(filter(None, (table, key[1].strip().strip("\"'") if key else "")))
