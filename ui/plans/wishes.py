"""What each person was asked and answered. Nobody answers for another adult; a no leaves no mark (DOMAIN §8.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field, whole_field
from ui.fields.rows import FieldRow, grid
from ui.fields.yesno import YesNoField
from ui.forms import attempt
from ui.households.editors import options
from ui.page import button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import WishDraft
from villagedesk.text import say, tr


class WishesTab(QWidget):
    """The wishes recorded so far and the form for the next one."""

    saved = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household = HouseholdDraft()
        self.binder = Binder(WishDraft(), lambda _: (), self)
        self.model = PagedTable[WishDraft](self._columns(), self)
        self.table = TableView(self.model, tr("Wishes"))
        self.table.setMinimumHeight(style.letters() * 9)
        self._who = CodeField(())
        form = self._form()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(
            row(
                button(say("Taken back by the person"), "undo", self._on_withdraw),
                button(say("Signed, copy left"), "ok", self._on_paper),
                button(say("Sheet of the wish"), "print", self._on_print),
            )
        )
        column.addWidget(scrolled(form), 2)
        self._enter = NextOnEnter(self)
        self._enter.watch(form)
        self.binder.typed.connect(lambda path: self._on_kind() if path == "kind" else None)

    def show_household(self, household: HouseholdDraft) -> None:
        """Show the wishes of another household."""
        self._household = household
        self._who.offer([Option(member.id, member.name) for member in household.living])
        self.model.show_rows(self._context.desk.wishes.of_household(household.id))
        self.binder.load(self._blank())

    def _blank(self) -> WishDraft:
        site = self._context.desk.site
        return WishDraft(household_id=self._household.id, asked_on=site.today(), asked_by=site.store.author)

    def _columns(self) -> Sequence[Column[WishDraft]]:
        codes = self._context.desk.profile.codes
        return (
            Column(say("Person"), self._name, 7),
            Column(say("About"), lambda wish: codes.word("wish_kind", wish.kind), 12),
            Column(
                say("Answer"),
                lambda wish: tr("taken back") if wish.withdrawn_on else codes.word("wish_answer", wish.answer),
                10,
            ),
            Column(say("Asked on"), lambda wish: wish.asked_on.isoformat() if wish.asked_on else "", 8),
            Column(say("In their own words"), lambda wish: wish.own_words, 24),
        )

    def _name(self, wish: WishDraft) -> str:
        return next((member.name for member in self._household.members if member.id == wish.member_id), "—")

    def _form(self) -> QWidget:
        codes = self._context.desk.profile.codes
        kinds = self._context.desk.profile.signoff.mark_kinds
        marks = [Option(key, kinds[key]) for key in ("signature", "handprint") if key in kinds]
        fields: tuple[tuple[str, str, QWidget, int], ...] = (
            ("member_id", tr("Person asked"), self._who, 1),
            ("kind", tr("About"), CodeField(options(codes, "wish_kind")), 1),
            ("answer", tr("Answer"), CodeField(options(codes, "wish_answer")), 1),
            ("asked_on", tr("Asked on"), date_field(), 1),
            ("asked_by", tr("Asked by"), text_field(), 1),
            ("second_asker", tr("Second person"), text_field(), 1),
            ("place", tr("Place"), text_field(), 1),
            ("own_words", tr("In their own words"), text_field(), 2),
            ("conditions", tr("Conditions the person sets"), text_field(), 2),
            ("alternatives", tr("What else was offered nearby, or why there is nothing"), text_field(), 2),
            ("language", tr("Language of the talk"), text_field(), 1),
            ("interpreter", tr("Interpreter"), text_field(), 1),
            ("mark", tr("Mark on the paper"), CodeField(marks), 1),
            ("copy_given", tr("Copy left with the person"), YesNoField(), 1),
            ("cooling_days", tr("Days to think it over"), whole_field(empty=0), 1),
            ("guardian", tr("Guardian (for a person who cannot answer)"), text_field(), 1),
            ("note", tr("Note"), text_field(), 4),
        )
        rows: list[FieldRow | tuple[FieldRow, int]] = []
        for name, title, editor, span in fields:
            made = FieldRow(title, editor)
            self.binder.bind(name, made)
            source = self._context.desk.sources.of_entry(WishDraft, name)
            made.show_source(str(source.told) if source else "")
            rows.append((made, span))
        save = button(say("Record the wish"), "save", self._on_save, kind="primary")
        free = label(
            tr("A yes can be taken back at any time without a reason. A no costs no other benefit and leaves no mark."),
            "hint", wrap=True,
        )  # fmt: skip
        return card(free, grid(rows, 4), row(save), heading=tr("Ask and write down"))

    def _on_save(self) -> None:
        change = attempt(
            self._context.messages,
            lambda: self._context.desk.wishes.save(self.binder.draft, tr("asked the person")),
            self.binder,
        )
        if change is None:
            return
        self._after(change)

    def _on_withdraw(self) -> None:
        wish: Any = self.table.current_row()
        if wish is None or not self._context.messages.ask(
            say("The person takes this wish back?"),
            say("Taken back"),
            detail=say("No reason is asked for. Measures that rest on it end."),
        ):
            return
        with self._context.messages.telling():
            change = self._context.desk.wishes.withdraw(wish.id, tr("taken back by the person"))
            self._after(change)

    def _on_paper(self) -> None:
        wish: Any = self.table.current_row()
        if wish is None:
            return
        with self._context.messages.telling():
            change = self._context.desk.wishes.amend(wish.id, "signature", True, tr("paper came back signed"))
            self._after(change)

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="wish_sheet", household_id=self._household.id)

    def _on_kind(self) -> None:
        """The days to think it over, and the clause, follow from what the wish is about."""
        source, about = self._context.desk.sources.of_wish(self.binder.draft.kind), self.binder.row_of("kind")
        if source is not None and about is not None:
            about.show_source(str(source.told))
        rule = self._context.desk.profile.wishes.get(self.binder.draft.kind)
        if rule is not None and self.binder.draft.cooling_days < rule.cooling_days:
            self.binder.put("cooling_days", rule.cooling_days)

    def _after(self, change: object) -> None:
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        self.show_household(self._household)
        self.saved.emit()
