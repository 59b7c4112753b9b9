"""Is everything whole; who looked at restricted facts; the history for inspectors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ui import style
from ui.context import Context
from ui.households.words import label_of, time_word, verb_word
from ui.page import Page, button, card, label, row, scrolled
from ui.safety.whole import found_words, look_whole
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.services.looks import Look
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.services.audit import Audit

_KINDS = {
    "village": say("Village"), "household": say("Household"), "member": say("Member"),
    "income": say("Income statement"), "income_line": say("Income item"), "wish": say("Wish"), "plan": say("Plan"),
    "measure": say("Measure"), "exit": say("Exit"), "exit_check": say("Exit criterion"), "signature": say("Signature"),
    "notice": say("Notice"), "objection": say("Objection"), "paper": say("Paper"), "attachment": say("Attachment"),
    "event": say("Event"), "monitoring": say("Monitoring"), "visit": say("Visit"), "helper": say("Helper"),
    "pairing": say("Pairing"), "team_member": say("Team member"), "exemption": say("Exemption"),
    "likeness": say("People who look alike"),
}  # fmt: skip


class AuditPage(Page):
    """Three cards."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Proof and inspection"))
        self._context = context
        self._said = label("", wrap=True)
        self._said.hide()
        self.looks = PagedTable[Look](self._columns(), self)
        self._body = Sheets()
        self._names: dict[str, str] = {}
        self._assemble()

    def show_place(self, **place: Any) -> None:
        """Show who looked."""
        del place
        looks = self._context.desk.looks.all()
        self._names = self._context.desk.lists.names([look.record for look in looks])
        self.looks.show_rows(looks)
        self._body.setCurrentIndex(0 if looks else 1)

    def _assemble(self) -> None:
        whole = card(
            label(
                tr("Follows every change from the first to the last and holds it against what is stored."), "hint",
                wrap=True,
            ),
            row(button(say("Check the desk"), "ok", self._on_verify, kind="primary")), self._said,
            heading=tr("Is everything whole?"),
        )  # fmt: skip
        history = card(
            label(
                tr("Every change with who, when and why. Restricted facts are covered in it."), "hint", wrap=True
            ),
            row(button(say("Write the history as a table…"), "export", self._on_history)),
            heading=tr("For an inspection"),
        )  # fmt: skip
        self._body.addWidget(TableView(self.looks, tr("Who looked")))
        self._body.addWidget(EmptyState(tr("Nobody has uncovered restricted facts on this laptop yet.")))
        self._body.setMinimumHeight(style.letters() * 14)
        looked = card(
            label(tr("ID numbers and health are covered until somebody asks for them; that is noted here."), "hint",
                  wrap=True),
            self._body, heading=tr("Who looked at restricted facts"),
        )  # fmt: skip
        self.column.addWidget(scrolled(whole, history, looked), 1)

    def _columns(self) -> tuple[Column[Look], ...]:
        return (
            Column(say("When"), lambda look: time_word(look.at), 12),
            Column(say("Who"), lambda look: look.who or "—", 10),
            Column(say("Whose"), lambda look: self._names.get(look.record, "—"), 12),
            Column(say("What was shown"), lambda look: label_of(look.what), 20),
        )

    def _on_verify(self) -> None:
        work = partial(look_whole, self._context)
        self._context.jobs.store(say("Checking the desk"), work, self._on_verified)

    def _on_verified(self, audit: Audit) -> None:
        self._said.setText(found_words(audit))
        self._said.show()

    def _on_history(self) -> None:
        file = self._context.messages.save_file(say("Write the history"), tr("history") + ".xlsx", "Excel (*.xlsx)")
        if file is not None:
            desk = self._context.desk

            def work(step: Step) -> int:
                from villagedesk.services.inspection import Words

                return desk.inspections.write_history(file, Words(verb_word, _kind_word, label_of), step)

            self._context.jobs.store(say("Writing the history"), work, self._on_written)

    def _on_written(self, count: int) -> None:
        self._context.messages.tell(say("{n} {n:change|changes} written.", n=count), "ok")


def _kind_word(kind: str) -> str:
    return str(_KINDS.get(kind, kind))
