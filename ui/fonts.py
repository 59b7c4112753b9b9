"""The letters of the window: the system's Chinese face where there is one, the bundled ones behind it."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from villagedesk import resources

_WINDOW_FONT = "hei.ttf"
_RARE_FONTS = ("song.ttf", "rare.ttf")


@lru_cache
def load_fonts() -> tuple[str, ...]:
    """Make the window's bundled font known to Qt; its families, empty when none is shipped."""
    return _added(_WINDOW_FONT)


@lru_cache
def load_rare_fonts() -> None:
    """Make the large fonts known too: Qt falls back to them for names the window's own font has no glyph for."""
    for name in _RARE_FONTS:
        _added(name)


def _added(name: str) -> tuple[str, ...]:
    file = resources.path("fonts", name)
    number = QFontDatabase.addApplicationFont(str(file)) if file.is_file() else -1
    return tuple(QFontDatabase.applicationFontFamilies(number)) if number >= 0 else ()


def window_font(bundled: tuple[str, ...]) -> QFont:
    """The system's own Chinese face, else the bundled one; rare characters fall through to the rest."""
    wanted = ("Microsoft YaHei UI", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")
    system = [name for name in wanted if name in QFontDatabase.families()]
    font = QFont([*system, *bundled])
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font
