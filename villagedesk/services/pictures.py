"""Photographs and scans as they may be kept: known formats only, scaled, re-encoded, nothing hidden in them.

Re-encoding leaves behind what a camera adds (place, owner, serial number, a second small picture) and whatever else a
file may carry. Files come from sticks and telephones and are treated as hostile.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from villagedesk.errors import Refused
from villagedesk.text import Text, say

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_BYTES = 40 << 20
LARGEST_PDF = 20 << 20
LARGEST_PIXELS = 80_000_000  # an A3 page at 600 dots an inch has 70 million
LONGEST_SIDE = 2000
SMALL_SIDE = 256
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")
_QUALITY = 85
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif")
_DAMAGED = say("This picture is damaged or cut short. Copy it from the camera or scan the paper again.")


@dataclass(frozen=True)
class Prepared:
    """A file ready to be kept."""

    data: bytes
    media_type: str


def prepare(data: bytes) -> Prepared:
    """The file as it is kept: a picture re-encoded as JPEG of at most 2000 pixels, a PDF as it came.

    Raises Refused, saying what to do instead, for anything too large, damaged, or of another kind; the content decides,
    not the name.
    """
    if len(data) > LARGEST_BYTES:
        raise Refused(say("This file is larger than {limit} MB. Make it smaller first.", limit=LARGEST_BYTES >> 20))
    if data.startswith(b"%PDF-"):
        return Prepared(_sound_pdf(data), "application/pdf")
    if (text := _other_kind(data)) is not None:
        raise Refused(text)
    return Prepared(_encoded(_opened(data), LONGEST_SIDE), "image/jpeg")


def thumbnail(data: bytes, media_type: str) -> bytes:
    """A small JPEG of a kept file, of a PDF its first page."""
    picture = _first_page(data) if media_type == "application/pdf" else _opened(data)
    return _encoded(picture, SMALL_SIDE)


def _other_kind(data: bytes) -> Text | None:
    """What to say of a known kind that is not taken."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        return say("Drawings and web pages (SVG, HTML) are not taken. Attach a photograph, a scan or a PDF.")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return say(
            "HEIC pictures are not taken. Set the telephone's camera to “most compatible” (JPEG), or convert it."
        )
    if data[4:8] == b"ftyp" or (data.startswith((b"ID3", b"RIFF")) and data[8:12] != b"WEBP"):
        return say("Sound and film are not kept here. Note the disk's label instead.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return say("Documents and archives are not taken. Print it as PDF and attach that.")
    return None


def _opened(data: bytes) -> Image:
    """The picture, upright and in plain colours. Raises Refused when it cannot be read or has too many pixels."""
    from PIL import Image, ImageOps  # where pictures are worked on, not when the window starts

    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        if picture.width * picture.height > LARGEST_PIXELS:
            raise Refused(_too_many())
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        picture.load()
        return _flat(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_too_many()) from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, ArithmeticError, TypeError, IndexError) as error:
        raise Refused(_DAMAGED) from error


def _too_many() -> Text:
    return say("This picture has more than {limit} million points. Scan it at 300 dots an inch.",
               limit=LARGEST_PIXELS // 1_000_000)  # fmt: skip


def _flat(picture: Image) -> Image:
    """The picture without transparency: what is see-through becomes white paper."""
    from PIL import Image

    if picture.mode in {"1", "L"}:
        return picture.convert("L")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        paper = Image.new("RGB", picture.size, "white")
        clear = picture.convert("RGBA")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _encoded(picture: Image, side: int) -> bytes:
    small = picture.copy()
    small.info.clear()  # exif, comments and profiles would be written back from here
    small.thumbnail((side, side))
    target = io.BytesIO()
    small.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return target.getvalue()


def _sound_pdf(data: bytes) -> bytes:
    if len(data) > LARGEST_PDF:
        raise Refused(say("This PDF is larger than {limit} MB. Split it or scan it again at 300 dots an inch.",
                          limit=LARGEST_PDF >> 20))  # fmt: skip
    _first_page(data)
    return data


def _first_page(data: bytes) -> Image:
    from villagedesk import pdfium

    try:
        with pdfium.Document(data) as document:
            scale = 512 / max(*document.size(0), 1)
            picture: Image = document.picture(0, scale, lambda bitmap: bitmap.to_pil().convert("RGB"))
    except (pdfium.PdfiumError, IndexError, ValueError) as error:
        text = say("This PDF cannot be opened: damaged, cut short, or with a password. Save it again without one.")
        raise Refused(text) from error
    return picture
