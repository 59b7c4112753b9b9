"""Provinces, cities, counties, townships and villages by their statistical codes (GB/T 2260, GB/T 10114).

The table (``resources/divisions``, the state of 2023-06-30) is one compressed frame a province; only the frame of the
province asked for is opened. Divisions are keyed by code and never by name: 10,519 village names occur more than once
inside one county.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import zstandard

from villagedesk import resources
from villagedesk.errors import Refused, Unavailable
from villagedesk.text import say

_LEVELS = {0: 2, 2: 4, 4: 6, 6: 9, 9: 12}
_VILLAGE = 12


@dataclass(frozen=True, slots=True)
class Division:
    """One division; the names of the divisions above it are filled, its own level's and lower ones are empty."""

    code: str
    name: str
    township: str = ""
    county: str = ""
    city: str = ""
    province: str = ""

    @property
    def path(self) -> str:
        """The full name from the province down."""
        return "".join((self.province, self.city, self.county, self.township, self.name))

    @property
    def short_name(self) -> str:
        """The place a village committee stands for, as papers name it: 东村村委会 → 东村, 赵庄村民委员会 → 赵庄村."""
        if len(self.code) != _VILLAGE:
            return self.name
        for body, place in (("村民委员会", "村"), ("村委会", "村"), ("居民委员会", "社区"), ("居委会", "社区")):
            if self.name.endswith(body):
                return self.name.removesuffix(body).removesuffix(place) + place
        return self.name


def village(code: str) -> Division:
    """The village or residents' committee with this 12-digit code.

    Raises :class:`~villagedesk.errors.Refused` when no village has it.
    """
    if len(code) == _VILLAGE and code.isascii() and code.isdigit() and code[:2] in _names():
        text = _frame(code[:2])
        start = text.find("\n" + code)
        if start >= 0:
            return _village_at(text, start + 1)
    raise Refused(
        say(
            "No village has the code {code}. Find it by its name, or copy the 12 digits of the state system.",
            code=code,
        )
    )


def home(code: str) -> str:
    """Province, city and county of a six-digit code (of an ID number), as far as the table knows them; else "".

    Numbers of counties that were abolished stay valid for life: of such a county the province or city is told.
    """
    return "".join(dict.fromkeys(name for length in (2, 4, 6) if (name := _upper_name(code[:length]))))


def children(code: str = "") -> tuple[Division, ...]:
    """What lies directly under a division, by code; ``""`` gives the provinces, a township its villages.

    Raises :class:`~villagedesk.errors.Refused` for a code that is no province, city, county or township.
    """
    if code and (code not in _names() or len(code) not in _LEVELS):
        raise Refused(say("No province, city, county or township has the code {code}.", code=code))
    length = _LEVELS[len(code)]
    if length == _VILLAGE:
        return tuple(_villages(code))
    return tuple(_upper(found) for found in _names() if len(found) == length and found.startswith(code))


def search(text: str, limit: int = 50, within: str = "") -> tuple[Division, ...]:
    """Divisions whose name contains the last word of ``text`` and whose divisions above contain the other words.

    Words need no blanks between them (泗洪界集盛圩). A word of digits is the beginning of a code. ``within``
    keeps to one division (and is much faster than the whole country). Townships and above come before villages, each by
    code, at most ``limit``.
    """
    *above, sought = text.split() or [""]
    if not sought:
        return ()
    for found in (_candidates(sought, within), _run_together(sought, within)):
        kept: dict[str, Division] = {}
        for division in found:
            if len(kept) >= limit:
                break
            if all(_is_under(division, word) for word in above):
                kept.setdefault(division.code, division)
        if kept:
            return tuple(kept.values())
    return ()


def _is_under(division: Division, word: str) -> bool:
    names = [name for name in (division.province, division.city, division.county, division.township) if name]
    return any(word in name for name in (*names, "".join(names), "".join(_brief(name) for name in names)))


def _run_together(sought: str, within: str) -> Iterator[Division]:
    """Divisions meant by names written one after the other, from above down: 江苏泗洪界集镇盛圩."""
    for code, name in _names().items():
        if not code.startswith(within[: len(code)]):
            continue
        for named in dict.fromkeys((name, _brief(name))):
            rest = sought.removeprefix(named)
            if named and rest and rest != sought:
                place = max(code, within, key=len)
                yield from _candidates(rest, place)
                yield from _run_together(rest, place)


def _brief(name: str) -> str:
    """A name as people say it: 泗洪县 → 泗洪; one that would be a single character stays whole."""
    return name[:-1] if len(name) > 2 and name[-1] in "省市县区乡镇" else name


def _candidates(sought: str, within: str) -> Iterator[Division]:
    by_code = sought.isascii() and sought.isdigit()
    for code, name in _names().items():
        if code.startswith(within) and (code.startswith(sought) if by_code else sought in name):
            yield _upper(code)
    for province in (found.code for found in children()):
        if province.startswith(within[:2]) and (not by_code or province.startswith(sought[:2])):
            yield from _villages(within, "\n" + sought if by_code else sought, province)


def _villages(within: str, sought: str = "\n", province: str = "") -> Iterator[Division]:
    """Villages under ``within`` whose line contains ``sought``, in the order of their codes."""
    text = _frame(province or within[:2])
    position, end = _span(text, within)
    while (position := text.find(sought, position, end)) >= 0:
        start = position + 1 if sought[0] == "\n" else text.rfind("\n", 0, position) + 1
        yield _village_at(text, start)
        position = text.find("\n", start)


def _span(text: str, prefix: str) -> tuple[int, int]:
    """Where the lines that begin with ``prefix`` stand: they follow one another, because the lines are sorted."""
    first, last = text.find("\n" + prefix), text.rfind("\n" + prefix, 0, len(text) - 1)
    return (first, text.find("\n", last + 1)) if first >= 0 else (0, 0)


def _village_at(text: str, start: int) -> Division:
    code = text[start : start + _VILLAGE]
    return Division(code, text[start + _VILLAGE : text.find("\n", start)], *_above(code))


def _upper(code: str) -> Division:
    above = {9: 6, 6: 4, 4: 2, 2: 0}[len(code)]
    names = _names()
    return Division(code, names[code], "", *(names[code[:n]] if n <= above else "" for n in (6, 4, 2)))


def _above(code: str) -> tuple[str, str, str, str]:
    names = _names()
    return names[code[:9]], names[code[:6]], names[code[:4]], names[code[:2]]


@lru_cache(maxsize=512)
def _upper_name(code: str) -> str:
    """The name of one division above the village, "" when there is none; one alone is not worth sorting all."""
    lines = "\n" + _frame("upper")
    start = lines.find(f"\n{code} ") + 2 + len(code)
    return lines[start : lines.find("\n", start)] if start > 1 + len(code) else ""


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Code → name of every division above the village, in the order of the codes."""
    lines = (line.partition(" ") for line in _frame("upper").split("\n") if line)
    return {code: name for code, _, name in lines}


@lru_cache(maxsize=8)
def _frame(name: str) -> str:
    try:
        return zstandard.decompress(resources.path("divisions", f"{name}.zst").read_bytes()).decode("utf-8")
    except (OSError, zstandard.ZstdError, UnicodeDecodeError) as error:
        raise Unavailable(
            say("The table of villages shipped with the program cannot be read. Install the program again.")
        ) from error
