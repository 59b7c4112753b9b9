"""Language, light or dark, size of the letters: of this user on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtWidgets import QApplication, QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.rows import FieldRow, grid
from ui.page import card, label
from ui.welcome.entrance import speak_anew
from villagedesk import text
from villagedesk.text import say, tr

LANGUAGES = (("zh_CN", "中文"), ("en", "English"))
LOOKS = (
    (style.SYSTEM, say("As the computer")),
    ("light", say("Light")),
    ("dark", say("Dark")),
    ("contrast", say("High contrast")),
)
SCALES = (100, 110, 125, 150, 175, 200)


class LookTab(QWidget):
    """Three choices, in force at once."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._language = _box(LANGUAGES)
        self._look = _box([(key, str(word)) for key, word in LOOKS])
        self._scale = _box([(str(n), f"{n} %") for n in SCALES])
        rows = [
            FieldRow("语言 / Language", self._language),
            FieldRow(tr("Look"), self._look),
            FieldRow(tr("Size of the letters"), self._scale),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(
            card(
                grid(rows, 3),
                label(tr("Notices and files stay Chinese whatever the window speaks."), "hint", wrap=True),
            )
        )
        column.addStretch(1)
        self.show_choices()
        self._language.activated.connect(self._on_language)
        self._look.activated.connect(self._on_look)
        self._scale.activated.connect(self._on_look)

    def _on_language(self) -> None:
        language = self._language.currentData()
        app = cast("QApplication", QApplication.instance())
        if self._context.navigator.redress(lambda: speak_anew(app, language)):
            self._context.remembered.keep("language", language)
        else:
            self.show_choices()

    def _on_look(self) -> None:
        look, scale = self._look.currentData(), int(self._scale.currentData())
        app = cast("QApplication", QApplication.instance())
        if self._context.navigator.redress(lambda: style.apply(app, look, scale)):
            self._context.remembered.keep("look", look)
            self._context.remembered.keep("scale", scale)
        else:
            self.show_choices()

    def show_choices(self) -> None:
        """Show what is chosen now."""
        remembered = self._context.remembered
        for box, key, default in (
            (self._language, "language", text.DEFAULT_LANGUAGE), (self._look, "look", "light"),
            (self._scale, "scale", "100"),
        ):  # fmt: skip
            box.setCurrentIndex(max(0, box.findData(remembered.word(key, default))))


def _box(choices: Sequence[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    for key, word in choices:
        made.addItem(word, key)
    return made
