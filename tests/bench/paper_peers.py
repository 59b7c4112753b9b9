"""The same papers through other programs: a filled paper as plain parts, and what each peer makes of them.

Peers are installed for the bench alone (``pip install --target DIR typst weasyprint fpdf2`` and DIR on PYTHONPATH;
LibreOffice by the system): one that is missing is left out of the table.
"""

from __future__ import annotations

import html
import importlib
import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import zxingcpp

from villagedesk import resources
from villagedesk.documents.blocks import (
    Form,
    Heading,
    Issuer,
    ListTable,
    Note,
    Paragraph,
    Signatures,
    SignLine,
    Subtitle,
    Title,
)
from villagedesk.documents.compose import compose
from villagedesk.documents.papers import load_papers
from villagedesk.documents.ruling import END_MARK, JOIN, SIGNATURE_COLUMNS
from villagedesk.documents.sheet import Sheet

FAMILIES = {style: f"VillageDesk {name}" for style, name in
            (("title", "Title"), ("text", "Fang"), ("head", "Hei"), ("cell", "Song"))}  # fmt: skip
FILES = {"title": "title.ttf", "text": "fang.ttf", "head": "hei.ttf", "cell": "song.ttf"}


class Text(NamedTuple):
    """Running text: ``style`` is title, head, text or cell."""

    style: str
    text: str
    align: str = "left"


class Table(NamedTuple):
    """A ruled table: column widths in mm, head cells, rows of (text, how many columns it spans)."""

    widths: tuple[float, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[str, int], ...], ...]


Part = Text | Table
Document = Sequence[Part]


def parts(sheet: Sheet, terms: dict[str, str]) -> Iterator[Part]:
    """What a sheet says, without the way we set it."""
    for block in compose(load_papers()[sheet.paper], sheet, terms):
        if type(block) in _PARTS:
            yield from _PARTS[type(block)](block)
    yield Text("cell", f"编号 {sheet.stamp.notice_no}", "center")


def _form(block: Form) -> Iterator[Part]:
    yield Table(block.widths, (), tuple(tuple(_spans(row, len(block.widths))) for row in block.rows))


def _signatures(block: Signatures) -> Iterator[Part]:
    cells = tuple(tuple((text, 1) for text in (str(n), *row, "", "", "")) for n, row in enumerate(block.rows, 1))
    yield Table(tuple(wide for wide, _ in SIGNATURE_COLUMNS), tuple(head for _, head in SIGNATURE_COLUMNS), cells)


_PARTS: dict[type, Callable[[Any], Iterable[Part]]] = {
    Title: lambda block: [Text("title", block.text.replace("\n", ""), "center")],
    Subtitle: lambda block: [Text("text", block.text, "center")],
    Heading: lambda block: [Text("head", block.text)],
    Paragraph: lambda block: [Text("text", each) for each in block.text.split("\n")],
    Note: lambda block: [Text("cell", block.text)],
    Issuer: lambda block: [Text("text", each, "right") for each in (block.text, block.date)],
    ListTable: lambda block: [_list(block)],
    Form: _form,
    Signatures: _signatures,
    SignLine: lambda block: [Table((30, 51), (), tuple(((label, 1), ("年　月　日", 1)) for label, _ in block.items))],
}


def _spans(row: Sequence[str], columns: int) -> Iterator[tuple[str, int]]:
    for place, text in enumerate(row):
        yield text, columns - place if place == len(row) - 1 else 1


def _list(block: ListTable) -> Table:
    columns = block.columns
    rows = [tuple((text, 1) for text in row) for row in block.rows]
    if block.total:
        total: list[tuple[str, int]] = []
        for text in block.total:
            if text == JOIN:
                total[-1] = (total[-1][0], total[-1][1] + 1)
            else:
                total.append((text, 1))
        rows.append(tuple(total))
    if block.end_mark:
        rows.append(((END_MARK, len(columns)),))
    return Table(tuple(c.width for c in columns), tuple(c.heading for c in columns), tuple(rows))


