"""The bundled fonts: widths, and which font draws which character.

Every font is read once per process. A character that the font of a role does not draw comes from the song font, run by
run, or from the font of rare names; one that no font draws is refused by name, because a reader of the file would see
a blank in its place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType

from villagedesk import resources
from villagedesk.documents import truetype
from villagedesk.documents.shaping import SHAPED, Glyph, shape
from villagedesk.errors import Problem, Refused
from villagedesk.text import Text, say

FALLBACK = "song"
LAST_RESORT = "rare"
ROLES = ("title", "fang", "hei", "kai", "song")
_LATIN = frozenset(map(chr, range(0x21, 0x7F)))
_HAN_ONLY = "fang"
"""The fang font's own Latin letters and digits have no serifs; the song font's stand better beside its characters."""


@dataclass(frozen=True, eq=False)
class Face:
    """One font of a role: advance widths in em by character, for every character it draws."""

    role: str
    font: truetype.TrueType
    widths: Mapping[str, float]
    characters: frozenset[str]


@lru_cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Role → file, family, licence, source and SHA-256 of each shipped font (``resources/fonts/fonts.toml``)."""
    return MappingProxyType(tomllib.loads(resources.path("fonts", "fonts.toml").read_text(encoding="utf-8")))


@lru_cache
def face(role: str) -> Face:
    """The font of ``role``, read at its first use."""
    font = truetype.read(resources.path("fonts", catalogue()[role]["file"]))
    without = _LATIN if role == _HAN_ONLY else frozenset()
    widths = {char: font.advances[glyph] / font.units for char, glyph in font.glyphs.items() if char not in without}
    return Face(role, font, MappingProxyType(widths), frozenset(widths))


def shaped(text: str, role: str) -> tuple[Glyph, ...]:
    """The glyphs of a text whose letters join or stack."""
    return shape(resources.path("fonts", catalogue()[role]["file"]), text)


def draws(text: str, role: str) -> bool:
    """Whether the font of a role draws all of a text by itself."""
    if role in SHAPED:
        return all(glyph.number for glyph in shaped(text, role))
    return face(role).characters.issuperset(text)


@lru_cache(maxsize=20_000)
def width(text: str, role: str) -> float:
    """The advance of ``text`` in em, without any added spacing. Raises Refused for a character nobody draws."""
    if role in SHAPED:
        return sum(glyph.advance for glyph in shaped(text, role))
    widths = face(role).widths
    try:
        return sum([widths[char] for char in text])
    except KeyError:
        return sum(_width_of(char, role) for char in text)


def _width_of(char: str, role: str) -> float:
    return face(drawing_role(char, role)).widths[char]


@lru_cache(maxsize=4096)
def drawing_role(char: str, role: str) -> str:
    """The role whose font draws ``char`` where ``role`` is wanted. Raises Refused when no font does."""
    for candidate in (role, FALLBACK, LAST_RESORT):
        if char in face(candidate).characters:
            return candidate
    raise Refused([missing(char, say("this paper"))])


def runs(text: str, role: str) -> Iterator[tuple[str, str]]:
    """The text in pieces of one font each: (role, piece). Raises Refused for a character nobody draws."""
    if face(role).characters.issuperset(text):
        yield role, text
        return
    for drawn_by, group in groupby(text, lambda char: drawing_role(char, role)):
        yield drawn_by, "".join(group)


def undrawable(text: str) -> tuple[str, ...]:
    """The characters of ``text`` that no font would draw, each once, in order."""
    drawn = face(FALLBACK).characters
    if drawn.issuperset(text):
        return ()
    rare = face(LAST_RESORT).characters
    return tuple(dict.fromkeys(char for char in text if char not in drawn and char not in rare))


def missing(char: str, where: Text) -> Problem:
    """The refusal of one character: which, where, and what to do."""
    shown = char if char.isprintable() else " "
    text = say(
        "“{char}” (U+{code}) in {where} cannot be printed: no font of this program has the character. "
        "Write it in its standard form, or leave a gap to be filled in by hand.",
        char=shown,
        code=f"{ord(char):04X}",
        where=where,
    )
    return Problem(text, rule="glyph")
