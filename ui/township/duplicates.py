"""Persons who stand in the files of two villages: the same person, or two who look alike; a person decides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QStackedWidget, QVBoxLayout, QWidget

from ui.context import HubContext
from ui.page import button, card, row, scrolled
from ui.tables import EmptyState
from ui.township.page import HubPage
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.adjudication import Duplicate, Entry


class DuplicatesPage(HubPage):
    """One card a case."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context, tr("In two villages"), tr("Ask both villages before you decide; the reason stays in the history.")
        )
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("Nobody stands in two villages' files.")))
        self.column.addWidget(self._body, 1)

    def refresh(self) -> None:
        """Look again."""
        cases = self._context.hub.acts.duplicates()
        names = self._context.hub.review.names()
        old = self._body.widget(1)
        if old is not None:
            self._body.removeWidget(old)
            old.deleteLater()
        if cases:
            self._body.addWidget(scrolled(*(self._card(case, names) for case in cases)))
        self._body.setCurrentIndex(1 if cases else 0)

    def _card(self, case: Duplicate, names: dict[str, str]) -> QWidget:
        holder = QWidget()
        group = QButtonGroup(holder)
        choices = QVBoxLayout(holder)
        choices.setContentsMargins(0, 0, 0, 0)
        for number, entry in enumerate(case.entries):
            choice = QRadioButton(_words(entry, names))
            group.addButton(choice, number)
            choices.addWidget(choice)
        same = button(
            say("One person, who stays where I ticked"), "ok", partial(self._on_same, case, group), kind="primary"
        )
        different = button(say("Two different people"), "person", partial(self._on_different, case))
        why = tr("the same ID number") if case.why == "id_number" else tr("the same name and birth date")
        return card(holder, row(same, different), heading=f"{case.entries[0].name}    {why}")

    def _on_same(self, case: Duplicate, group: QButtonGroup) -> None:
        number = group.checkedId()
        if number < 0:
            self._context.messages.tell(say("Tick the entry in which the person stays."), "warn")
            return
        reason = self._context.messages.ask_line(say("How was this found out?"))
        if reason:
            acts, today = self._context.hub.acts, self._context.hub.review.today()
            verb = partial(acts.judge_same, case, case.entries[number].member_id, today, reason)
            self._do(say("Decided. The other village gets it with its next reply."), verb)

    def _on_different(self, case: Duplicate) -> None:
        reason = self._context.messages.ask_line(say("How was this found out?"))
        if reason:
            verb = partial(self._context.hub.acts.judge_different, case, reason)
            self._do(say("Noted: two different people. The case is closed."), verb)


def _words(entry: Entry, names: dict[str, str]) -> str:
    return tr(
        "{village}, household {no}: {name}, born {birth}, ID {id}{head}",
        village=names.get(entry.village, entry.village),
        no=entry.household_no,
        name=entry.name,
        birth=entry.birth.isoformat() if entry.birth else "—",
        id=entry.id_number or "—",
        head=tr(" (head)") if entry.head else "",
    )
