"""Evidence: what a camera hides is gone, what is hostile is refused in words, what is kept can be read again."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.core.events.conftest import contents
from villagedesk.desk import Desk
from villagedesk.errors import Refused, Unreadable
from villagedesk.services import pictures

GPS = 0x8825


def photo(width: int = 3000, height: int = 1500, form: str = "JPEG", **more: object) -> bytes:
    picture = Image.effect_noise((width, height), 40).convert("RGB")
    target = io.BytesIO()
    picture.save(target, form, **more)
    return target.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "secret owner"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (34.0, 12.0, 5.0)
    return photo(exif=exif, comment=b"secret place")


def pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(100, 100, "bank slip")
    canvas.save()
    return target.getvalue()


def bomb() -> bytes:
    """A small PNG that says it has 1.6 thousand million points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 5000)) + chunk(b"IEND", b"")
    )


@pytest.fixture
def house(desk: Desk) -> str:
    return desk.households.all()[0].id


def attach(desk: Desk, subject: str, data: bytes | Path, field: str = "dwelling") -> str:
    return desk.evidence.attach(subject, field, data, "house", date(2019, 10, 1)).records["attachment"][0]


def test_location_and_owner_are_gone_and_the_picture_is_scaled(desk: Desk, house: str):
    original = with_place()
    assert b"secret" in original
    kept = desk.evidence.read(attach(desk, house, original))
    assert b"secret" not in kept
    assert b"Exif" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert not picture.getexif()
    assert picture.size == (2000, 1000)
    small = Image.open(io.BytesIO(desk.evidence.thumbnail(desk.evidence.of(house)[0].id)))
    assert max(small.size) == 256


def test_a_picture_taken_upright_stands_upright(desk: Desk, house: str):
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = Image.open(io.BytesIO(desk.evidence.read(attach(desk, house, photo(400, 200, exif=exif)))))
    assert kept.size == (200, 400)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "BMP", "TIFF"])
def test_known_formats_become_jpeg(form: str):
    kept = pictures.prepare(photo(300, 200, form))
    assert kept.media_type == "image/jpeg"
    assert Image.open(io.BytesIO(kept.data)).size == (300, 200)


def test_see_through_becomes_white():
    target = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(target, "PNG")
    assert Image.open(io.BytesIO(pictures.prepare(target.getvalue()).data)).getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_stays_as_it_came(desk: Desk, house: str):
    data = pdf()
    found = attach(desk, house, data)
    assert desk.evidence.read(found) == data
    assert desk.evidence.of(house)[0].media_type == "application/pdf"
    assert Image.open(io.BytesIO(desk.evidence.thumbnail(found))).format == "JPEG"


HOSTILE = {
    "truncated jpeg": photo()[:5000], "truncated png": photo(300, 200, "PNG")[:2000], "bomb": bomb(),
    "text": b"hello, this is no picture", "empty": b"", "zip": b"PK\x03\x04" + b"\0" * 90,
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "bare svg": b"  <svg/>",
    "heic": b"\0\0\0\x18ftypheic" + b"\0" * 90, "film": b"\0\0\0\x18ftypmp42" + b"\0" * 90,
    "gif": photo(20, 20, "GIF"), "cut pdf": pdf()[:200], "no pdf": b"%PDF-1.7 nothing",
    "huge": b"\xff\xd8" * (21 << 20),
    "big pdf": b"%PDF-1.7" + b"\0" * (21 << 20), "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_change_nothing_and_are_named_in_words(desk: Desk, house: str, name: str):
    before = contents(desk)
    with pytest.raises(Refused) as caught:
        attach(desk, house, HOSTILE[name])
    assert str(caught.value)
    assert contents(desk) == before
    assert not list((desk.site.folder / "attachments").rglob("*"))


def test_heic_svg_and_damage_each_have_their_own_sentence():
    said = set()
    for name in ("heic", "svg", "film", "zip", "truncated jpeg", "bomb", "cut pdf"):
        with pytest.raises(Refused) as caught:
            pictures.prepare(HOSTILE[name])
        said.add(caught.value.text.source)
    assert len(said) == 7


def test_the_content_decides_not_the_name(desk: Desk, house: str, tmp_path: Path):
    path = tmp_path / "slip.pdf"
    path.write_bytes(photo(40, 30))
    attach(desk, house, path)
    assert desk.evidence.of(house)[0].media_type == "image/jpeg"
    with pytest.raises(Unreadable):
        attach(desk, house, tmp_path / "missing.jpg")


def test_listed_by_figure_and_removed_with_a_tombstone(desk: Desk, house: str):
    data = photo(60, 40)
    found = attach(desk, house, data)
    with pytest.raises(Refused):
        attach(desk, house, data)
    attach(desk, house, data, "water_safe")
    assert [each.field for each in desk.evidence.of(house)] == ["dwelling", "water_safe"]
    assert [each.id for each in desk.evidence.of(house, "dwelling")] == [found]
    desk.evidence.remove(found, "wrong house")
    assert desk.evidence.of(house, "dwelling") == ()
    for use in (desk.evidence.read, desk.evidence.thumbnail):
        with pytest.raises(Refused):
            use(found)


def test_refused_without_a_record_or_in_the_future(desk: Desk, house: str):
    with pytest.raises(Refused):
        attach(desk, "nothing", photo(40, 30))
    with pytest.raises(Refused):
        desk.evidence.attach(house, "", photo(40, 30), "house", date(2030, 1, 1))


def test_nothing_on_disk_can_be_read_without_the_key(desk: Desk, house: str):
    attach(desk, house, photo(60, 40))
    (file,) = [path for path in (desk.site.folder / "attachments").rglob("*") if path.is_file()]
    assert b"JFIF" not in file.read_bytes()
