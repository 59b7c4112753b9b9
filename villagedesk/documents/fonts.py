"""The bundled fonts: widths, which font draws which character, and the patches that make reportlab embed them well.

Every font is read once per process. A character that the font of a role does not draw comes from the song font, run by
run; one that no font draws is refused by name, because reportlab would print a blank in its place without a word.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType

from isal import isal_zlib
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics, ttfonts

from villagedesk import resources
from villagedesk.errors import Problem, Refused
from villagedesk.text import Text, say

FALLBACK = "song"
ROLES = ("title", "fang", "hei", "kai", "song")
_BLANK = 0x3000
lock = threading.RLock()
"""Held while reportlab writes: its font objects are shared by all documents of the process."""


class _FastDeflate:
    """What reportlab uses of zlib, with ISA-L's compressor: deflating outlines is most of the work on a short paper."""

    @staticmethod
    def compress(data: bytes) -> bytes:
        return bytes(isal_zlib.compress(data, 2))

    @staticmethod
    def decompress(data: bytes) -> bytes:
        return bytes(isal_zlib.decompress(data))


@dataclass(frozen=True, eq=False)
class Face:
    """One font of a role: advance widths in em by character, for every character it draws."""

    role: str
    font: ttfonts.TTFont
    widths: Mapping[str, float]
    characters: frozenset[str]


@lru_cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Role → file, family, licence, source and SHA-256 of each shipped font (``resources/fonts/fonts.toml``)."""
    return MappingProxyType(tomllib.loads(resources.path("fonts", "fonts.toml").read_text(encoding="utf-8")))


@lru_cache
def face(role: str) -> Face:
    """The font of ``role``, read and registered at its first use."""
    with lock:
        _patch_reportlab()
        # Without asciiReadable=0 each embedded font carries 96 ASCII glyphs whether the paper shows them or not.
        font = ttfonts.TTFont(role, str(resources.path("fonts", catalogue()[role]["file"])), asciiReadable=0)
        pdfmetrics.registerFont(font)
    widths = {chr(code): font.face.charWidths[code] / 1000 for code in font.face.charToGlyph}
    return Face(role, font, MappingProxyType(widths), frozenset(widths))


@lru_cache(maxsize=20_000)
def width(text: str, role: str) -> float:
    """The advance of ``text`` in em, without any added spacing. Raises Refused for a character nobody draws."""
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
    for candidate in (role, FALLBACK):
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
    return () if drawn.issuperset(text) else tuple(dict.fromkeys(char for char in text if char not in drawn))


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


def _to_unicode(name: str, codes: Iterable[int]) -> str:
    """The character map of an embedded subset. reportlab's own writes five digits for characters beyond U+FFFF."""
    pairs = [(n, code) for n, code in enumerate(codes) if code and (code != 32 or n == 32)]
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
             f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
             f"/CMapName /{name} def", "/CMapType 2 def",
             "1 begincodespacerange", "<00> <FF>", "endcodespacerange"]  # fmt: skip
    for start in range(0, len(pairs), 100):  # the format allows a hundred entries a section
        section = pairs[start : start + 100]
        lines.append(f"{len(section)} beginbfchar")
        lines += [f"<{n:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for n, code in section]
        lines.append("endbfchar")
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


def _patch_reportlab() -> None:
    ttfonts.makeToUnicodeCMap = _to_unicode
    pdfdoc.zlib = _FastDeflate
    rl_config.useA85 = 0  # its encoder is slow and the files need not be seven-bit
