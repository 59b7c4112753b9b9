"""Letters that join, stack or change places: a text as glyphs (Uyghur, Kazakh, Tibetan, Mongolian)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

SHAPED = frozenset({"naskh", "tibetan", "mongolian"})
"""Roles whose fonts need shaping; every other font draws one glyph a character."""


class Glyph(NamedTuple):
    """A glyph in the order of drawing, left to right; measures in em. ``text``: the letters it stands for, or ""."""

    number: int
    text: str
    advance: float
    x: float
    y: float


@lru_cache(maxsize=2000)
def shape(file: Path, text: str) -> tuple[Glyph, ...]:
    """The glyphs of a text of one script and direction. A glyph number of 0 is a letter the font does not have."""
    import uharfbuzz

    if not text:
        return ()
    font = _font(file)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    told: set[int] = set()
    glyphs = []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        letters = "" if info.cluster in told else text[info.cluster : ends[info.cluster]]
        told.add(info.cluster)
        em = font.face.upem
        glyphs.append(Glyph(info.codepoint, letters, place.x_advance / em, place.x_offset / em, place.y_offset / em))
    return tuple(glyphs)


@lru_cache
def _font(file: Path) -> Any:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file))))
