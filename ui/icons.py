"""Line icons drawn for this program, coloured by the look in use."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui import style
from villagedesk import resources


def icon(name: str, colour: str = "", selected: str = "") -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the colour of the text unless told otherwise.

    ``selected`` is its colour on a selected line of the navigation.
    """
    colour = colour or style.tokens().text
    return _icon(name, colour, selected or colour, style.tokens().muted, style.letters(), _sharpness())


def drawing(name: str, colour: str, size: int) -> QPixmap:
    """The icon as a picture of ``size`` pixels, sharp on every screen."""
    return _drawn(name, colour, size, _sharpness())


def file(name: str) -> str:
    """The path of an icon for the style sheet, with forward slashes on every system."""
    return resources.path("icons", f"{name}.svg").as_posix()


def application_icon() -> QIcon:
    """The sign of the program itself."""
    return QIcon(file("villagedesk"))


def _sharpness() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen else 1.0


@lru_cache
def _icon(name: str, colour: str, selected: str, disabled: str, unit: int, sharpness: float) -> QIcon:
    size = round(unit * 1.15)
    made = QIcon(_drawn(name, colour, size, sharpness))
    made.addPixmap(_drawn(name, disabled, size, sharpness), QIcon.Mode.Disabled)
    if selected != colour:
        made.addPixmap(_drawn(name, selected, size, sharpness), QIcon.Mode.Selected)
    return made


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, sharpness: float) -> QPixmap:
    source = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
    pixmap = QPixmap(round(size * sharpness), round(size * sharpness))
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(sharpness)
    return pixmap
