"""Both languages in three sizes of letters: a gallery each, in a process of its own, and sheets of small pictures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from villagedesk import text

SCALES = (100, 150, 200)
_ACROSS, _DOWN = 3, 3
_WIDE = 640  # pixels of a small picture
_TITLE = 18


def every(folder: Path, desk: Path, words: Sequence[str]) -> Iterator[Path]:
    """Make every gallery under ``folder`` on the demo village ``desk``; yields each one's folder when it is done."""
    _letters = QGuiApplication([])  # for the names on the sheets
    for language in text.LANGUAGES:
        for scale in SCALES:
            target = folder / f"{language}-{scale}"
            given = [*words, f"--lang={language}", f"--scale={scale}", f"--desk={desk}"]
            subprocess.run([sys.executable, "-m", "ui.gallery", str(target), *given], check=True)  # noqa: S603  ourselves
            yield target


def contact_sheets(folder: Path) -> list[Path]:
    """Nine pictures on a sheet, each with its name: ``sheet-1.png`` and so on."""
    pictures = sorted(file for file in folder.glob("[0-9]*.png"))
    sheets = []
    for number, start in enumerate(range(0, len(pictures), _ACROSS * _DOWN), 1):
        sheets.append(folder / f"sheet-{number}.png")
        _sheet(pictures[start : start + _ACROSS * _DOWN]).save(str(sheets[-1]))
    return sheets


def _sheet(pictures: Sequence[Path]) -> QImage:
    small = [QImage(str(file)).scaledToWidth(_WIDE, Qt.TransformationMode.SmoothTransformation) for file in pictures]
    high = max(picture.height() for picture in small) + _TITLE
    made = QImage(_WIDE * _ACROSS, high * -(-len(small) // _ACROSS), QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    painter = QPainter(made)
    font = painter.font()
    font.setPixelSize(_TITLE - 4)
    painter.setFont(font)
    for number, (file, picture) in enumerate(zip(pictures, small, strict=True)):
        x, y = number % _ACROSS * _WIDE, number // _ACROSS * high
        painter.drawText(QRect(x + 4, y, _WIDE, _TITLE), int(Qt.AlignmentFlag.AlignVCenter), file.stem)
        painter.drawImage(x, y + _TITLE, picture)
    painter.end()
    return made