def code_picture(text: str) -> bytes:
    """The code of a paper as PNG, made the quick way for every peer."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(barcode.to_image(scale=4)).save(stream, "PNG")
    return stream.getvalue()


# --- typst ------------------------------------------------------------------------------------------------------


def typst_source(documents: Sequence[Document], pictures: Sequence[str]) -> str:
    """One volume; every document begins a page and carries its code at each foot."""
    lines = ['#set text(lang: "zh", region: "cn")', "#set par(justify: true)"]
    for number, document in enumerate(documents):
        lines.append(f'#set page(paper: "a4", margin: (top: 37mm, left: 28mm, right: 26mm, bottom: 35mm), footer: '
                     f'[#align(right)[#image("{pictures[number]}", width: 9mm)]])')  # fmt: skip
        lines += [_typst_part(part) for part in document]
    return "\n".join(lines)


_TYPST_SIZE = {"title": "22pt", "head": "12pt", "text": "16pt", "cell": "12pt"}


def _typst_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'#"{escaped}"'


def _typst_part(part: Part) -> str:
    if isinstance(part, Text):
        font = f'text(font: ("{FAMILIES[part.style]}", "{FAMILIES["cell"]}"), size: {_TYPST_SIZE[part.style]})'
        return f"#align({part.align})[#{font}[{_typst_text(part.text)}]]"
    columns = ", ".join(f"{width}fr" for width in part.widths)
    head = f"table.header({', '.join(f'[{_typst_text(cell)}]' for cell in part.head)}),\n" if part.head else ""
    cells = ",\n".join(
        f"[{_typst_text(text)}]" if span == 1 else f"table.cell(colspan: {span})[{_typst_text(text)}]"
        for row in part.rows
        for text, span in row
    )
    font = f'#set text(font: ("{FAMILIES["cell"]}",), size: 12pt)'
    return f"#block[{font}\n#table(columns: ({columns}), align: center, {head}{cells})]"


def typst_compiler() -> Callable[[str, dict[str, bytes]], bytes]:
    """A compiler that keeps its fonts between papers."""
    typst = importlib.import_module("typst")
    folder = Path(tempfile.mkdtemp())
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(resources.path("fonts"))])

    def compile_(source: str, pictures: dict[str, bytes]) -> bytes:
        for name, data in pictures.items():
            (folder / name).write_bytes(data)
        (folder / "main.typ").write_text(source, encoding="utf-8")
        made: bytes = typst.compile(folder / "main.typ", font_paths=fonts, pdf_standards="a-2b")
        return made

    return compile_


# --- HTML: WeasyPrint, Qt, LibreOffice --------------------------------------------------------------------------


def html_source(document: Document, *, faces: bool) -> str:
    """The paper as HTML; ``faces``: name the font files."""
    fonts = "".join(
        f"@font-face {{font-family:'{FAMILIES[style]}'; src:url('{resources.path('fonts', file).as_uri()}')}}"
        for style, file in FILES.items()
    )
    css = ("@page {size:A4; margin:37mm 26mm 35mm 28mm} table {border-collapse:collapse; width:100%} "
           f"td,th {{border:0.5pt solid black; padding:2pt; text-align:center; font:12pt '{FAMILIES['cell']}'}}"
           f".title {{font:22pt '{FAMILIES['title']}'}} .text {{font:16pt '{FAMILIES['text']}','{FAMILIES['cell']}'}}"
           f".head {{font:12pt '{FAMILIES['head']}'}} .cell {{font:12pt '{FAMILIES['cell']}'}}")  # fmt: skip
    body = "".join(_html_part(part) for part in document)
    style = f"<style>{fonts if faces else ''}{css}</style>"
    return f"<html><head><meta charset='utf-8'>{style}</head><body>{body}</body></html>"


def _html_part(part: Part) -> str:
    if isinstance(part, Text):
        return f"<p class='{part.style}' style='text-align:{part.align}'>{html.escape(part.text)}</p>"
    whole = sum(part.widths)
    columns = "".join(f"<col style='width:{width / whole:.1%}'>" for width in part.widths)
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in part.head)
    rows = "".join(
        "<tr>" + "".join(f"<td colspan='{span}'>{html.escape(text)}</td>" for text, span in row) + "</tr>"
        for row in part.rows
    )
    return f"<table>{columns}{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{rows}</tbody></table>"


def weasyprint(document: Document) -> bytes:
    """WeasyPrint with the same font files."""
    made: bytes = importlib.import_module("weasyprint").HTML(string=html_source(document, faces=True)).write_pdf()
    return made


def qt(document: Document) -> bytes:
    """QTextDocument onto a QPdfWriter; the fonts are registered by :func:`qt_fonts`."""
    from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
    from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(28, 37, 26, 35), QPageLayout.Unit.Millimeter)
    writer.setResolution(600)
    text = QTextDocument()
    text.setHtml(html_source(document, faces=False))
    text.setPageSize(QSizeF(156 / 25.4 * 96, 225 / 25.4 * 96))
    text.print_(writer)
    del writer
    return bytes(buffer.data().data())


def qt_fonts() -> None:
    """Start Qt without a screen and give it the shipped fonts."""
    from PySide6.QtGui import QFontDatabase
    from PySide6.QtWidgets import QApplication

    globals()["_APP"] = QApplication.instance() or QApplication(["bench", "-platform", "offscreen"])
    for file in FILES.values():
        QFontDatabase.addApplicationFont(str(resources.path("fonts", file)))


def libreoffice(documents: Sequence[Document]) -> list[bytes]:
    """All of them in one start of LibreOffice, as a mail merge into single files does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, document in enumerate(documents):
            (folder / f"{number}.html").write_text(html_source(document, faces=False), encoding="utf-8")
        command = [str(shutil.which("soffice")), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
                   "--infilter=HTML (StarWriter)", "--convert-to", "pdf:writer_pdf_Export", "--outdir", name,
                   *map(str, sorted(folder.glob("*.html")))]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        return [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]


def fpdf2(document: Document) -> bytes:
    """fpdf2 with its table."""
    fpdf = importlib.import_module("fpdf")
    pdf: Any = fpdf.FPDF(format="A4")
    pdf.set_margins(28, 37, 26)
    pdf.set_auto_page_break(True, 35)
    for style, file in FILES.items():
        pdf.add_font(style, "", str(resources.path("fonts", file)))
    pdf.set_fallback_fonts(["cell"])
    pdf.add_page()
    for part in document:
        if isinstance(part, Text):
            pdf.set_font(part.style, size={"title": 22, "text": 16}.get(part.style, 12))
            align = {"left": "L", "center": "C", "right": "R"}[part.align]
            pdf.multi_cell(0, 10, part.text, align=align, new_x="LMARGIN", new_y="NEXT")
            continue
        pdf.set_font("cell", size=12)
        plain = fpdf.fonts.FontFace(emphasis=None)
        options = {"col_widths": part.widths, "text_align": "C", "first_row_as_headings": bool(part.head)}
        with pdf.table(headings_style=plain, **options) as table:
            for row in ([tuple((cell, 1) for cell in part.head)] if part.head else []) + list(part.rows):
                line = table.row()
                for text, span in row:
                    line.cell(text, colspan=span)
    return bytes(pdf.output())
