"""This laptop and its colleagues: digits to compare, joining anew, new keys, and what to do when one is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ui import style
from ui.context import Context
from ui.page import Page, button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.text import Text, say, tr

_CASES: tuple[tuple[Text, Text], ...] = (
    (say("A laptop is lost, sold or handed on"),
     say("Tell the township: it takes the laptop out and gives a new invitation. What it had sent stays.")),
    (say("Somebody else may know the passphrase or the keys"),
     say("Change the passphrase under “People and locks”, take new keys here, tell the township to take the old laptop "
         "out, and join with its new invitation.")),
    (say("The laptop is exchanged for another one"),
     say("Restore its backup on the new one, send, and open the reply: it brings what was typed since the backup. When "
         "the old one is lost or goes into other hands, take new keys on the new one, tell the township to take the "
         "old one out, and join with its new invitation.")),
    (say("The team changes"),
     say("Let the new people in under “People and locks”, and let the old ones in no more. Their changes keep their "
         "names. A laptop that leaves with them is taken out by the township.")),
    (say("The township lost its hub or made a new one"),
     say("Open its new invitation here and send: everything goes there again by itself.")),
)  # fmt: skip


class LaptopsPage(Page):
    """Who there is, two acts, and the written paths."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Laptops and keys"),
            tr("The township sees the same digits for each laptop. Compare them by telephone when in doubt."),
        )
        self._context = context
        self._standing = label("", wrap=True)
        self.laptops = PagedTable[Any](_columns(), self)
        self.table = TableView(self.laptops, tr("Laptops of this village"))
        self.table.setMinimumHeight(style.letters() * 9)
        self._join = button(say("Open a new invitation"), "key", self._on_join, kind="primary")
        self._renew = button(say("New keys for this laptop"), "redo", self._on_renew)
        cases = (card(label(str(what), wrap=True), heading=str(when)) for when, what in _CASES)
        self.column.addWidget(
            scrolled(
                card(self._standing, self.table, row(self._join, self._renew), heading=tr("Laptops of this village")),
                *cases,
            ),
            1,
        )

    def show_place(self, **_place: Any) -> None:
        """Show the laptops the latest reply named."""
        desk = self._context.desk
        status, known = desk.sync.status(), desk.laptop_keys.known()
        self.laptops.show_rows(known)
        given_up = desk.laptop_keys.given_up
        self._join.setEnabled(not given_up)
        self._renew.setEnabled(status.joined and not given_up)
        if given_up:
            words = tr("This laptop has given up its keys. Lock the desk and open it again, then open the township's "
                       "new invitation here.")  # fmt: skip
        elif not status.joined:
            words = tr("Not joined yet. The township makes an invitation file for this village; open it here.")
        elif not status.enrolled:
            words = tr(
                "Joined: {name}. The township has not answered this laptop yet: send it a file.", name=status.hub
            )
        else:
            words = tr("Joined: {name}, digits {fingerprint}.", name=status.hub, fingerprint=status.fingerprint)
        self._standing.setText(words)

    def _on_join(self) -> None:
        file = self._context.messages.open_file(say("Open the invitation"), f"{tr('Invitations')} (*)")
        if file is not None:
            self._context.navigator.go("exchange", invite=file)

    def _on_renew(self) -> None:
        meant = self._context.messages.ask(
            say("Give this laptop new keys?"), say("New keys"), danger=True,
            detail=say("It counts as another laptop then. Lock the desk and open it again, let the township take the "
                       "old one out, and join with its new invitation. Nothing typed here is lost."),
        )  # fmt: skip
        if meant:
            done = say("The old keys are gone. Lock the desk and open it again; then open the new invitation here.")
            self._do(done, self._context.desk.laptop_keys.renew)

    def _do(self, done: Text, verb: Callable[[], Any]) -> None:
        with self._context.messages.telling():
            verb()
            self._context.messages.tell(done, "ok")
            self._context.tell_change(None, self)
            self.show_place()


def _columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Laptop"), lambda one: one.name, 16),
        Column(say("Digits to compare by telephone"), lambda one: one.fingerprint, 26, whole=True),
        Column(say("Which one"), lambda one: tr("this laptop") if one.own else tr("a colleague's"), 10,
               tone=lambda one: "ok" if one.own else ""),
    )  # fmt: skip
