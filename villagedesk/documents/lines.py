"""Breaking Chinese text into lines: no mark that closes begins a line, none that opens ends one, numbers stay whole.

reportlab's own breaker follows a Japanese list that lacks the Chinese marks, and it cannot fill a line; here a full
line is filled by spacing its characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from villagedesk.documents import fonts

NO_START = frozenset("，。、；：？！）》〉」』】〕〗｝］”’…—～·%％‰℃°,.;:?!)]}>/／〞＞")
NO_END = frozenset("（《〈「『【〔〖｛［“‘([{<〝＜￥＄№□☐")
HALF_INK = frozenset("，。、；：！？）》」』】〕”’")
"""Closing marks whose right half is blank: at a line end they need half a character only."""
_WORD = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,:/-_+%@'&#０１２３４５６７８９")
_COUNTED = frozenset("年月日天户人元亩岁个件份页号条次组")
BY_WORDS = frozenset({"naskh", "tibetan", "mongolian", "hangul"})
BLANKS = (" ", "\u3000")
SQUEEZE = 0.02  # a line may be set this much tighter, in em a character, to take a closing mark in


class Line(NamedTuple):
    """One line: its text, its width in points before filling, and the spacing that fills the measure."""

    text: str
    width: float
    spacing: float


class _Unit(NamedTuple):
    text: str
    em: float


def units(text: str, role: str) -> Iterator[_Unit]:
    """The smallest pieces a line may end after, closing and opening marks bound to what they belong to."""
    held = ""
    for piece in _pieces(text):
        if held and not _parts(held, piece):
            held += piece
            continue
        if held:
            yield _Unit(held, fonts.width(held, role))
        held = piece
    if held:
        yield _Unit(held, fonts.width(held, role))


def _parts(before: str, after: str) -> bool:
    """Whether a line may end between the two pieces."""
    if before[-1].isdigit() and after[0] in _COUNTED:
        return False
    return after[0] not in NO_START and before[-1] not in NO_END


def _pieces(text: str) -> Iterator[str]:
    """Single Chinese characters, and whole runs of letters and digits with their inner marks."""
    run = ""
    for char in text:
        if char in _WORD:
            run += char
            continue
        if run:
            yield run
            run = ""
        yield char
    if run:
        yield run


class Measure(NamedTuple):
    """The room for text: ``width`` in points, type ``size``, ``spacing`` of the grid, ``indent`` of the first line."""

    width: float
    size: float
    spacing: float = 0.0
    indent: float = 0.0


def break_text(text: str, role: str, room: Measure, *, fill: bool = True) -> tuple[Line, ...]:
    """Break one paragraph. ``fill``: lines that end before the paragraph does reach the right edge."""
    lines: list[Line] = []
    held: list[_Unit] = []
    wide, count, limit = 0.0, 0, room.width - room.indent
    for unit in _short_enough(units(text, role), room, role):
        extent = unit.em * room.size + len(unit.text) * room.spacing
        if held and not _fits(wide + extent, unit.text, limit, room, count):
            lines.append(_line(held, limit if fill else 0.0, room))
            held, wide, count, limit = [], 0.0, 0, room.width
            if unit.text in BLANKS:
                continue
        held.append(unit)
        wide, count = wide + extent, count + len(unit.text)
    if held or not lines:
        lines.append(_line(held, 0.0, room, last=limit))
    return tuple(lines)


def _fits(wide: float, last: str, limit: float, room: Measure, count: int) -> bool:
    """Whether the line still holds, set a little tighter where that saves a closing mark from taking its word along."""
    over = wide - limit
    if over <= 0.01:
        return True
    spare = room.size / 2 if last[-1] in HALF_INK else 0.0
    return over - spare <= SQUEEZE * room.size * count and len(last) > 1 and last[-1] in HALF_INK


def _short_enough(stream: Iterator[_Unit], room: Measure, role: str) -> Iterator[_Unit]:
    """Cut a unit that is wider than a whole line, e.g. a long code in a narrow column."""
    for unit in stream:
        if unit.em * room.size + len(unit.text) * room.spacing <= room.width or len(unit.text) == 1:
            yield unit
        else:
            yield from (_Unit(char, fonts.width(char, role)) for char in unit.text)


def _line(held: list[_Unit], fill_to: float, room: Measure, *, last: float = 0.0) -> Line:
    """A line set to ``fill_to`` points, on the grid when 0; ``last``: what a closing line may not exceed."""
    text = "".join(unit.text for unit in held).rstrip(" \u3000")
    natural = sum(unit.em for unit in held) * room.size
    gaps = max(len(text) - 1, 1)
    over = natural + gaps * room.spacing > max(fill_to, last)
    ink = natural - (room.size / 2 if over and text[-1:] in HALF_INK else 0.0)
    target = fill_to or (last if last and ink + gaps * room.spacing > last else 0.0)
    spacing = (target - ink) / gaps if target else room.spacing
    return Line(text, natural + gaps * spacing, spacing)


def break_cell(text: str, role: str, room: Measure) -> tuple[Line, ...]:
    """Break a cell's text, which may hold several lines of its own."""
    if role in BY_WORDS:
        return tuple(_by_words(text, role, room))
    if "\n" not in text:
        wide = fonts.width(text, role) * room.size
        if wide <= room.width:
            return (Line(text, wide, 0.0),)
    return tuple(line for part in text.split("\n") for line in _broken_name(part, role, room))


def _by_words(text: str, role: str, room: Measure) -> Iterator[Line]:
    """Text of a script that parts its words by blanks; a word is never torn."""
    held = ""
    for word in text.split(" "):
        longer = f"{held} {word}" if held else word
        if held and fonts.width(longer, role) * room.size > room.width:
            yield Line(held, fonts.width(held, role) * room.size, 0.0)
            longer = word
        held = longer
    yield Line(held, fonts.width(held, role) * room.size, 0.0)


def _broken_name(text: str, role: str, room: Measure) -> tuple[Line, ...]:
    """A name of several parts breaks between them (阿卜杜拉·/买买提), other text where the line is full."""
    given, dot, family = text.rpartition("·")
    halves = (given + dot, family)
    wide = [fonts.width(half, role) * room.size for half in halves]
    if dot and fonts.width(text, role) * room.size > room.width >= max(wide):
        return tuple(Line(half, extent, 0.0) for half, extent in zip(halves, wide, strict=True))
    return break_text(text, role, room, fill=False)


def break_title(text: str, role: str, width: float, size: float) -> tuple[Line, ...]:
    """A centred title. A newline is where to break when one line does not hold it; lines are never equally long.

    GB/T 9704 §7.3.1 asks for a trapezoid or a diamond, so an even break is shifted to a longer first line.
    """
    whole = text.replace("\n", "")
    room = Measure(width, size)
    if fonts.width(whole, role) * size <= width:
        return break_cell(whole, role, room)
    parts = text.split("\n")
    return tuple(line for part in parts for line in _trapezoid(part, role, room))


def _trapezoid(text: str, role: str, room: Measure) -> tuple[Line, ...]:
    natural = fonts.width(text, role) * room.size
    if natural <= room.width:
        return break_cell(text, role, room)
    count = int(natural / room.width) + 1
    first = min(room.width, natural / count + 2 * room.size)
    return break_text(text, role, room._replace(width=first), fill=False)
