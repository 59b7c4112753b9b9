"""Persons who seem to stand in the files twice: one person, or two who look alike; a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui.choice import Choice
from ui.context import Context, HubContext
from ui.households.words import time_word
from ui.page import Page, button, card, label, row, scrolled
from ui.stack import Sheets
from ui.tables import EmptyState
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from datetime import date

    from villagedesk.services.adjudication import Duplicate, Entry

_WHY: Mapping[str, Text] = {
    "id_number": say("the same ID number"),
    "name_birth": say("the same name and birth date"),
    "household": say("the same name in one household"),
}


class DoublesPage(Page):
    """One card a case. A hub's page says where its cases are from and to whom the decision goes."""

    found_page = "household"

    def __init__(self, context: Context | HubContext, title: str = "", about: str = "", nobody: str = "") -> None:
        super().__init__(
            title or tr("Entered twice"),
            about or tr("Two laptops that typed the same household before they met double its people. Ask, then "
                        "decide; the reason stays in the history."),
        )  # fmt: skip
        self._context: Any = context
        self._body = Sheets()
        self._body.addWidget(
            EmptyState(nobody or tr("Nobody seems to stand in the files twice. After each exchange this is looked at."))
        )
        self.column.addWidget(self._body, 1)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **_place: Any) -> None:
        """Look again."""
        old = self._body.widget(1)
        if old is not None:
            self._body.removeWidget(old)
            old.deleteLater()
        cases = self._cases()
        if cases:
            self._body.addWidget(scrolled(*map(self._card, cases)))
        self._body.setCurrentIndex(1 if cases else 0)

    def _cases(self) -> Sequence[Duplicate]:
        cases: Sequence[Duplicate] = self._context.desk.doubles.all()
        return cases

    def _same(self, case: Duplicate, stays: str, reason: str) -> Any:
        today: date = self._context.desk.site.today()
        return self._context.desk.doubles.same(case, stays, today, reason)

    def _different(self, case: Duplicate, reason: str) -> Any:
        return self._context.desk.doubles.different(case, reason)

    def _place_words(self, entry: Entry) -> str:
        return tr("household {no}", no=entry.household_no)

    def _done_words(self) -> Text:
        return say("Decided. What the other entry said stays in the history.")

    def _card(self, case: Duplicate) -> QWidget:
        holder = QWidget()
        group = QButtonGroup(holder)
        choices = QVBoxLayout(holder)
        choices.setContentsMargins(0, 0, 0, 0)
        for number, entry in enumerate(case.entries):
            choice = Choice(self._place_words(entry), _words(entry))
            group.addButton(choice.button, number)
            choices.addWidget(choice)
        one_home = len({entry.household_id for entry in case.entries}) == 1
        outcome = (
            tr("The other entry is put together with the one you tick: what only it says is taken over, and visits, "
               "wishes and measures that name it go along.")
            if one_home
            else tr("In the other household the person leaves the file today.")
        )  # fmt: skip
        same = button(
            say("One person, who stays where I ticked"), "ok", partial(self._on_same, case, group), kind="primary"
        )
        different = button(say("Two different people"), "person", partial(self._on_different, case))
        look = button(say("Household file"), "households", partial(self._on_open, case), kind="link")
        return card(
            holder, label(outcome, "hint", wrap=True), row(same, different, look),
            heading=f"{case.entries[0].name}    {_WHY[case.why]}",
        )  # fmt: skip

    def _on_same(self, case: Duplicate, group: QButtonGroup) -> None:
        number = group.checkedId()
        if number < 0:
            self._context.messages.tell(say("Tick the entry in which the person stays."), "warn")
            return
        reason = self._context.messages.ask_line(say("How was this found out?"))
        if reason:
            self._do(self._done_words(), partial(self._same, case, case.entries[number].member_id, reason))

    def _on_different(self, case: Duplicate) -> None:
        reason = self._context.messages.ask_line(say("How was this found out?"))
        if reason:
            self._do(
                say("Noted: two different people. The answer goes along with the next file, and nobody asks again."),
                partial(self._different, case, reason),
            )

    def _on_open(self, case: Duplicate) -> None:
        self._context.navigator.go(self.found_page, household_id=case.entries[0].household_id)

    def _do(self, done: Text, verb: Any) -> None:
        with self._context.messages.telling():
            change = verb()
            self._context.messages.tell(done, "ok")
            for each in change if isinstance(change, tuple) else (change,):
                self._context.tell_change(each, self)
            self.show_place()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self.show_place()


def _words(entry: Entry) -> str:
    return tr(
        "{name}, born {birth}, ID {id}; entered by {who}, {when}",
        name=tr("{name} (head)", name=entry.name) if entry.head else entry.name,
        birth=entry.birth.isoformat() if entry.birth else "—",
        id=entry.id_number or "—",
        who=entry.author or "—",
        when=time_word(entry.at),
    )
