"""The set-up of a new desk, one question a page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import style
from ui.fields.editor import NextOnEnter
from ui.jobs import Jobs
from ui.messages import Messages
from ui.page import button, label, set_tone
from ui.welcome.answers import SetUp
from ui.welcome.policy_step import PolicyStep
from ui.welcome.recovery_step import RecoveryStep
from ui.welcome.secret_step import SecretStep
from ui.welcome.village_step import VillageStep
from villagedesk.text import Text, say, tr

_STEPS: tuple[tuple[Text, Text], ...] = (
    (say("Village"), say("Which village does this desk serve?")),
    (say("Policy"), say("Under which policy does the village work?")),
    (say("Passphrase"), say("Who works here, and what locks the desk?")),
    (say("Recovery sheet"), say("Put the recovery key away.")),
)
_VILLAGE, _POLICY, _SECRET, _RECOVERY = range(4)


class SetUpWizard(QWidget):
    """Asks, lets the desk be made, and shows the recovery key."""

    make_wanted = Signal(object)  # SetUp
    left = Signal()
    finished = Signal()
    print_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, jobs: Jobs, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.village = VillageStep(jobs)
        self.policy = PolicyStep(jobs)
        self.secret = SecretStep(messages)
        self.recovery = RecoveryStep()
        self._steps = QStackedWidget()
        for step in (self.village, self.policy, self.secret, self.recovery):
            self._steps.addWidget(step)
            step.changed.connect(self._on_changed)
        self._marks = [label(f"{n}  {title}", "", badge=True) for n, (title, _) in enumerate(_STEPS, 1)]
        self._question = label("", "title", wrap=True)
        self._back = button(say("Back"), "back", self._on_back)
        self._next = button(say("Next"), "", self._on_next, kind="primary")
        self.recovery.print_wanted.connect(self.print_wanted)
        self.recovery.save_wanted.connect(self.save_wanted)
        self._assemble()
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self.show_step(_VILLAGE)

    @property
    def answers(self) -> SetUp | None:
        """What was answered, None while something is missing."""
        village = self.village.answer
        if village is None or not self.policy.answer or not self.secret.complete:
            return None
        return SetUp(village, self.policy.answer, self.secret.author, self.secret.folder, self.secret.passphrase)

    def made(self, recovery_key: str) -> None:
        """The desk is made: show its recovery key."""
        self.recovery.show_key(recovery_key)
        self.show_step(_RECOVERY)

    def refused(self) -> None:
        """The desk was not made (the message bar says why): let the user change the answers."""
        self._on_changed()

    def _assemble(self) -> None:
        marks = QHBoxLayout()
        for mark in self._marks:
            marks.addWidget(mark)
        marks.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        buttons.addWidget(self._next)
        inner = QWidget()
        inner.setMaximumWidth(style.letters() * 68)
        column = QVBoxLayout(inner)
        column.setSpacing(style.letters())
        column.addLayout(marks)
        column.addWidget(self._question)
        column.addWidget(self._steps, 1)
        column.addLayout(buttons)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(style.letters() * 2, style.letters() * 2, style.letters() * 2, style.letters() * 2)
        whole.addStretch(1)
        whole.addWidget(inner, 20)
        whole.addStretch(1)

    def show_step(self, step: int) -> None:
        """Show one question."""
        self._steps.setCurrentIndex(step)
        self._question.setText(str(_STEPS[step][1]))
        self.setAccessibleName(self._question.text())
        for number, mark in enumerate(self._marks):
            set_tone(mark, "ok" if number < step else "")
            mark.setEnabled(number <= step)
            font = mark.font()
            font.setBold(number == step)
            mark.setFont(font)
        self._next.setText(tr("Make the desk") if step == _SECRET else tr("Begin") if step == _RECOVERY else tr("Next"))
        self._back.setVisible(step != _RECOVERY)
        self._on_changed()

    def _on_changed(self) -> None:
        step = self._steps.currentIndex()
        complete = (
            self.village.answer is not None,
            bool(self.policy.answer),
            self.secret.complete,
            self.recovery.complete,
        )
        self._next.setEnabled(complete[step])

    def _on_back(self) -> None:
        step = self._steps.currentIndex()
        if step == _VILLAGE:
            self.left.emit()
        else:
            self.show_step(step - 1)

    def _on_next(self) -> None:
        step = self._steps.currentIndex()
        village = self.village.answer
        if step == _RECOVERY:
            self.finished.emit()
        elif step == _SECRET:
            self._next.setEnabled(False)
            self.make_wanted.emit(self.answers)
        elif village is not None:
            self.policy.propose(village.code)
            self.secret.propose(village.name)
            self.show_step(step + 1)
