"""Who helps whom: the helpers, their households, and how it was before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.asking import Reading
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, CodesField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, digits_field, text_field
from ui.forms import attempt, bound
from ui.page import button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.desk import Desk
from villagedesk.drafts.team import HelperDraft, PairingDraft
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import say, tr


@dataclass(frozen=True)
class PairLine:
    """A household and one of its pairings; none where it has no helper."""

    household: HouseholdRow
    pairing: PairingDraft | None
    helper: str
    unit: str


class PairingsTab(QWidget):
    """Households with their helpers on the left, forms on the right."""

    saved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading = Reading(context, say("Pairings"), self)
        self._reading.answered.connect(self._on_read)
        self._wanted = ("", "")  # to be chosen as soon as they are read
        self._helpers: Mapping[str, HelperDraft] = {}
        self._count = label("", "hint", wrap=True)
        self.model = PagedTable[PairLine](_columns(), self)
        self.table = TableView(self.model, tr("Pairings"))
        self.table.say_when_empty(tr("There are no household files yet. Import last year's list first."))
        self.pair = Binder(PairingDraft(), lambda _: (), self)
        self.helper = Binder(HelperDraft(), lambda _: (), self)
        self._household, self._helper = CodeField(()), CodeField(())
        self._assemble()
        self.table.opened.connect(self._on_opened)

    def show_pairings(self) -> None:
        """Show every household: those without a helper first, then as they are paired, then what has ended."""
        self.pair.load(PairingDraft(starts_on=self._context.desk.site.today()))
        self.helper.load(HelperDraft())
        self._reading.ask(partial(_read, self._context.desk))

    def choose(self, household_id: str, helper_id: str = "") -> None:
        """Bring a household into the form for pairing, its line under the cursor; or a helper into the form below."""
        if self._reading.running:
            self._wanted = household_id, helper_id
            return
        if household_id:
            rows = (self.model.row(at) for at in range(self.model.rowCount()))
            found = next((at for at, line in enumerate(rows) if line and line.household.id == household_id), -1)
            self.table.selectRow(found)
            self.pair.put("household_id", household_id)
            self._helper.setFocus()
        if helper_id:
            self.pair.put("helper_id", helper_id)
            self._on_change()

    def _on_read(self, read: _Read) -> None:
        self._helpers = {helper.id: helper for helper in read.helpers}
        self.model.show_rows(read.lines)
        alone = sum(line.pairing is None for line in read.lines)
        count = len(read.homes)
        self._count.setText(tr("{n} {n:household|households}, {alone} without a helper", n=count, alone=alone))
        self._household.offer([Option(home.id, f"{home.head}  {home.group}") for home in read.homes])
        self._helper.offer([Option(helper.id, f"{helper.name}  {helper.unit}") for helper in read.helpers])
        wanted, self._wanted = self._wanted, ("", "")
        self.choose(*wanted)

    def _assemble(self) -> None:
        pair = bound(self.pair, (
            ("household_id", tr("Household"), self._household, 2),
            ("helper_id", self._context.desk.profile.terms.helper, self._helper, 2),
            ("starts_on", tr("Paired from"), date_field(), 1),
        ), 2)  # fmt: skip
        helper = bound(self.helper, (
            ("name", tr("Name"), text_field(), 1), ("phone", tr("Phone"), digits_field(), 1),
            ("unit", tr("Unit"), text_field(), 1), ("post", tr("Post"), text_field(), 1),
            ("affiliation", tr("Level of the unit"), self._coded("affiliation"), 1),
            ("rank", tr("Administrative rank"), text_field(), 1), ("sex", tr("Sex"), self._coded("sex"), 1),
            ("education", tr("Education"), self._coded("education"), 1),
            ("skill", tr("Special skill"), text_field(), 1),
            ("politics", tr("Party member or not (of helpers only)"), self._coded("politics"), 1),
            ("roles", tr("Is also"), CodesField(self._options("helper_role")), 2),
        ), 2)  # fmt: skip
        forms = scrolled(
            card(pair, row(button(say("Pair"), "save", self.save_pair, kind="primary"),
                           button(say("End the pairing"), "close", self._on_end)), heading=tr("Pair a household")),
            card(helper, row(button(say("Save the helper"), "save", self.save_helper),
                             button(say("Change the chosen helper"), "person", self._on_change)),
                 heading=tr("New helper")),
        )  # fmt: skip
        both = QHBoxLayout()
        both.addWidget(self.table, 3)
        both.addWidget(forms, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(self._count)
        column.addLayout(both, 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(forms)

    def _options(self, name: str) -> list[Option]:
        return [Option(code, word) for code, word in self._context.desk.profile.codes.choices(name)]

    def _coded(self, name: str) -> CodeField:
        return CodeField(self._options(name))

    def save_pair(self) -> None:
        """Pair the household in the form; a pairing still running ends the day before."""
        draft = self.pair.draft
        if not (draft.household_id and draft.helper_id and draft.starts_on):
            self._context.messages.tell(say("Choose household, helper and day."), "warn")
            return
        on = draft.starts_on
        self._do(self.pair, lambda desk: desk.team.pair(draft.household_id, draft.helper_id, on, tr("paired")))

    def save_helper(self) -> None:
        """Save the helper in the form."""
        draft = self.helper.draft
        self._do(self.helper, lambda desk: desk.team.save_helper(draft, tr("entered on the team page")))

    def _on_change(self) -> None:
        """Bring the helper chosen for pairing, or of the line under the cursor, into the form below."""
        line: Any = self.table.current_row()
        wanted = self.pair.draft.helper_id or (line.pairing.helper_id if line is not None and line.pairing else "")
        found = self._helpers.get(wanted)
        if found is None:
            self._context.messages.tell(say("Choose a helper or a pairing first."), "warn")
        else:
            self.helper.load(found)

    def _on_end(self) -> None:
        line: Any = self.table.current_row()
        if line is None or line.pairing is None or line.pairing.ends_on is not None:
            self._context.messages.tell(say("Choose a pairing that is running."), "warn")
            return
        reason = self._context.messages.ask_line(say("Why does the pairing end?"))
        if reason:
            today = self._context.desk.site.today()
            self._do(self.pair, lambda desk: desk.team.end_pairing(line.pairing.id, today, reason))

    def _do(self, binder: Binder[Any], verb: Callable[[Any], Any]) -> None:
        change = attempt(self._context.messages, lambda: verb(self._context.desk), binder)
        if change is None:
            return
        self._context.messages.tell(say("Saved."), "ok")
        self.show_pairings()
        self.saved.emit(change)

    def _on_opened(self, line: PairLine) -> None:
        self.pair.put("household_id", line.household.id)
        self._helper.setFocus()


@dataclass(frozen=True)
class _Read:
    """What the tab shows, read in one go."""

    homes: Sequence[HouseholdRow]
    helpers: Sequence[HelperDraft]
    lines: Sequence[PairLine]


def _read(desk: Desk) -> _Read:
    helpers, homes = desk.team.helpers(), desk.lists.every_household()
    by_id = {helper.id: helper for helper in helpers}
    by_home: dict[str, list[PairingDraft]] = {}
    for pairing in desk.team.pairings():
        by_home.setdefault(pairing.household_id, []).append(pairing)
    lines = [_line(home, each, by_id) for home in homes for each in by_home.get(home.id, [None])]
    lines.sort(key=lambda line: 0 if line.pairing is None else 2 if line.pairing.ends_on else 1)
    return _Read(homes, helpers, lines)


def _line(home: HouseholdRow, pairing: PairingDraft | None, helpers: dict[str, HelperDraft]) -> PairLine:
    helper = helpers.get(pairing.helper_id) if pairing else None
    return PairLine(home, pairing, helper.name if helper else "", helper.unit if helper else "")


def _columns() -> Sequence[Column[PairLine]]:
    return (
        Column(say("Group"), lambda line: line.household.group, 7),
        Column(say("Head"), lambda line: line.household.head, 8),
        Column(say("Helper"), lambda line: line.helper or tr("no helper yet"), 8,
               tone=lambda line: "muted" if line.pairing and line.pairing.ends_on else "" if line.pairing else "warn"),
        Column(say("Unit"), lambda line: line.unit, 12),
        Column(say("Paired from"), lambda line: _day(line.pairing, "starts_on"), 8),
        Column(say("Ended on"), lambda line: _day(line.pairing, "ends_on"), 8),
        Column(say("Why"), lambda line: line.pairing.end_reason if line.pairing else "", 10),
    )  # fmt: skip


def _day(pairing: PairingDraft | None, name: str) -> str:
    day = getattr(pairing, name, None)
    return day.isoformat() if day else ""
