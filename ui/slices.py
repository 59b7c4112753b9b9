"""Cards of a long form, put on the page one a turn of the event loop: the window answers between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.page import scrolled


class SlicedCards(QWidget):
    """As :func:`ui.page.scrolled`, but only the first cards are made at once; each is made when its turn comes.

    Nothing is made while somebody looks at another tab: that click shall not wait for these cards.
    """

    added = Signal(QWidget)  # the card that was put on the page

    def __init__(self, cards: Iterable[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = iter(cards)
        self._begun = self._ended = False
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.letters())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner))
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._on_turn)

    @property
    def whole(self) -> bool:
        """Whether every card is on the page."""
        return self._ended or not self._begun

    def begin(self, first: int = 1) -> None:
        """Put the first cards on the page now, the others turn by turn."""
        self._begun = True
        self._turn.start()
        for _ in range(first):
            self._on_turn()

    def complete(self) -> None:
        """Put on the page now what is still missing: somebody is led to a field, or walks to the next one."""
        while not self.whole:
            self._on_turn()

    def stop(self) -> None:
        """Make no more cards: the form is given up."""
        self._ended = True
        self._turn.stop()

    def take_down(self, then: Callable[[], object]) -> None:
        """Let the cards go one a turn, as they came, and then do what is left."""
        self.stop()
        self._turn.timeout.disconnect()
        self._turn.timeout.connect(partial(self._on_leaving, then))
        self._turn.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where it stopped."""
        super().showEvent(event)
        if not self.whole:
            self._turn.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Wait until somebody looks here again."""
        super().hideEvent(event)
        self._turn.stop()

    def _on_leaving(self, then: Callable[[], object]) -> None:
        item = self._column.takeAt(0)
        if item is None:
            self._turn.stop()
            then()
        elif card := item.widget():
            card.deleteLater()

    def _on_turn(self) -> None:
        card = next(self._cards, None)
        if card is None:
            self.stop()
            return
        self._column.addWidget(card)
        card.show()
        self.added.emit(card)
