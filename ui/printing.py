"""Papers to the printer: the PDF itself through CUPS, else pictures at 300 dpi; never scaled unasked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF, QRegularExpression, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QRegularExpressionValidator
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.page import label
from ui.pdfview import Sheets
from villagedesk.errors import Unavailable
from villagedesk.text import say, tr
from villagedesk.values import Step, no_step

_DPI = 300
_POINTS = 72.0


@dataclass(frozen=True)
class PrintOrder:
    """What the user wants from the printer."""

    printer: str
    copies: int = 1
    fit: bool = False  # shrink to what the printer can reach; off, because a paper's millimetres are prescribed
    duplex: bool = False
    pages: str = ""  # e.g. 2-5,9; empty for all


class PrintDialog(QDialog):
    """Which printer, how many copies. The paper itself is already right."""

    def __init__(
        self, printers: Sequence[str], chosen: str, pages: int, parent: QWidget | None = None, *, first: int = 1
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Print"))
        self._printer = QComboBox()
        self._printer.addItems(list(printers))
        self._printer.setCurrentText(chosen)
        self._copies = QSpinBox()
        self._copies.setRange(1, 99)
        self._duplex = QCheckBox(tr("Both sides of the sheet"))
        self._fit = QCheckBox(tr("Shrink to the printable area (only if the printer cuts the edges)"))
        self._pages = QLineEdit()
        self._pages.setPlaceholderText(tr("all, or for instance 2-5,9"))
        self._pages.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9]*([-,][0-9]+)*[-,]?")))
        self._pages.setText(f"{first}-{pages}" if first > 1 else "")
        self._count = pages
        self._assemble(can_print=bool(printers))

    def _assemble(self, *, can_print: bool) -> None:
        form = QFormLayout()
        form.addRow(tr("Printer"), self._printer)
        form.addRow(tr("Copies"), self._copies)
        form.addRow(tr("Pages"), self._pages)
        form.addRow("", self._duplex)
        form.addRow("", self._fit)
        buttons = QDialogButtonBox()
        go = buttons.addButton(tr("Print {n} {n:page|pages}", n=self._count), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        if not can_print:
            column.addWidget(
                label(
                    tr("This machine has no printer. Save the paper as a PDF and print it elsewhere."),
                    "problem",
                    wrap=True,
                )
            )
            go.setEnabled(False)
        column.addWidget(buttons)
        self.setMinimumWidth(style.letters() * 32)

    @property
    def order(self) -> PrintOrder:
        """What was chosen."""
        return PrintOrder(
            self._printer.currentText(),
            self._copies.value(),
            self._fit.isChecked(),
            self._duplex.isChecked(),
            ranges(self._pages.text(), self._count),
        )


def ranges(text: str, count: int) -> str:
    """The pages of a range that are there, as ``2-5,9``; empty for all of them."""
    chosen = {page for page in pages_in(text) if page <= count}
    return "" if len(chosen) in {0, count} else ",".join(map(str, sorted(chosen)))


def pages_in(text: str) -> Iterator[int]:
    """The page numbers of ``2-5,9``, from 1."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdigit():
            yield from range(max(1, int(first)), int(last if last.isdigit() else first) + 1)


def printers() -> tuple[tuple[str, ...], str]:
    """The printers of this machine and the standard one."""
    return tuple(QPrinterInfo.availablePrinterNames()), QPrinterInfo.defaultPrinterName()


def hands_over() -> bool:
    """Whether the PDF itself can be given to the print system."""
    return sys.platform.startswith("linux") and shutil.which("lp") is not None


def print_pdf(pdf: bytes, order: PrintOrder, step: Step = no_step) -> None:
    """Print the very bytes of the preview.

    Raises Unavailable when the printer or the print system refuses.
    """
    if hands_over():
        _hand_over(pdf, order)
    else:
        draw(pdf, _printer(order), order, step)


def draw(pdf: bytes, printer: QPrinter, order: PrintOrder, step: Step = no_step) -> None:
    """Draw the pages on ``printer`` at 300 dpi in their true size."""
    sheets = Sheets(pdf)
    wanted = set(pages_in(order.pages)) or set(range(1, len(sheets.sizes) + 1))
    chosen = [(number, size) for number, size in enumerate(sheets.sizes) if number + 1 in wanted]
    _set_paper(printer, chosen[0][1])
    painter = QPainter()
    if not painter.begin(printer):
        raise Unavailable(say("The printer does not answer. Switch it on, or choose another printer."))
    try:
        for done, (number, size) in enumerate(chosen):
            step(done, len(chosen))
            if done:
                _set_paper(printer, size)
                if not printer.newPage():
                    raise Unavailable(say("The printer stopped. Look at it, then print the rest."))
            painter.drawImage(_target(printer, size, order), sheets.image(number, _DPI / _POINTS))
        step(len(chosen), len(chosen))
    finally:
        painter.end()
        sheets.close()


def _printer(order: PrintOrder) -> QPrinter:
    printer = QPrinter(QPrinterInfo.printerInfo(order.printer), QPrinter.PrinterMode.HighResolution)
    printer.setResolution(_DPI)
    printer.setCopyCount(order.copies)
    printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide if order.duplex else QPrinter.DuplexMode.DuplexNone)
    return printer


def _set_paper(printer: QPrinter, size: QSizeF) -> None:
    wide = size.width() > size.height()
    upright = size.transposed() if wide else size
    printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)


def _target(printer: QPrinter, size: QSizeF, order: PrintOrder) -> QRectF:
    dots = printer.resolution() / _POINTS
    true = QRectF(0, 0, size.width() * dots, size.height() * dots)
    if not order.fit:
        return true
    reach = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
    factor = min(1.0, reach.width() / true.width(), reach.height() / true.height())
    return QRectF(reach.x(), reach.y(), true.width() * factor, true.height() * factor)


def _hand_over(pdf: bytes, order: PrintOrder) -> None:
    options = ["-n", str(order.copies), "-o", "fit-to-page" if order.fit else "print-scaling=none"]
    options += ["-o", "sides=two-sided-long-edge" if order.duplex else "sides=one-sided"]
    options += ["-P", order.pages] if order.pages else []
    command = ["lp", "-s", "-d", order.printer, *options]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, check=False, timeout=60)  # noqa: S603  own options
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(say("The print system does not answer. Look at the printer, then print again.")) from error
    if done.returncode:
        raise Unavailable(say("The print system refused the paper. Look at the printer, then print again."))
