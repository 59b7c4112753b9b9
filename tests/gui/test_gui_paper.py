"""Preview and printing: the very bytes, in their true size."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from ui import printing
from ui.pdfview import ZOOMS, PdfView, Sheets
from ui.printing import PrintDialog, PrintOrder
from villagedesk.errors import Unavailable

MM = 72 / 25.4


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    """Three pages, the second across; a black square of 20 mm, 30 mm from the left and top."""
    canvas = Canvas(str(tmp_path / "x.pdf"))
    for size in (A4, landscape(A4), A4):
        canvas.setPageSize(size)
        canvas.rect(30 * MM, size[1] - 50 * MM, 20 * MM, 20 * MM, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return (tmp_path / "x.pdf").read_bytes()


def _square(bitmap, dots_a_mm: float) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what is black, in mm."""
    image = bitmap.convert("L").point(lambda value: 255 if value < 128 else 0)
    return tuple(round(edge / dots_a_mm, 1) for edge in image.getbbox())


def test_pages_are_black_on_white(pdf: bytes) -> None:
    sheets = Sheets(pdf)
    assert [round(size.width()) for size in sheets.sizes] == [595, 842, 595]
    image = sheets.image(0, 1.0)
    assert image.pixelColor(5, 5).name() == "#ffffff"
    assert image.pixelColor(round(40 * MM), round(40 * MM)).name() == "#000000"
    sheets.close()


def test_the_view_counts_and_walks_pages(qtbot: QtBot, pdf: bytes) -> None:
    view = PdfView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    assert not view._print.isEnabled()
    view.show_pdf(pdf)
    assert view.area.count == 3
    assert "1" in view._where.text()
    assert "3" in view._where.text()
    qtbot.keyClick(view.area, Qt.Key.Key_PageDown)
    assert "2" in view._where.text()
    view.grab()
    view.show_pdf(b"")
    assert view.area.count == 0
    assert view._where.text() == ""


def test_zoom_keeps_inside_its_steps(qtbot: QtBot, pdf: bytes) -> None:
    view = PdfView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    view.show_pdf(pdf)
    fitted = view.area.zoom
    for _ in range(20):
        view.area.step_zoom(1)
    assert view.area.zoom == ZOOMS[-1]
    assert view.area.horizontalScrollBar().maximum() > 0
    for _ in range(20):
        view.area.step_zoom(-1)
    assert view.area.zoom == ZOOMS[0]
    view.area.set_zoom(0)
    assert view.area.zoom == fitted


def test_print_and_save_wait_for_a_paper(qtbot: QtBot, pdf: bytes) -> None:
    view = PdfView()
    qtbot.addWidget(view)
    view.show_pdf(pdf)
    with qtbot.waitSignal(view.print_wanted):
        view._print.click()
    with qtbot.waitSignal(view.save_wanted):
        view._save.click()
    assert view.pdf == pdf


def test_printed_millimetres_are_true(qtbot: QtBot, pdf: bytes, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(300)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    told: list[tuple[int, int]] = []
    printing.draw(pdf, printer, PrintOrder("x"), lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    made = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    assert [tuple(round(edge) for edge in made.get_page_size(n)) for n in range(3)] == [
        (595, 842),
        (842, 595),
        (595, 842),
    ]
    for number in range(3):
        edges = _square(made[number].render(scale=300 / 72).to_pil(), 300 / 25.4)
        assert edges == pytest.approx((30, 30, 50, 50), abs=0.3)
    made.close()


def test_a_printer_that_does_not_answer_is_named(
    qtbot: QtBot, pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(QPainter):
        def begin(self, _device: object) -> bool:
            return False

    monkeypatch.setattr(printing, "QPainter", Silent)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    with pytest.raises(Unavailable):
        printing.draw(pdf, printer, PrintOrder("x"))


def test_the_pdf_itself_goes_to_cups_unscaled(pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncat > {tmp_path}/got\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    printing.print_pdf(pdf, PrintOrder("OFFICE", copies=2, duplex=True))
    assert (tmp_path / "got").read_bytes() == pdf
    said = (tmp_path / "said").read_text()
    assert "-d OFFICE -n 2" in said
    assert "print-scaling=none" in said
    assert "two-sided-long-edge" in said


def test_cups_refusing_is_one_sentence(pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\ncat > /dev/null\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    with pytest.raises(Unavailable):
        printing.print_pdf(pdf, PrintOrder("OFFICE"))


def test_scaling_is_off_unless_asked_for(qtbot: QtBot) -> None:
    dialog = PrintDialog(["A", "B"], "B", 3)
    qtbot.addWidget(dialog)
    assert dialog.order == PrintOrder("B", 1, fit=False, duplex=False)


def test_without_a_printer_the_dialog_says_what_to_do(qtbot: QtBot) -> None:
    dialog = PrintDialog([], "", 3)
    qtbot.addWidget(dialog)
    go = next(button for button in dialog.findChildren(QPushButton) if button.objectName() == "primary")
    assert not go.isEnabled()
    assert any("PDF" in said.text() for said in dialog.findChildren(QLabel))
