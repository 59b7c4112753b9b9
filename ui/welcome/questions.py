"""The set-up of a desk or a hub, one question a page; the last ones are the passphrase and the recovery key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui import style
from ui.messages import Messages
from ui.page import button, label, let_go
from ui.welcome.recovery_step import RecoveryStep
from ui.welcome.secret_step import SecretStep
from villagedesk.text import Text, say, tr


class Questions(QWidget):
    """Asks, lets be made what the answers say, and shows the recovery key. A subclass knows the first questions.

    Each step has ``first``, where the cursor begins, and ``enter``, for Enter before it is answered.
    """

    make_wanted = Signal(object)  # the answers
    left = Signal()
    finished = Signal()
    print_wanted = Signal()
    save_wanted = Signal()

    def __init__(
        self,
        messages: Messages,
        first: Sequence[QWidget],
        questions: Sequence[Text],
        make: Text,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self._questions, self._make = questions, make
        self.secret, self.recovery = SecretStep(messages), RecoveryStep()
        self._secret_at, self._recovery_at = len(first), len(first) + 1
        self._steps = QStackedWidget()
        steps: tuple[Any, ...] = (*first, self.secret, self.recovery)
        for step in steps:
            self._steps.addWidget(step)
            step.changed.connect(self._on_changed)
        self._question = label("", "title", wrap=True)
        self._back = button(say("Back"), "back", self._on_back)
        self.next = button(say("Next"), "", self._on_next, kind="primary")
        self.recovery.print_wanted.connect(self.print_wanted)
        self.recovery.save_wanted.connect(self.save_wanted)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins: in the first answer of the question in front."""
        step: Any = self._steps.currentWidget()
        first: QWidget = step.first
        return first

    def show_step(self, step: int) -> None:
        """Show one question."""
        let_go(self)
        self._steps.setCurrentIndex(step)
        self._question.setText(str(self._questions[step]))
        self.setAccessibleName(self._question.text())
        words = {self._secret_at: self._make, self._recovery_at: say("Begin")}
        self.next.setText(str(words.get(step) or tr("Next")))
        self._back.setVisible(step != self._recovery_at)
        self._on_changed()
        self._begin()

    def made(self, recovery_key: str) -> None:
        """It is made: show its recovery key."""
        self.recovery.show_key(recovery_key)
        self.show_step(self._recovery_at)

    def refused(self) -> None:
        """It was not made (the message bar says why): let the user change the answers."""
        self._on_changed()
        self._begin()

    def answered(self, step: int) -> bool:
        """Whether a question of the subclass is answered."""
        raise NotImplementedError

    def make(self) -> None:
        """Emit :attr:`make_wanted` with the answers."""
        raise NotImplementedError

    def go_on(self, step: int) -> None:
        """From a question of the subclass to the next one, which may propose what follows from the answer."""
        raise NotImplementedError

    def assemble(self, *above: QHBoxLayout) -> None:
        """Put the parts together, ``above`` the question what the subclass shows there."""
        buttons = QHBoxLayout()
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        inner = QWidget()
        inner.setMaximumWidth(style.letters() * 68)
        column = QVBoxLayout(inner)
        column.setSpacing(style.letters() * 3 // 4)
        for line in above:
            column.addLayout(line)
        column.addWidget(self._question)
        column.addWidget(self._steps, 1)
        column.addLayout(buttons)
        whole = QHBoxLayout(self)
        unit = style.letters()
        whole.setContentsMargins(unit * 2, unit, unit * 2, unit)
        whole.addStretch(1)
        whole.addWidget(inner, 20)
        whole.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on as soon as the question is answered; before that the step says where the cursor belongs."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not enter or isinstance(QApplication.focusWidget(), QPushButton):
            super().keyPressEvent(event)
        elif self.next.isEnabled():
            self.next.click()
        else:
            step: Any = self._steps.currentWidget()
            step.enter()

    def _begin(self) -> None:
        """The cursor stands in the first answer, and who does not see the question hears it there."""
        self.first.setAccessibleDescription(self._question.text())
        self.first.setFocus()

    def _on_changed(self) -> None:
        step = self._steps.currentIndex()
        last = {self._secret_at: self.secret.complete, self._recovery_at: self.recovery.complete}
        self.next.setEnabled(last[step] if step in last else self.answered(step))

    def _on_back(self) -> None:
        step = self._steps.currentIndex()
        if step:
            self.show_step(step - 1)
        else:
            self.left.emit()

    def _on_next(self) -> None:
        step = self._steps.currentIndex()
        if step == self._recovery_at:
            self.finished.emit()
        elif step == self._secret_at:
            let_go(self)
            self.next.setEnabled(False)
            self.make()
        else:
            self.go_on(step)
