"""Titles and list heads in a second language, from tables that a person who speaks it confirms (DOMAIN §6.4).

Nothing is translated by the program: what a table does not say stays Chinese only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from villagedesk import resources
from villagedesk.documents import fonts
from villagedesk.errors import Refused, Unreadable
from villagedesk.text import say

_ENDINGS = ("公示", "公告", "名单")


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language: its Chinese name, the font role that draws it, who confirmed the table, and the phrases."""

    code: str
    name: str
    role: str
    verified_by: str
    words: Mapping[str, str]
    note: str = ""  # what is not done in this language, in plain words

    def title(self, title: str) -> str:
        """The second line of a title: of the whole, else of what kind of paper it is; "" when the table is silent."""
        ending = next((each for each in _ENDINGS if title.endswith(each)), "")
        return self.words.get(title) or self.words.get(ending, "")

    def head(self, heading: str) -> str:
        """The second line of a list's head."""
        return self.words.get(heading.replace("\n", ""), "")

    @property
    def remark(self) -> str:
        """What the small print says while nobody has confirmed the table."""
        return "" if self.verified_by else f"{self.name}对照未经核对"


@lru_cache
def load_phrases() -> Mapping[str, Phrases]:
    """The shipped tables by language code. Raises Unreadable for a wrong file."""
    files = sorted(resources.path("papers", "phrases").glob("*.toml"))
    return MappingProxyType({file.stem: _read(file) for file in files})


def phrases_of(code: str) -> Phrases:
    """The table of a language. Raises Refused for one that is not there."""
    known = load_phrases()
    if code not in known:
        names = "、".join(table.name for table in known.values())
        raise Refused(say("There is no phrase table “{code}”. Known are: {known}.", code=code, known=names))
    return known[code]


def _read(file: Path) -> Phrases:
    tree = tomllib.loads(file.read_text(encoding="utf-8"))
    said = MappingProxyType(tree["words"])
    table = Phrases(file.stem, tree["name"], tree["role"], tree["verified_by"], said, tree["note"])
    for chinese, words in table.words.items():
        if not fonts.draws(words, table.role):
            text = say("The phrase table {file} has letters at “{phrase}” that its font does not draw.", file=file.name,
                       phrase=chinese)  # fmt: skip
            raise Unreadable(text)
    return table
