"""Who may open this desk, each by a passphrase of his own; when the desk locks by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from ui import style
from ui.autolock import MINUTES, SETTING
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.rows import FieldRow, grid
from ui.page import Page, button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.errors import Refused, VillageDeskError
from villagedesk.services.users import CADRE, FOUNDER, LEADER, MEMBER, TOWNSHIP, User
from villagedesk.text import Text, say, tr

ROLES = {
    LEADER: say("Leader or first secretary"),
    MEMBER: say("Team member"),
    CADRE: say("Village cadre, reads only"),
    TOWNSHIP: say("Township, reads only"),
}
_MAY = {
    LEADER: say("enters everything, lets people in"),
    MEMBER: say("enters everything"),
    CADRE: say("reads names, plans and visits; phones, numbers, incomes, health and papers stay closed"),
    TOWNSHIP: say("reads everything, changes nothing"),
}


class PeoplePage(Page):
    """The people, a card to let one more in, one's own passphrase, the lock."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("People and locks"), tr("Whoever works here has a passphrase of his own; every change bears his name.")
        )
        self._context = context
        self.people = PagedTable[User](_columns(), self)
        self.table = TableView(self.people, tr("People"))
        self._name, self._role, self._other_role = QLineEdit(), _role_field(), _role_field()
        self._other_role.setMinimumWidth(style.letters() * 12)
        self._other_role.setAccessibleName(tr("Another role for the chosen person"))
        self._secret, self._again = _secret(), _secret()
        self._old, self._new, self._repeated = _secret(), _secret(), _secret()
        self.rows = {
            "name": FieldRow(tr("Name or short name"), self._name, tr("Stands in the clear before the desk is open.")),
            "role": FieldRow(tr("Role"), self._role),
            "passphrase": FieldRow(tr("Passphrase"), self._secret),
            "again": FieldRow(tr("The passphrase again"), self._again),
        }
        self.own = {
            "old": FieldRow(tr("Passphrase so far"), self._old),
            "passphrase": FieldRow(tr("New passphrase"), self._new),
            "again": FieldRow(tr("The new passphrase again"), self._repeated),
        }
        self._idle = QComboBox()
        self._manage: tuple[Any, ...] = ()
        self._assemble()

    def show_place(self, **place: Any) -> None:
        """Show who there is."""
        del place
        users = self._context.desk.users
        self.people.show_rows(users.all())
        for widget in self._manage:
            widget.setVisible(users.may("manage"))
        self._idle.setCurrentIndex(max(0, self._idle.findData(self._context.remembered.number(SETTING, MINUTES[1]))))

    def _assemble(self) -> None:
        self.table.setMinimumHeight(style.letters() * 10)
        role = button(say("Give this role"), "person", self._on_role)
        reset = button(say("New passphrase for this person"), "key", self._on_reset)
        remove = button(say("Let in no more"), "remove", self._on_remove)
        sheet = button(say("New recovery sheet"), "print", self._on_sheet)
        acts = card(self.table, row(self._other_role, role, reset, remove), heading=tr("Who may open this desk"))
        add = card(
            grid([*self.rows.values()], 4), row(button(say("Let this person in"), "add", self._on_add, kind="primary")),
            heading=tr("One more person"),
        )  # fmt: skip
        own = card(
            grid([*self.own.values()], 4), row(button(say("Change my passphrase"), "key", self._on_change)),
            heading=tr("My own passphrase"),
        )  # fmt: skip
        for minutes in MINUTES:
            self._idle.addItem(
                tr("after {n} {n:minute|minutes} without a key", n=minutes) if minutes else tr("never"), minutes
            )
        self._idle.activated.connect(self._on_idle)
        lock = card(
            grid([FieldRow(tr("Lock by itself"), self._idle)], 3),
            label(tr("After sleep the desk is always locked. What you were typing is kept."), "hint", wrap=True),
            heading=tr("The lock"),
        )
        recovery = card(
            label(
                tr("The old sheet opens nothing any more. Lock the new one away at the township."), "hint", wrap=True
            ),
            row(sheet), heading=tr("The recovery sheet"),
        )  # fmt: skip
        self._manage = (self._other_role, role, reset, remove, add, recovery)
        self.column.addWidget(scrolled(acts, add, own, lock, recovery), 1)

    def _on_add(self) -> None:
        if self._secret.text() != self._again.text():
            self.rows["again"].show_problem(tr("The two passphrases differ."))
            return
        name, role, secret = self._name.text().strip(), self._role.value() or "", self._secret.text()
        if not name:
            self.rows["name"].show_problem(tr("Enter the name."))
            return
        if self._do(
            say("“{name}” can open the desk now.", name=name),
            lambda: self._context.desk.users.add(name, role, secret),
            self.rows,
        ):
            self._forget(self._name, self._secret, self._again)

    def _on_role(self) -> None:
        user = self._chosen()
        if user is not None:
            self._do(
                say("“{name}” has another role now.", name=user.name),
                lambda: self._context.desk.users.set_role(user.name, self._other_role.value()),
            )

    def _on_reset(self) -> None:
        user = self._chosen()
        if user is not None:
            secret = self._context.messages.ask_line(say("New passphrase for “{name}”", name=user.name), secret=True)
            if secret:
                self._do(
                    say("“{name}” has a new passphrase. Tell it by word of mouth.", name=user.name),
                    lambda: self._context.desk.users.reset_passphrase(user.name, secret),
                )

    def _on_remove(self) -> None:
        user = self._chosen()
        if user is not None and self._context.messages.ask(
            say("Let “{name}” in no more?", name=user.name),
            say("Let in no more"),
            detail=say("Copies of the desk that this person carried off still open to the old passphrase."),
            danger=True,
        ):
            self._do(
                say("“{name}” cannot open the desk any more.", name=user.name),
                lambda: self._context.desk.users.remove(user.name),
            )

    def _on_change(self) -> None:
        if self._new.text() != self._repeated.text():
            self.own["again"].show_problem(tr("The two passphrases differ."))
            return
        old, new = self._old.text(), self._new.text()
        if self._do(
            say("Your passphrase is changed."), lambda: self._context.desk.users.change_passphrase(old, new), self.own
        ):
            self._forget(self._old, self._new, self._repeated)

    def _on_sheet(self) -> None:
        from ui.papers.output import PaperOutput

        context = self._context
        if not context.messages.ask(say("Make a new recovery sheet?"), say("Make it"),
                                    detail=say("The old sheet opens nothing any more.")):  # fmt: skip
            return
        with context.messages.telling():
            sheet = context.desk.recovery_sheet(context.desk.users.renew_recovery_key())
            PaperOutput(self, context.jobs, context.messages, context.remembered).print(sheet, 1)

    def _on_idle(self) -> None:
        self._context.remembered.keep(SETTING, int(self._idle.currentData()))

    def _chosen(self) -> User | None:
        user: User | None = self.table.current_row()
        if user is None:
            self._context.messages.tell(say("Choose a person in the list first."))
        return user

    def _do(self, done: Text, verb: Callable[[], object], rows: dict[str, FieldRow] | None = None) -> bool:
        for shown in (rows or {}).values():
            shown.show_problem("")
        try:
            verb()
        except Refused as refusal:
            for problem in refusal.problems:
                if rows and problem.field in rows:
                    rows[problem.field].show_problem(str(problem.text))
            self._context.messages.tell_error(refusal)
            return False
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return False
        self._context.messages.tell(done, "ok")
        self.show_place()
        return True

    def _forget(self, *fields: QLineEdit) -> None:
        for field in fields:
            field.clear()


def _secret() -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _role_field() -> CodeField:
    made = CodeField([Option(key, str(word)) for key, word in ROLES.items()])
    made.show_value(MEMBER)
    return made


def _name(user: User) -> str:
    return tr("who set up the desk") if user.name == FOUNDER else user.name


def _columns() -> tuple[Column[User], ...]:
    return (
        Column(say("Name"), _name, 12),
        Column(say("Role"), lambda user: str(ROLES[user.role]), 16),
        Column(say("May"), lambda user: str(_MAY[user.role]), 26),
        Column(say("Now"), lambda user: tr("at the keyboard") if user.here else "", 10, tone=lambda _: "ok"),
    )
