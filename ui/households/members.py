"""The members of a household: the list on the left, the person under the cursor on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.binding import Binder
from ui.fields.editor import NextOnEnter
from ui.households.editors import ChildCover, Cover, section_card
from ui.households.spec import MEMBER, open_to
from ui.page import button, label, row
from ui.slices import SlicedCards
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.policy.codes import CodeBook
from villagedesk.text import say, tr
from villagedesk.values import age_on, is_child, read_id_number, shown_name

HEAD = "01"
_RESIDENT = 18  # digits of a resident's number; a disability certificate begins with them

Looked = Callable[[str, str], bool]
"""Asked whose restricted facts may be shown, and which; "" stands for a person not saved yet."""


_WIDEST = 380  # pixels the list insists on; in large letters the person beside it needs the rest


class MembersTab(QWidget):
    """Edits the ``members`` of the household draft."""

    def __init__(
        self,
        binder: Binder[HouseholdDraft],
        codes: CodeBook,
        today: Any,
        looked: Looked,
        closed: frozenset[str] = frozenset(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._binder = binder
        self._codes = codes
        self._today = today
        self._looked = looked
        self.model = PagedTable[MemberDraft](self._columns(), self)
        self.table = TableView(self.model, tr("Members"))
        self._said = label("", "problem", wrap=True)
        self.person = SlicedCards(
            section_card(part, codes, binder, self._on_shown, "members.*.", 3) for part in open_to(MEMBER, closed)
        )
        self._child = ChildCover(self.person, self._on_child_wanted)
        self._seen: set[str] = set()  # children whose particulars were asked for since the file was opened
        self._from_number: dict[int, tuple[date, str]] = {}  # place → birth and sex told by a number
        self._assemble()
        self._enter = NextOnEnter(self)
        self.person.added.connect(self._enter.watch)
        binder.owe(self.person.complete)
        self.person.begin()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        binder.changed.connect(self._on_changed)
        binder.went_to.connect(self._on_went_to)
        binder.typed.connect(self._on_typed)
        binder.refreshed.connect(self._show_home)

    def show_only(self) -> None:
        """Take the buttons away that change who belongs to the household."""
        for tool in self._tools:
            tool.hide()

    def show_members(self, member_id: str = "") -> None:
        """Show the members of another draft, the cursor on ``member_id`` or on the head."""
        members = self._binder.draft.members
        self._from_number.clear()
        self._seen &= {member.id for member in members}
        wanted = next((n for n, member in enumerate(members) if member_id and member.id == member_id), None)
        head = next((n for n, member in enumerate(members) if member.relation == HEAD), 0 if members else -1)
        self.model.show_rows(members)
        self.select(wanted if wanted is not None else head)

    def select(self, number: int) -> None:
        """Put the cursor on a member; -1 for nobody."""
        if number >= 0:
            self.table.selectRow(number)
        self._binder.select("members", number if number < len(self._binder.draft.members) else -1)
        self._cover_child()

    def add(self) -> None:
        """A new member, the cursor in its first field."""
        members = self._binder.draft.members
        fresh = MemberDraft(relation="" if members else HEAD)
        self._binder.put("members", (*members, fresh))
        self._show(len(members))
        self._focus_first()

    def _columns(self) -> tuple[Column[MemberDraft], ...]:
        return (
            Column(say("Name"), self._name, 6, tone=lambda m: "muted" if m.left_on else ""),
            Column(say("Relation"), self._relation, 7, tone=lambda m: "muted" if m.left_on else ""),
            Column(say("Age"), self._age, 4, right=True),
        )

    def _name(self, member: MemberDraft) -> str:
        shown = member.name if self._is_open(member) else shown_name(member.name, member.birth, self._today)
        return shown or tr("(no name)")

    def _age(self, member: MemberDraft) -> str:
        if not self._is_open(member):
            return "<14"
        return str(age_on(member.birth, self._today)) if member.birth else ""

    def _is_open(self, member: MemberDraft) -> bool:
        """A child that is saved is covered until somebody asks (DOMAIN §8.4); who is being entered is seen anyway."""
        return not member.id or member.id in self._seen or not is_child(member.birth, self._today)

    def _relation(self, member: MemberDraft) -> str:
        word = self._codes.word("relation", member.relation)
        return tr("{relation}, left", relation=word) if member.left_on else word

    def _assemble(self) -> None:
        left = QWidget()
        left.setMinimumWidth(min(style.letters() * 17, _WIDEST))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        add = button(say("Add member"), "add", self.add, key="Ctrl+Return")
        remove = button(say("Take off"), "remove", self._on_remove)
        remove.setToolTip(
            tr(
                "For a person entered by mistake. "
                "For a death, a marriage or a move enter the day under “Joined or left”."
            )
        )
        column.addWidget(self.table, 1)
        column.addWidget(self._said)
        self._tools = (add, remove)
        column.addLayout(row(add, remove))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, style.letters() // 2, 0, 0)
        right = QWidget()
        shown = QHBoxLayout(right)
        shown.setContentsMargins(0, 0, 0, 0)
        shown.addWidget(self.person, 1)
        shown.addWidget(self._child.widget, 1)
        line.addWidget(split((left, 21), (right, 62)))

    def _show(self, number: int) -> None:
        self.model.show_rows(self._binder.draft.members)
        self.select(min(number, len(self._binder.draft.members) - 1))

    def _focus_first(self) -> None:
        found = self._binder.row_of(f"members.{self.table.currentIndex().row()}.id_number")
        if found is not None:
            found.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_remove(self) -> None:
        number = self.table.currentIndex().row()
        members = self._binder.draft.members
        if 0 <= number < len(members):
            self._binder.put("members", (*members[:number], *members[number + 1 :]))
            self._from_number.clear()
            self._show(number)

    def _on_shown(self, what: str) -> bool:
        member = self.table.current_row()
        return self._looked(member.id if member is not None else "", what)

    def open_for(self, number: int) -> None:
        """Show the particulars of a member to whom somebody was led."""
        members = self._binder.draft.members
        if number < len(members) and not self._is_open(members[number]):
            self._on_child_wanted()

    def _on_child_wanted(self) -> None:
        member = self.table.current_row()
        if member is not None and self._looked(member.id, "under_14"):
            self._seen.add(member.id)
            self.model.refresh()
            self._cover_child()
            self._focus_first()

    def _cover_child(self) -> None:
        member = self.table.current_row()
        self._child.cover(covered=member is not None and not self._is_open(member))

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        for cover in self.person.findChildren(Cover):
            cover.cover()
        self._binder.select("members", current.row())
        self._cover_child()

    def _on_changed(self) -> None:
        members = self._binder.draft.members
        number = self.table.currentIndex().row()
        if len(members) != self.model.rowCount():
            self._show(number)
        else:
            self.model.show_same(members)
        self._said.setText("\n".join(str(p) for p in self._binder.problems if p.field == "members"))

    def _on_typed(self, path: str) -> None:
        parts = path.split(".")
        if parts[0] == "members" and parts[-1] == "id_number":
            self._fill_from_id(int(parts[1]), self._binder.draft.members[int(parts[1])])
            self._show_home()

    def _on_went_to(self, path: str) -> None:
        parts = path.split(".")
        if parts[0] == "members" and len(parts) > 1:
            self.select(int(parts[1]))
            self.open_for(int(parts[1]))

    def _show_home(self) -> None:
        """The county that the ID number names, under the number: a slip of the first six digits is seen at once."""
        number = self.table.currentIndex().row()
        row_ = self._binder.row_of(f"members.{number}.id_number")
        members = self._binder.draft.members
        if row_ is not None:
            row_.show_hint(home_of(members[number].id_number) if 0 <= number < len(members) else "")

    def _fill_from_id(self, number: int, member: MemberDraft) -> None:
        """The number says birth date and sex: fill what is empty or came from a number before, never what was typed."""
        try:
            said = read_id_number(member.id_number)
        except ValueError:
            return
        birth, sex = self._from_number.get(number, (None, ""))
        told = (said.birth, "1" if said.male else "2")
        filled = replace(
            member,
            birth=told[0] if member.birth in {None, birth} else member.birth,
            sex=told[1] if member.sex in {"", sex} else member.sex,
        )
        self._from_number[number] = told
        if filled != member:
            self._binder.put(f"members.{number}", filled)


def home_of(number: str) -> str:
    """Where a number was first registered, in words; "" for one that is not whole."""
    if len(number) < _RESIDENT:
        return ""
    from villagedesk import divisions  # a big table: not when the window starts

    place = divisions.home(number[:6])
    return tr("Home: {place}", place=place) if place else tr("The first six digits name no county that is known.")
