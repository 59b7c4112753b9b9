"""Looks into a workbook before it is opened: is it one, is it whole, how far do its cells reach (issue: bad input).

A workbook is a zip of XML parts. The cell reader keeps a grid as large as the outermost cell with a value, so that one
stray cell could fill the memory; and a zip can promise little and unpack to much. Both are found out here first, by
unpacking every part once without keeping it.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import SEEK_CUR, BytesIO
from typing import cast

from isal import isal_zlib

from villagedesk.errors import Unreadable
from villagedesk.text import say

MAX_ROWS = 99_999
MAX_COLUMNS = 200  # the last is GR
MAX_UNPACKED = 400_000_000
MAX_PARTS = 5_000
_CHUNK = 1 << 20
_BITE = 1 << 15  # of packed bytes; unpacks to a thousand times as much at the most
_NAME_LENGTH = 26  # where a part's own heading says how long its name and further facts are
_OVERLAP = 512  # a cell's opening tag is far shorter

# One search clears nearly every piece: no attribute that begins with r is anything but a place inside the limits, or is
# cut off by the end of the piece and stands whole in the next.
_DOUBTFUL = re.compile(rb' r(?!="[A-F]?[A-Z]?\d{1,5}+"|[="A-Z0-9]*\Z)')
_BLANKS = bytes.maketrans(b"\t\r\n", b"   ")
# A value (not an empty formatted cell) with six digits of row, three letters of column, or a column after GR.
_FAR_PLACE = rb"(?:[A-Za-z]+\d{6,}|[A-Za-z]{3,}\d+|(?:[H-Zh-z][A-Za-z]|[Gg][S-Zs-z])\d+)"
_FAR_VALUE = re.compile(rb""" r *= *["']""" + _FAR_PLACE + rb"""["'][^<>]*(?<!/)>(?=[^<]|<[^/])""")
_FAR_ROW = re.compile(rb""" r *= *["']\d{6,}["']""")
_CELL_WITHOUT_PLACE = re.compile(rb"[<:]c(?=[ />][^<>]*>|>)(?![^<>]* r *=)")

_BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    cast("type[Exception]", isal_zlib.error),  # its stub calls it an instance
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    KeyError,
)


@dataclass(frozen=True, slots=True)
class Package:
    """What the look into a workbook found."""

    macros: bool
    from_1904: bool


def inspect(content: bytes, name: str) -> Package:
    """Look into the workbook. Raises Unreadable with the reason when it must not be opened."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _inspect(archive, name)
    except _BROKEN as error:
        raise Unreadable(say("“{file}” is damaged. Copy it again from where it came from.", file=name)) from error


def _inspect(archive: zipfile.ZipFile, name: str) -> Package:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    _require_workbook(parts, names, name)
    left = MAX_UNPACKED
    macros = any(part.lower().endswith("vbaproject.bin") for part in names)
    from_1904 = False
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        sheet = part.filename.lower().startswith("xl/worksheets/")
        for piece in _pieces(archive, part):
            left -= len(piece)
            if left < -_OVERLAP * len(parts):
                raise Unreadable(say("“{file}” unpacks to far too much. It was not opened.", file=name))
            if sheet:
                _refuse_far_cells(piece, name)
            elif part.filename == "xl/workbook.xml":
                from_1904 = from_1904 or bool(re.search(rb"""date1904\s*=\s*["'](?:1|true)["']""", piece))
    return Package(macros, from_1904)


def _require_workbook(parts: list[zipfile.ZipInfo], names: set[str], name: str) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable(say("“{file}” is locked with a password. Save it without a password first.", file=name))
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Unreadable(say("“{file}” is a kind of table that is not read here. Save it as .xlsx.", file=name))
    if "xl/workbook.xml" not in names or len(parts) > MAX_PARTS:
        raise Unreadable(say("“{file}” is not an Excel workbook.", file=name))


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part, unpacked piece by piece; each piece begins with the end of the one before it."""
    tail = b""
    for fresh in _unpacked(archive, part):
        piece = tail + fresh
        yield piece
        tail = piece[-_OVERLAP:]


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes. Deflated ones go through the faster inflater; the cell reader proves that they are whole."""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        with archive.open(part) as stream:
            yield from iter(partial(stream.read, _CHUNK), b"")
        return
    inflater = isal_zlib.decompressobj(-zlib.MAX_WBITS)
    packed = _packed(archive, part)
    for start in range(0, len(packed), _BITE):
        yield inflater.decompress(packed[start : start + _BITE])
    if not inflater.eof:
        raise EOFError


def _packed(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The part as it stands in the file; opening it proves that its two headings agree."""
    with archive.open(part):
        pass
    stream = archive.fp
    if stream is None:
        raise EOFError
    stream.seek(part.header_offset + _NAME_LENGTH)
    name, extra = struct.unpack("<HH", stream.read(4))
    stream.seek(name + extra, SEEK_CUR)
    return stream.read(part.compress_size)


def _refuse_far_cells(piece: bytes, name: str) -> None:
    """Refuse values beyond the limits. Empty formatted cells out there are common and harmless."""
    if not any(blank in piece for blank in (b"\t", b"\r", b"\n")) and not _DOUBTFUL.search(piece):
        return
    plain = piece.translate(_BLANKS)
    if _FAR_VALUE.search(plain) or (_FAR_ROW.search(plain) and _CELL_WITHOUT_PLACE.search(plain)):
        raise too_far(name)


def too_far(name: str) -> Unreadable:
    """The refusal of a sheet that reaches too far."""
    return Unreadable(
        say(
            "“{file}” has cells beyond row {rows} or column {columns}. Delete the empty rows and columns around the "
            "list, or split it, and save it again.",
            file=name,
            rows=MAX_ROWS,
            columns="GR",
        )
    )
