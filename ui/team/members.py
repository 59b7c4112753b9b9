"""The members of the team: roles, terms, who left and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field
from ui.forms import attempt, bound
from ui.page import button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.team import TeamMemberDraft
from villagedesk.text import say, tr


class MembersTab(QWidget):
    """List above, form below."""

    saved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.binder = Binder(TeamMemberDraft(), lambda _: (), self)
        self.model = PagedTable[TeamMemberDraft](self._columns(), self)
        self.table = TableView(self.model, context.desk.profile.terms.team)
        self.table.say_when_empty(tr("Nobody is in the team yet. Enter the first member below."))
        self._lacks = label("", wrap=True, tone="warn")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(self._lacks)
        column.addWidget(self.table, 1)
        column.addWidget(scrolled(self._form()), 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)

    def show_team(self) -> None:
        """Show the members, those who serve first."""
        desk = self._context.desk
        today = desk.site.today()
        members = sorted(desk.team.members(), key=lambda each: (each.ends_on or today) < today)
        self.model.show_rows(members)
        lacks = desk.team.shortfall()
        self._lacks.setText("\n".join(str(problem) for problem in lacks))
        self._lacks.setVisible(bool(lacks))
        self.binder.load(TeamMemberDraft(starts_on=today))

    def save(self) -> bool:
        """Save the member in the form."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        change = attempt(
            self._context.messages,
            lambda: self._context.desk.team.save_member(self.binder.draft, tr("entered on the team page")),
            self.binder,
        )
        if change is None:
            return False
        self._context.messages.tell(say("Saved."), "ok")
        self.show_team()
        self.saved.emit(change)
        return True

    def _form(self) -> QWidget:
        roles = [Option(key, title) for key, title in self._context.desk.profile.team.roles.items()]
        fields = (
            ("name", tr("Name"), text_field(), 1),
            ("role", tr("Role in the team"), CodeField(roles), 1),
            ("also", tr("Second role"), CodeField(roles), 1),
            ("unit", tr("Sent by"), text_field(), 1),
            ("phone", tr("Phone"), text_field(), 1),
            ("starts_on", tr("Serves from"), date_field(), 1),
            ("ends_on", tr("Left the team on"), date_field(), 1),
            ("end_reason", tr("Why the member left"), text_field(), 1),
        )
        buttons = row(
            button(say("Save"), "save", self.save, kind="primary"), button(say("New member"), "add", self.show_team)
        )
        return card(bound(self.binder, fields, 4), buttons)

    def _columns(self) -> Sequence[Column[TeamMemberDraft]]:
        roles, team = self._context.desk.profile.team.roles, self._context.desk.team
        return (
            Column(say("Name"), lambda m: m.name, 7),
            Column(
                say("Role in the team"), lambda m: "、".join(roles.get(key, key) for key in (m.role, m.also) if key), 14
            ),
            Column(say("Sent by"), lambda m: m.unit, 10),
            Column(say("Serves from"), lambda m: m.starts_on.isoformat() if m.starts_on else "", 10),
            Column(say("Term ends"), lambda m: end.isoformat() if (end := team.term_end(m)) else "", 10),
            Column(say("Left the team on"), lambda m: m.ends_on.isoformat() if m.ends_on else "", 8),
            Column(say("Why"), lambda m: m.end_reason, 10),
        )

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        member = self.model.row(current.row()) if current.isValid() else None
        if member is not None and not self.binder.modified:
            self.binder.load(member)
