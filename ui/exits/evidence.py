"""What the conditions of a case rest on: income statement, dwelling, water, school, insurance, with their proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import style
from ui.asking import Deed
from ui.context import Context
from ui.exits.widgets import clear
from ui.households.words import value_word
from ui.mending import place_of
from ui.page import button, card, label
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.policy.criteria import RULES, CaseFacts
from villagedesk.policy.pack import Criterion
from villagedesk.services.exits import ExitRow
from villagedesk.text import say, tr
from villagedesk.values import each_told, yuan

_PICTURES = "*.jpg *.jpeg *.png *.pdf"
_TONES = {"met": "ok", "unmet": "problem", "unknown": "warn"}


@dataclass(frozen=True)
class Fact:
    """One thing that has to be proved: its name, what is known, the field it stands in, where its proof hangs."""

    title: str
    found: str
    field: str
    result: str = ""
    proof: str = ""  # field of the attachments; "" where none is kept


class EvidenceTab(QWidget):
    """A line a fact, with its proofs and the place to mend it; ``changed`` when a proof was attached."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._deed = Deed(context, self)
        self._household = HouseholdDraft()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_case(self, row: ExitRow) -> None:
        """Show what is known of one case."""
        clear(self._column)
        self._household = row.household
        desk = self._context.desk
        statement = next((s for s in desk.households.incomes(row.household.id) if s.year == row.case.year), None)
        attached = [each.field for each in desk.evidence.of(row.household.id)]
        self._column.addWidget(self._income_card(row, statement))
        facts = tuple(self._facts(row))
        lines = QGridLayout()
        lines.setHorizontalSpacing(style.letters())
        for number, fact in enumerate(facts):
            self._line(lines, number, fact, attached.count(fact.proof) if fact.proof else 0)
        lines.setColumnStretch(0, 1)
        self._column.addWidget(card(lines, heading=tr("Housing, water, school, insurance")))
        self._column.addStretch(1)

    def _income_card(self, row: ExitRow, statement: IncomeDraft | None) -> QWidget:
        if statement is None:
            said, tone = tr("No statement of {year} yet. Reckon it with the household.", year=row.case.year), "problem"
        elif statement.locked_on is None:
            said, tone = tr("Reckoned, but not signed and locked yet."), "warn"
        else:
            said, tone = tr("Signed and locked on {day}.", day=statement.locked_on.isoformat()), "ok"
        lines = QVBoxLayout()
        if statement is not None:
            result = self._context.desk.households.reckon(statement)
            concept = self._context.desk.profile.income.concept
            head = result.per_head_net if concept == "net" else result.per_head_disposable
            words = tr(
                "{n} {n:person|persons}; together {total} yuan, {head} yuan a head", n=statement.persons,
                total=yuan(result.total(concept)), head=yuan(head) if head is not None else "—",
            )  # fmt: skip
            lines.addWidget(label(words, wrap=True))
            proved = sum(bool(line.evidence) for line in statement.lines)
            lines.addWidget(
                label(
                    tr("{n} of {all} {all:figure|figures} name their voucher", n=proved, all=len(statement.lines)),
                    "hint",
                )
            )
        lines.addWidget(label(said, tone=tone, wrap=True))
        open_ = button(say("Open the statement"), "households", partial(self._go, "income"), kind="link")
        print_ = button(say("Print it"), "print", partial(self._print, row), kind="link")
        tools = QGridLayout()
        tools.addWidget(open_, 0, 0)
        tools.addWidget(print_, 0, 1)
        tools.setColumnStretch(2, 1)
        return card(lines, tools, heading=tr("Income statement {year}", year=row.case.year))

    def _facts(self, row: ExitRow) -> Iterator[Fact]:
        home, codes, today = row.household, self._context.desk.profile.codes, self._context.desk.site.today()
        results = {one.mend.split(".")[0]: one.result for one in row.assessments}
        day = home.dwelling_checked_on.isoformat() if home.dwelling_checked_on else tr("no day of checking")
        grade = value_word("dwelling", home.dwelling, codes) or tr("not graded")
        yield Fact(tr("Dwelling"), f"{grade}；{day}", "dwelling", results.get("dwelling", ""), "dwelling")
        water = value_word("water_safe", home.water_safe, codes) or tr("not asked")
        yield Fact(tr("Safe drinking water"), water, "water_safe", results.get("water_safe", ""), "water_safe")
        facts = CaseFacts(self._context.desk.profile, home, None, row.case.year, today)
        for key, title, field, proof in (
            ("education", tr("Compulsory schooling"), "members.schooling", "schooling"),
            ("medical", tr("Basic medical insurance"), "members.medical_resident", "insurance"),
        ):
            known = self._context.desk.profile.household_exit.get(key, Criterion(key, key, key))
            verdict = RULES[key](facts, known)
            yield Fact(title, str(verdict.because), verdict.mend or field, verdict.result, proof)

    def _line(self, lines: QGridLayout, number: int, fact: Fact, proofs: int) -> None:
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(label(fact.title, "label"))
        said.addWidget(label(fact.found, tone=_TONES.get(fact.result, ""), wrap=True))
        lines.addLayout(said, number, 0)
        lines.addWidget(
            label(tr("{n} {n:proof|proofs}", n=proofs) if proofs else tr("no proof yet"), "hint"), number, 2
        )
        attach = button(say("Attach"), "add", partial(self._on_attach, fact), kind="link")
        attach.setAccessibleName(tr("Attach a proof: {what}", what=fact.title))
        mend = button(say("Mend"), "mend", partial(self._go, fact.field), kind="link")
        mend.setAccessibleName(tr("Mend: {text}", text=fact.title))
        lines.addWidget(attach, number, 3)
        lines.addWidget(mend, number, 4)

    def _go(self, field: str) -> None:
        page, place = place_of(field, self._household.id)
        self._context.navigator.go(page, **place)

    def _print(self, row: ExitRow) -> None:
        where = {"household_id": row.household.id, "year": row.case.year}
        self._context.navigator.go("papers", kind="income_sheet", **where)

    def _on_attach(self, fact: Fact) -> None:
        file = self._context.messages.open_file(
            say("Choose the photograph or scan"), f"{tr('Pictures and PDF')} ({_PICTURES})"
        )
        if file is not None:
            self.attach(fact, [file])

    def attach(self, fact: Fact, files: Sequence[Path]) -> None:
        """Keep files as proof of a fact of the household."""
        evidence, home, day = self._context.desk.evidence, self._household.id, self._context.desk.site.today()
        self._deed.do(
            say("Keeping the proofs"),
            lambda step: [evidence.attach(home, fact.proof, each, fact.title, day) for each in each_told(files, step)],
            self._on_attached,
        )

    def _on_attached(self, changes: Sequence[Any]) -> None:
        for change in changes:
            self._context.tell_change(change, self)
        self._context.messages.tell(say("Attached."), "ok")
        self.changed.emit()
