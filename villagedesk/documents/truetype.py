"""TrueType fonts as a PDF needs them: which character is which glyph, how wide it is, and a file of the used glyphs.

Written for the shipped fonts (:mod:`packaging/fonts`): glyf outlines, one Unicode cmap, no hints.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

_MAGIC = 0xB1B0AFBA
_WORDS, _SCALE, _MORE, _XY, _TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
_KEPT = ("head", "hhea", "maxp")


class Shape(NamedTuple):
    """The measures a PDF tells of a font, in thousandths of an em: bounding box, ascent and descent."""

    box: tuple[int, int, int, int]
    ascent: int
    descent: int


@dataclass(frozen=True, eq=False)
class TrueType:
    """A font file that was read: ``glyphs`` by character, ``advances`` in font units by glyph."""

    name: str
    glyphs: Mapping[str, int]
    advances: Sequence[int]
    units: int
    shape: Shape
    _tables: Mapping[str, bytes]
    _places: Sequence[int]
    _composites: frozenset[int]

    def outline(self, glyph: int) -> bytes:
        """The outline of a glyph; empty for one that draws nothing."""
        return self._tables["glyf"][self._places[glyph] : self._places[glyph + 1]]

    def closed(self, glyphs: Sequence[int]) -> list[int]:
        """The glyphs as they stand, followed by the parts that some of them are put together from."""
        found = set(glyphs)
        whole = list(glyphs)
        waiting = sorted(found & self._composites)
        while waiting:
            for part, _ in _parts(self.outline(waiting.pop(0))):
                if part not in found:
                    found.add(part)
                    whole.append(part)
                    waiting += [part] * (part in self._composites)
        return whole

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """A font file of these glyphs only, numbered in their order; closed under their parts."""
        number = {glyph: place for place, glyph in enumerate(glyphs)}
        outlines = [self.outline(glyph) for glyph in glyphs]
        for place, glyph in enumerate(glyphs):
            if glyph in self._composites:
                outlines[place] = _renumbered(outlines[place], number)
        padded = [outline + bytes(-len(outline) % 4) for outline in outlines]
        places = list(accumulate(map(len, padded), initial=0))
        metrics = self._tables["hmtx"]
        tables = {
            "glyf": b"".join(padded),
            "head": self._tables["head"][:8] + bytes(4) + self._tables["head"][12:50] + b"\0\1\0\0",
            "hhea": self._tables["hhea"][:34] + struct.pack(">H", len(glyphs)),
            "hmtx": b"".join([_metric(metrics, self.advances, glyph) for glyph in glyphs]),
            "loca": struct.pack(f">{len(places)}I", *places),
            "maxp": self._tables["maxp"][:4] + struct.pack(">H", len(glyphs)) + self._tables["maxp"][6:],
        }
        return _font_file(tables)


def read(file: Path) -> TrueType:
    """Read a font file. Raises ValueError for one without TrueType outlines."""
    data = file.read_bytes()
    tables = dict(_tables(data))
    if "glyf" not in tables or "cmap" not in tables:
        raise ValueError(f"{file.name} has no TrueType outlines")
    units, long = struct.unpack_from(">H", tables["head"], 18)[0], struct.unpack_from(">h", tables["head"], 50)[0]
    loca = tables["loca"]
    places = _numbers(loca, "I") if long else [2 * half for half in _numbers(loca, "H")]
    thousand = 1000 / units
    box = struct.unpack_from(">4h", tables["head"], 36)
    ascent, descent = struct.unpack_from(">2h", tables["hhea"], 4)
    shape = Shape(*_scaled(box, ascent, descent, thousand))
    return TrueType(file.stem, MappingProxyType(_cmap(tables["cmap"])), _advances(tables), units, shape, tables,
                    places, _composites(tables["glyf"], places))  # fmt: skip


def _scaled(
    box: Sequence[int], ascent: int, descent: int, thousand: float
) -> tuple[tuple[int, int, int, int], int, int]:
    left, bottom, right, top = (round(side * thousand) for side in box)
    return (left, bottom, right, top), round(ascent * thousand), round(descent * thousand)


def _composites(outlines: bytes, places: Sequence[int]) -> frozenset[int]:
    """The glyphs that are put together from others: their count of contours is negative."""
    spans = enumerate(pairwise(places))
    return frozenset(glyph for glyph, (start, end) in spans if end > start and outlines[start] >= 0x80)


def _numbers(table: bytes, kind: str, start: int = 0, count: int = -1) -> Sequence[int]:
    """Unsigned numbers of a table: ``kind`` H (two bytes) or I (four), ``count`` of them or all."""
    size = struct.calcsize(f">{kind}")
    count = (len(table) - start) // size if count < 0 else count
    return struct.unpack_from(f">{count}{kind}", table, start)


def _tables(data: bytes) -> Iterable[tuple[str, bytes]]:
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        tag, _, start, length = struct.unpack_from(">4s3I", data, 12 + 16 * number)
        yield tag.decode("ascii"), data[start : start + length]


def _advances(tables: Mapping[str, bytes]) -> list[int]:
    (count,) = struct.unpack_from(">H", tables["hhea"], 34)
    (glyphs,) = struct.unpack_from(">H", tables["maxp"], 4)
    wide = _numbers(tables["hmtx"], "H", 0, 2 * count)[::2]
    return [*wide, *wide[-1:] * (glyphs - count)]


def _metric(metrics: bytes, advances: Sequence[int], glyph: int) -> bytes:
    wide = (len(metrics) - 2 * len(advances)) // 2  # how many glyphs have an advance of their own
    if glyph < wide:
        return metrics[4 * glyph : 4 * glyph + 4]
    side = 4 * wide + 2 * (glyph - wide)
    return struct.pack(">H", advances[glyph]) + metrics[side : side + 2]


def _cmap(table: bytes) -> dict[str, int]:
    """Characters of the widest Unicode table: format 12 where there is one, else 4."""
    (count,) = struct.unpack_from(">H", table, 2)
    starts = [struct.unpack_from(">2HI", table, 4 + 8 * number)[2] for number in range(count)]
    formats = {struct.unpack_from(">H", table, start)[0]: start for start in starts}
    return _segments_12(table, formats[12]) if 12 in formats else _segments_4(table, formats[4])


def _segments_12(table: bytes, start: int) -> dict[str, int]:
    (count,) = struct.unpack_from(">I", table, start + 12)
    groups = struct.iter_unpack(">3I", table[start + 16 : start + 16 + 12 * count])
    return {chr(code): glyph + code - low for low, high, glyph in groups for code in range(low, high + 1)}


def _segments_4(table: bytes, start: int) -> dict[str, int]:
    (double,) = struct.unpack_from(">H", table, start + 6)
    count = double // 2
    rows = _numbers(table, "H", start + 14, 4 * count + 1)
    ends, lows = rows[:count], rows[count + 1 : 2 * count + 1]
    deltas, offsets = rows[2 * count + 1 : 3 * count + 1], rows[3 * count + 1 :]
    found: dict[str, int] = {}
    for number, (low, high, delta, offset) in enumerate(zip(lows, ends, deltas, offsets, strict=True)):
        for code in range(low, min(high, 0xFFFE) + 1):
            glyph = code
            if offset:
                place = start + 16 + 6 * count + 2 * number + offset + 2 * (code - low)
                (glyph,) = struct.unpack_from(">H", table, place)
            if glyph or not offset:
                found[chr(code)] = (glyph + delta) & 0xFFFF
    return found


def _parts(outline: bytes) -> Iterable[tuple[int, int]]:
    """The glyphs that a composite outline is put together from, each with its place in the outline."""
    place, flags = 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">2H", outline, place)
        yield part, place + 2
        place += 8 if flags & _WORDS else 6
        place += 2 if flags & _SCALE else 4 if flags & _XY else 8 if flags & _TWO else 0


def _renumbered(outline: bytes, number: Mapping[int, int]) -> bytes:
    made = bytearray(outline)
    for part, place in _parts(outline):
        struct.pack_into(">H", made, place, number[part])
    return bytes(made)


def _font_file(tables: Mapping[str, bytes]) -> bytes:
    power = 1 << (len(tables).bit_length() - 1)
    header = struct.pack(">I4H", 0x00010000, len(tables), 16 * power, power.bit_length() - 1,
                         16 * (len(tables) - power))  # fmt: skip
    start = 12 + 16 * len(tables)
    entries, bodies, total = [], [], 0
    for tag, body in sorted(tables.items()):
        padded = body + bytes(-len(body) % 4)
        sum_ = _sum(padded)
        total += sum_
        entries.append(struct.pack(">4s3I", tag.encode(), sum_, start, len(body)))
        bodies.append(padded)
        start += len(padded)
    whole = bytearray(b"".join([header, *entries, *bodies]))
    head = 12 + 16 * len(tables) + sum(len(body) for body in bodies[: sorted(tables).index("head")])
    total += _sum(bytes(whole[: 12 + 16 * len(tables)]))
    struct.pack_into(">I", whole, head + 8, (_MAGIC - total) & 0xFFFFFFFF)
    return bytes(whole)


def _sum(padded: bytes) -> int:
    """The sum of the big-endian words, as font files check themselves."""
    words = array("I", padded)
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF
