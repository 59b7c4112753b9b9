"""The manual's pictures and PDFs, made by the program itself: nothing in it can be older than the window.

python3 packaging/manual.py pictures   photograph the window on a village of invented people, both languages
python3 packaging/manual.py pdf        the whole manual and the two-page hand-out, both languages
python3 packaging/manual.py            both

Text: ``resources/manual/<language>/<page>.md``, named as the pages of the window (``ui/pages.py``), so that F1 finds
its page. ``contents.toml`` gives the order, further names of a page, and which pictures of ``ui.gallery`` are shown.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ui.help.manual import blocks, contents, page

MANUAL = ROOT / "resources" / "manual"
LANGUAGES = ("zh_CN", "en")
HEAVIEST = 60_000  # bytes of a picture: thirty of them in two languages stay below 3 MB
SIZE = "1366x768"
MARGIN = 40  # pixels left around a page that does not fill its window
SHOWN = 410.0  # points of a full window on paper
HOUSEHOLDS = 40
PASSPHRASE = "demo-village"  # noqa: S105  of invented people only


# Pictures ------------------------------------------------------------------------------------------------------------


def make_demo(folder: Path) -> Path:
    """A demo desk with one conflict in it; returns the desk's folder."""
    from villagedesk.demo.play import play

    play(folder, PASSPHRASE, "jiangsu-2018", HOUSEHOLDS, 1, lambda *_: None)
    disagree(folder / "desk", folder / "second-laptop")
    return folder / "desk"


def disagree(first: Path, second: Path) -> None:
    """Two laptops change the same two fields without seeing each other; the first takes in what the second wrote."""
    from villagedesk.desk import open_desk
    from villagedesk.store import chain
    from villagedesk.store.apply import apply_lines

    shutil.copytree(first, second)
    with (
        open_desk(first, PASSPHRASE, author="驻村队员") as here,
        open_desk(second, PASSPHRASE, author="村会计") as there,
    ):
        _change(here, "一组18号", "2019年11月入户核实", 5800)
        _change(there, "一组21号", "村里登记簿", 6100)
        with here.site.store.write() as mine, there.site.store.read() as theirs:
            lacking = chain.numbers_after(theirs, chain.tips(mine))
            apply_lines(mine, chain.lines_of(theirs, lacking), lambda _device, _village: True)


def _change(desk: Any, address: str, reason: str, area: int) -> None:
    from dataclasses import replace

    household = desk.households.get(desk.lists.household_ids(None, "group")[0])
    desk.households.save(replace(household, address=address, dwelling_area=area), reason)


