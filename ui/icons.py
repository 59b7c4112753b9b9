"""Line icons drawn for this program, coloured by the look in use."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui import style
from villagedesk import resources


def icon(name: str, colour: str = "", selected: str = "") -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the colour of the text unless told otherwise.

    ``selected`` is its colour on a selected line of the navigation.
    """
    tokens = style.tokens()
    colour = colour or tokens.text
    return _drawn(name, colour, selected or colour, tokens.muted, style.letters())


def file(name: str) -> str:
    """The path of an icon for the style sheet, with forward slashes on every system."""
    return resources.path("icons", f"{name}.svg").as_posix()


def application_icon() -> QIcon:
    """The sign of the program itself."""
    return QIcon(file("villagedesk"))


@lru_cache
def _drawn(name: str, colour: str, selected: str, disabled: str, unit: int) -> QIcon:
    source = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for paint, mode in ((colour, QIcon.Mode.Normal), (selected, QIcon.Mode.Selected), (disabled, QIcon.Mode.Disabled)):
        if paint != colour or mode == QIcon.Mode.Normal:
            renderer = QSvgRenderer(QByteArray(source.replace("currentColor", paint).encode()))
            for size in (round(unit * 1.15), unit * 3):  # on a button, and large or on a sharp screen
                made.addPixmap(_pixmap(renderer, size), mode)
    return made


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
