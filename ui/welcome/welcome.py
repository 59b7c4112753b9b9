"""The first thing a newcomer sees: what this is, and four ways to begin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import style
from ui.icons import drawing
from ui.page import button, card, label, let_go
from villagedesk.text import Text, say, tr

_WAYS: tuple[tuple[str, str, Text, Text], ...] = (
    ("new", "desk", say("Set up a desk for my village"),
     say("Ten minutes: village, policy, passphrase, then last year's list.")),
    ("demo", "eye", say("Look around in a demo village"), say("Invented people. Try everything, nothing can break.")),
    ("open", "folder", say("Open a desk that is here already"), say("On this laptop or on a stick.")),
    ("join", "exchange", say("Join by an invitation"), say("A colleague or the township gave you an invitation file.")),
    ("restore", "history", say("Restore from a backup"), say("The laptop is new, or the desk was lost.")),
    ("hub", "conflict", say("Set up the hub of a township"),
     say("For the township office: takes in the villages' files and answers them.")),
)  # fmt: skip


class WelcomePage(QFrame):
    """Desks opened lately, and the ways to begin."""

    way_chosen = Signal(str)
    desk_chosen = Signal(object)
    language_chosen = Signal(str)

    def __init__(self, desks: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Welcome"))
        self.setObjectName("page")
        inner = QWidget()
        inner.setMaximumWidth(style.letters() * 62)
        column = QVBoxLayout(inner)
        column.setSpacing(style.letters())
        column.addStretch(2)
        column.addLayout(_head())
        self._buttons: list[QPushButton] = []
        if desks:
            column.addWidget(self._recent(desks))
        column.addLayout(self._ways())
        column.addStretch(3)
        column.addLayout(self._languages())
        whole = QHBoxLayout(self)
        whole.addStretch(1)
        whole.addWidget(inner, 20)
        whole.addStretch(1)

    @property
    def first(self) -> QPushButton:
        """Where the cursor begins: at the desk opened last, or at the first way."""
        return self._buttons[0]

    def set_busy(self, busy: bool) -> None:
        """While a desk is made or restored no second way is begun."""
        if busy:
            let_go(self)  # else the cursor would hop to the end of the page, and the page with it
        for one in self._buttons:
            one.setEnabled(not busy)
        if not busy:
            self.first.setFocus()

    def _recent(self, desks: Sequence[Path]) -> QWidget:
        rows = QVBoxLayout()
        for path in desks[:3]:
            line = button(path.name, "lock", kind="link")
            line.setToolTip(str(path))
            line.setProperty("desk", str(path))
            line.clicked.connect(self._on_desk)
            self._buttons.append(line)
            rows.addWidget(line)
        return card(rows, heading=tr("Opened lately"))

    def _ways(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(style.letters())
        for number, (key, sign, title, about) in enumerate(_WAYS):
            way = _way(str(title), str(about), sign)
            way.setProperty("way", key)
            way.clicked.connect(self._on_way)
            self._buttons.append(way)
            if number == 0:
                grid.addWidget(way, 0, 0, 1, 2)
            else:
                grid.addWidget(way, (number + 1) // 2, (number + 1) % 2)
        return grid

    def _languages(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStretch(1)
        for key, word in (("zh_CN", "中文"), ("en", "English")):
            choice = QPushButton(word)
            choice.setObjectName("link")
            choice.setProperty("language", key)
            choice.clicked.connect(self._on_language)
            line.addWidget(choice)
        return line

    def _on_way(self) -> None:
        self.way_chosen.emit(self.sender().property("way"))

    def _on_desk(self) -> None:
        self.desk_chosen.emit(Path(self.sender().property("desk")))

    def _on_language(self) -> None:
        self.language_chosen.emit(self.sender().property("language"))


def _head() -> QHBoxLayout:
    sign = QLabel()
    size = style.letters() * 4
    sign.setPixmap(drawing("villagedesk", style.tokens().accent, size))
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(label(tr("VillageDesk"), "title"))
    words.addWidget(
        label(
            tr("Every fact typed once; every paper, list and report falls out of it. No internet needed."),
            "hint",
            wrap=True,
        )
    )
    line = QHBoxLayout()
    line.setSpacing(style.letters())
    line.addWidget(sign)
    line.addLayout(words, 1)
    return line


def _way(title: str, about: str, sign: str) -> QPushButton:
    made = QPushButton()
    made.setObjectName("choice")
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    made.setAccessibleName(title)
    made.setAccessibleDescription(about)
    unit = style.letters()
    picture = QLabel()
    picture.setPixmap(drawing(sign, style.tokens().accent, unit * 2))
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(label(title, "heading", wrap=True))
    words.addWidget(label(about, "hint", wrap=True))
    line = QHBoxLayout(made)
    line.setContentsMargins(unit, unit // 2, unit, unit // 2)
    line.setSpacing(unit)
    line.addWidget(picture)
    line.addLayout(words, 1)
    made.setIconSize(QSize(0, 0))
    return made