def photograph(language: str, desk: Path, target: Path) -> None:
    """Walk the window in one language and keep the pictures the manual shows."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "ui.gallery",
            scratch,
            f"--lang={language}",
            f"--size={SIZE}",
            f"--desk={desk}",
            *(f"--only={shot}" for shot in contents()["pictures"].values()),
        ]
        subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        target.mkdir(parents=True, exist_ok=True)
        for name, shot in contents()["pictures"].items():
            (target / f"{name}.png").write_bytes(light(Path(scratch) / f"{shot}.png"))


def light(file: Path) -> bytes:
    """The picture in few colours, below :data:`HEAVIEST`."""
    from PIL import Image

    picture = trimmed(Image.open(file).convert("RGB"))
    for colours in (128, 64, 32, 16):
        out = io.BytesIO()
        reduced = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduced.save(out, "PNG", optimize=True)
        if out.tell() <= HEAVIEST:
            return out.getvalue()
    raise ValueError(f"{file.name}: {out.tell()} bytes even in 16 colours")


def trimmed(picture: Any) -> Any:
    """Without the empty ground around a page that does not fill its window."""
    from PIL import Image, ImageChops

    ground = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    box = ImageChops.difference(picture, ground).getbbox()
    if box is None:
        return picture
    wide, high = picture.size
    left, top, right, bottom = box
    return picture.crop((
        max(left - MARGIN, 0), max(top - MARGIN, 0), min(right + MARGIN, wide), min(bottom + MARGIN, high)
    ))  # fmt: skip


def take_pictures() -> None:
    """All pictures of all languages, and the one of the README."""
    with tempfile.TemporaryDirectory() as scratch:
        desk = make_demo(Path(scratch))
        for language in LANGUAGES:
            photograph(language, desk, MANUAL / "pictures" / language)
    shutil.copyfile(MANUAL / "pictures" / "zh_CN" / "exits.png", ROOT / "docs" / "pictures" / "main-window.png")


# PDF -----------------------------------------------------------------------------------------------------------------


def make_pdfs() -> None:
    """Manual and hand-out of every language."""
    for language in LANGUAGES:
        keys = contents()["order"]
        write_pdf(MANUAL / language / "manual.pdf", language, [page(language, key) for key in keys], small=False)
        write_pdf(MANUAL / language / "handout.pdf", language, [page(language, "handout")], small=True)


def write_pdf(target: Path, language: str, pages: list[str], *, small: bool) -> None:
    """One PDF of these pages, A4, fonts embedded, the same bytes for the same content."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    margin = 54 if small else 60
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=margin, rightMargin=margin, topMargin=margin - 6, bottomMargin=margin,
        title={"zh_CN": "驻村工作台使用手册", "en": "VillageDesk: the manual"}[language], author="VillageDesk",
        invariant=1,
    )  # fmt: skip
    styles = _styles(language, small=small)
    story = [flowable for number, text in enumerate(pages) for flowable in _story(text, language, styles, number)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    _slim(out, target)


def _slim(built: io.BytesIO, target: Path) -> None:
    """Write the PDF with its pictures as colour tables, as they were before reportlab: a third of the size."""
    import pikepdf

    with pikepdf.open(built) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                _index(thing)
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _index(image: Any) -> None:
    import pikepdf
    from PIL import Image

    size = (int(image.Width), int(image.Height))
    few = Image.frombytes("RGB", size, image.read_bytes()).quantize(256, dither=Image.Dither.NONE)
    table = bytes(few.getpalette() or b"")
    image.write(zlib.compress(few.tobytes(), 9), filter=pikepdf.Name.FlateDecode)
    image.ColorSpace = pikepdf.Array([
        pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, len(table) // 3 - 1, pikepdf.String(table)
    ])  # fmt: skip


def _styles(language: str, *, small: bool) -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for role in ("song", "hei"):
        pdfmetrics.registerFont(TTFont(role, ROOT / "resources" / "fonts" / f"{role}.ttf"))
    pdfmetrics.registerFontFamily("song", normal="song", bold="hei", italic="song", boldItalic="hei")
    size = {"zh_CN": 12.0, "en": 10.5}[language] if small else 10.5
    wrap = "CJK" if language == "zh_CN" else None
    text = ParagraphStyle(
        "text", fontName="song", fontSize=size, leading=size * 1.55, spaceAfter=size * 0.5, wordWrap=wrap
    )
    accent = HexColor("#1c5f53")
    return {
        "text": text,
        "h1": ParagraphStyle(
            "h1", text, fontName="hei", fontSize=size * 1.7, leading=size * 2.2, spaceAfter=size * 0.8, textColor=accent
        ),
        "h2": ParagraphStyle(
            "h2",
            text,
            fontName="hei",
            fontSize=size * 1.15,
            spaceBefore=size * 0.6,
            spaceAfter=size * 0.3,
            keepWithNext=1,
        ),
        "step": ParagraphStyle("step", text, leftIndent=size * 1.8, bulletFontName="hei", bulletFontSize=size),
        "point": ParagraphStyle("point", text, leftIndent=size * 1.3, bulletFontName="hei", bulletFontSize=size),
        "caption": ParagraphStyle("caption", text, fontSize=size * 0.85, textColor=HexColor("#5a6b66"), alignment=1),
    }


def _story(text: str, language: str, styles: dict[str, Any], number: int) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether, PageBreak, Paragraph

    if number:
        yield PageBreak()
    heading: list[Any] = []
    for kind, said in blocks(text if language == "zh_CN" else text.replace("…", "...")):
        mark, _, words = said.partition(". ") if kind == "step" else ("", "", said)
        bullet = {"step": f"{mark}.", "point": "•"}.get(kind)
        made = [Paragraph(_marked(words), styles[kind], bulletText=bullet)] if kind != "picture" else []
        if kind == "h2":
            heading = made
        else:
            yield KeepTogether([*heading, *(made or _picture(said, language, styles))])
            heading = []


def _marked(text: str) -> str:
    """Bold and code in reportlab's words."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    for sign, tag in (("**", "b"), ("`", "b")):
        parts = safe.split(sign)
        safe = "".join(part if n % 2 == 0 else f"<{tag}>{part}</{tag}>" for n, part in enumerate(parts))
    return safe


def _picture(said: str, language: str, styles: dict[str, Any]) -> list[Any]:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image, Paragraph

    caption, _, name = said[2:].rstrip(")").partition("](")
    file = (MANUAL / language / name).resolve()
    width, height = ImageReader(file).getSize()
    shown = SHOWN * width / int(SIZE.partition("x")[0])
    return [Image(file, shown, shown * height / width), Paragraph(caption, styles["caption"])]


def _foot(canvas: Any, _document: Any) -> None:
    from reportlab.lib.pagesizes import A4

    canvas.setFont("song", 8.5)
    canvas.drawCentredString(A4[0] / 2, 28, str(canvas.getPageNumber()))


def main(words: list[str]) -> int:
    """What the arguments ask for."""
    began = datetime.now(UTC)
    if "pdf" not in words:
        take_pictures()
    if "pictures" not in words:
        make_pdfs()
    print(f"{MANUAL}: {(datetime.now(UTC) - began).seconds} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
