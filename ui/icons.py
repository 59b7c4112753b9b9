"""Line icons drawn for this program, coloured by the look in use."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui import style
from villagedesk import resources

_SIZES = (16, 24, 32, 48)


def icon(name: str, colour: str = "", selected: str = "") -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the colour of the text unless told otherwise.

    ``selected`` is its colour on a selected line of the navigation.
    """
    tokens = style.tokens()
    colour = colour or tokens.text
    return _drawn(name, colour, selected or colour, tokens.muted)


def file(name: str) -> str:
    """The path of an icon for the style sheet, with forward slashes on every system."""
    return resources.path("icons", f"{name}.svg").as_posix()


def application_icon() -> QIcon:
    """The sign of the program itself."""
    return QIcon(file("villagedesk"))


@lru_cache
def _drawn(name: str, colour: str, selected: str, disabled: str) -> QIcon:
    source = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_pixmap(source, colour, size))
        made.addPixmap(_pixmap(source, selected, size), QIcon.Mode.Selected)
        made.addPixmap(_pixmap(source, disabled, size), QIcon.Mode.Disabled)
    return made


def _pixmap(source: str, colour: str, size: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
