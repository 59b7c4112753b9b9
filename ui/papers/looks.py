"""How a paper shall look this time: size of leaf and type, lists a leaf, by group, masked, empty for the pen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from ui.fields.flow import Flow
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.services.paper_making import Language

_SIZES: tuple[tuple[Text, Mapping[str, Any], str], ...] = (
    (say("As the template says"), {}, ""),
    (say("Big print"), {"large": True}, ""),
    (say("A3"), {"size": "A3"}, ""),
    (say("A3, big print"), {"size": "A3", "large": True}, ""),
    (say("Two on a leaf"), {"up": 2}, "up"),
    (say("Two on an A3 leaf"), {"size": "A3", "up": 2}, "up"),
    (say("Four on an A3 leaf"), {"size": "A3", "up": 4}, "up"),
)
_CHECKS: tuple[tuple[str, Text, Text], ...] = (
    ("by_group", say("One list a group"), say("Every village group gets a list of its own, numbered anew.")),
    ("masked", say("Masked names"), say("For a copy that is photographed or passed on: 张*华 instead of the name.")),
    ("duplex", say("Both sides"), say("Every paper begins on a front side.")),
    ("by_hand", say("Empty, for the pen"), say("A copy without data, with rows high enough for handwriting.")),
)


class LookBar(QWidget):
    """A row of choices; what a paper cannot do is not offered."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._second = QComboBox()
        self._second.setAccessibleName(tr("Second language"))
        self._second.setToolTip(tr("Titles and list heads in a second language; what nobody confirmed yet says so."))
        self._second.addItem(tr("Chinese only"), "")
        self._second.hide()  # until languages are offered
        self._size = QComboBox()
        self._size.setAccessibleName(tr("Leaf and print"))
        self._size.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._checks: dict[str, QCheckBox] = {}
        line = Flow(self)
        line.addWidget(self._size)
        line.addWidget(self._second)
        for key, words, tip in _CHECKS:
            self._checks[key] = QCheckBox(str(words))
            self._checks[key].setToolTip(str(tip))
            self._checks[key].toggled.connect(self._on_chosen)
            line.addWidget(self._checks[key])
        self._size.activated.connect(self._on_chosen)
        self._second.activated.connect(self._on_chosen)

    @property
    def look(self) -> dict[str, Any]:
        """What was chosen, in the words of ``papers.look``."""
        size: Mapping[str, Any] = self._size.currentData() or {}
        second = {"second": self._second.currentData()} if self._second.currentData() else {}
        return {
            **size,
            **second,
            **{key: True for key, box in self._checks.items() if not box.isHidden() and box.isChecked()},
        }

    def offer_languages(self, languages: Iterable[Language]) -> None:
        """Offer these as a second language; what lacks a font or words is shown, but cannot be chosen."""
        for language in languages:
            self._second.addItem(_called(language), language.code)
            offered: Any = self._second.model()
            offered.item(self._second.count() - 1).setEnabled(language.usable)
        self._second.setVisible(self._second.count() > 1)

    def offer(self, able: Collection[str]) -> None:
        """Offer what this kind of paper can do; choices made before stay where they still hold."""
        self.blockSignals(True)
        chosen = self._size.currentText()
        self._size.clear()
        for words, look, needs in _SIZES:
            if not needs or needs in able:
                self._size.addItem(str(words), look)
        self._size.setCurrentIndex(max(0, self._size.findText(chosen)))
        for key, box in self._checks.items():
            box.setVisible(key in able)
            if key not in able:
                box.setChecked(False)
        self.blockSignals(False)

    def _on_chosen(self) -> None:
        self.changed.emit()


def _called(language: Language) -> str:
    """A language with what is not done in it, said plainly."""
    said = [] if language.confirmed or not language.usable else [tr("not confirmed")]
    said += [language.note] if language.note else []
    return tr("{language} ({said})", language=language.name, said="；".join(said)) if said else language.name
