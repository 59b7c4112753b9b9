"""The signing day: the sheets of the year by group, a column a signer, and one form for who signs many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.asking import Deed, Reading
from ui.beside import split
from ui.context import Context
from ui.icons import icon
from ui.page import Page, button, label, row, scrolled
from ui.signing.together import TogetherCard
from ui.stack import Sheets
from ui.tables import ROW, Column, EmptyState, PagedTable, TableView
from ui.years import working_year, working_years
from villagedesk.policy.pack_steps import Signer
from villagedesk.services.exits import Taken
from villagedesk.services.signing_day import SigningRow
from villagedesk.text import say, tr


class SigningPage(Page):
    """Who still has to sign what."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Signing day"), tr("People sign the paper with ink; here it is counted and written down."))
        self._context = context
        self._reading = Reading(context, say("Signing day"), self)
        self._deed = Deed(context, self)
        self._all: tuple[SigningRow, ...] = ()
        self._rows: tuple[SigningRow, ...] = ()
        self._roles = tuple(context.desk.exits.scheme.preset.roles.values())
        self._year, self._group, self._role = QComboBox(), QComboBox(), QComboBox()
        for box, name in ((self._year, tr("Year")), (self._group, tr("Group")), (self._role, tr("Who signs"))):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._on_filter)
        self._counts = label("", "hint", wrap=True)
        self.model = PagedTable[SigningRow](self._columns(), self)
        self.table = TableView(self.model, tr("Sheets to be signed"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.together = TogetherCard(self._roles, context.desk.profile.signoff.mark_kinds, context.desk.site.today)
        self._lacks = label("", wrap=True)
        self._body = Sheets()
        self._assemble()
        self._fill()
        self._reading.answered.connect(self._on_read)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.table.opened.connect(self._on_opened)
        self.together.record_wanted.connect(self._on_record)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the sheets of ``year``."""
        number = self._year.findData(place.get("year"))
        if number >= 0:
            self._year.setCurrentIndex(number)
        self._ask()

    @property
    def chosen(self) -> tuple[SigningRow, ...]:
        """The sheets selected, in the order of the list."""
        return tuple(self.model.index(number, 0).data(ROW) for number in self.table.marked())

    def _columns(self) -> Sequence[Column[SigningRow]]:
        roles = tuple(
            Column[SigningRow](
                _short(role), partial(_day, role), 5, sign=partial(_sign, role), tip=partial(_said, role)
            )
            for role in self._roles
        )
        return (
            Column[SigningRow](say("Group"), lambda r: r.household.group, 4),
            Column[SigningRow](say("Head"), lambda r: r.household.head.name if r.household.head else "—", 5),
            Column[SigningRow](say("State"), lambda r: r.state_title, 6, tone=lambda r: "" if r.ready else "muted"),
            *roles,
            Column[SigningRow](say("Missing"), lambda r: str(len(r.missing) or "—"), 3, right=True, tone=_tone),
        )

    def _assemble(self) -> None:
        self.add_button(button(say("Sign-off sheets"), "print", self._on_print))
        self.add_button(button(say("List to take along"), "print", self._on_list))
        self.add_button(button(say("Take in scans"), "import", self._on_scans, kind="primary"))
        everything = button(say("Select all shown"), "", self.table.selectAll, kind="link")
        self.column.addLayout(row(self._year, self._group, self._role, everything))
        self.column.addWidget(self._counts)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addWidget(self.together)
        column.addWidget(self._lacks)
        column.addStretch(1)
        both = split((self.table, 58), (scrolled(side), 26))
        empty = EmptyState(
            tr("No sheet waits for signatures this year. Under Exits, households come here once they are listed."),
            button(say("Go to the exits"), "exits", self._on_exits, kind="primary"),
        )
        self._body.addWidget(both)
        self._body.addWidget(empty)
        self.column.addWidget(self._body, 1)

    def _fill(self) -> None:
        for year in working_years(self._context.desk):
            self._year.addItem(str(year), year)
        self._year.setCurrentIndex(self._year.findData(working_year(self._context.desk)))
        self._role.addItem(tr("All signers"), "")
        for role in self._roles:
            self._role.addItem(role.title, role.key)

    def _ask(self) -> None:
        self._reading.ask(partial(self._context.desk.signing.of_year, int(self._year.currentData())))

    def _on_read(self, rows: tuple[SigningRow, ...]) -> None:
        self._all = rows
        chosen = self._group.currentData()
        self._group.clear()
        self._group.addItem(tr("All groups"), "")
        for group in dict.fromkeys(each.household.group for each in self._all):
            self._group.addItem(group, group)
        self._group.setCurrentIndex(max(0, self._group.findData(chosen)))
        self._show()

    def _show(self) -> None:
        group, role = self._group.currentData(), self._role.currentData()
        shown = [each for each in self._all if not group or each.household.group == group]
        missing = {one.key: sum(bool(each.missing_of(one.key)) for each in shown) for one in self._roles}
        self._rows = tuple(each for each in shown if not role or each.missing_of(role))
        self.model.show_rows(self._rows)
        words = "　".join(tr("{role}: {n} to sign", role=one.title, n=missing[one.key]) for one in self._roles)
        self._counts.setText(words)
        self._body.setCurrentIndex(0 if self._all else 1)
        if role:
            self.together.choose(role)
            self.table.selectAll()
        self._on_selection()

    def _on_filter(self) -> None:
        if self.sender() is self._year:
            self._ask()
        else:
            self._show()

    def _on_selection(self, *_: object) -> None:
        rows = self.chosen
        self.together.show_rows(rows)
        self._lacks.setText(_lacking(rows[0]) if len(rows) == 1 else "")

    def _on_record(self) -> None:
        order = self.together.order
        signing, cases = self._context.desk.signing, [each.case.id for each in self.chosen]
        self._deed.do(
            say("Writing the signatures down"),
            lambda step: signing.together(
                order.role, cases, order.person, order.on, order.mark, tr("signing day"), step
            ),
            self._on_recorded,
        )  # fmt: skip

    def _on_recorded(self, taken: Taken) -> None:
        self._ask()
        self._context.tell_change(taken.change, self)
        if taken.refused:
            first = next(iter(taken.refused.values()))
            text = say(
                "{n} {n:sheet was|sheets were} not recorded: {why}", n=len(taken.refused), why=first.problems[0].text
            )
            self._context.messages.tell(text, "problem")
        else:
            self._context.messages.tell(say("Recorded."), "ok")

    def _on_opened(self, shown: SigningRow) -> None:
        self._context.navigator.go("exits", household_id=shown.household.id, tab="signatures")

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="signoff_sheet", year=self._year.currentData())

    def _on_list(self) -> None:
        self._context.navigator.go("papers", kind="signing_list", year=self._year.currentData())

    def _on_scans(self) -> None:
        self._context.navigator.go("scans")

    def _on_exits(self) -> None:
        self._context.navigator.go("exits")

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _short(role: Signer) -> str:
    title = role.title
    return role.short or (title if len(title) <= 5 else title[:4] + "…")


def _day(role: Signer, shown: SigningRow) -> str:
    if role.key not in shown.scheme.preset.roles:
        return "—"
    day = shown.signed_on(role.key)
    return f"{day:%m-%d}" if day and not shown.missing_of(role.key) else ""


def _sign(role: Signer, shown: SigningRow) -> QIcon | None:
    if role.key not in shown.scheme.preset.roles:
        return None
    name, tone = ("unknown", "warn") if shown.missing_of(role.key) else ("ok", "ok")
    return icon(name, getattr(style.tokens(), tone))


def _said(role: Signer, shown: SigningRow) -> str:
    if role.key not in shown.scheme.preset.roles:
        return tr("{role}: not on this sheet, which is signed by an earlier way", role=role.title)
    missing = shown.missing_of(role.key)
    who = shown.signers.get(role.key, "")
    if missing:
        return tr("{role} {who}: still to sign", role=role.title, who=who)
    return tr("{role}: signed on {day}", role=role.title, day=str(shown.signed_on(role.key) or ""))


def _tone(shown: SigningRow) -> str:
    return "problem" if shown.missing else "ok"


def _lacking(shown: SigningRow) -> str:
    if not shown.missing:
        return tr("This sheet is complete.")
    lines = [f"· {cell.role.title}　{cell.item.text}" for cell in shown.missing]
    return "\n".join([tr("Still to be signed on this sheet:"), *lines])
