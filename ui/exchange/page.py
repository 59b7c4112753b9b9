"""The exchange with the township: join, send on a stick, take the reply in, see what was accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.exchange.stick import is_the_stick
from ui.fields.columns import Columns
from ui.icons import drawing
from ui.page import Page, button, card, label, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.errors import VillageDeskError
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.services.sync import Received, SyncStatus

_VERDICTS: dict[str, tuple[Text, str]] = {
    "accepted": (say("accepted"), "ok"),
    "repeated": (say("came twice, no effect"), ""),
    "held": (say("waits for an earlier file"), "warn"),
    "rejected": (say("refused"), "problem"),
}


class ExchangePage(Page):
    """Three cards in the order of the work, and what the township said last."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Exchange"), tr("Files travel on a stick; without our key nobody can read them."))
        self._context = context
        self._waiting: list[Path] = []
        self._heard: list[tuple[str, str]] = []  # of the files opened together: what is said of each, and its tone
        self._joined = label("", wrap=True)
        self._unsent = label("", "figure")
        self._sent = label("", "hint", wrap=True)
        self._conflicts = label("", wrap=True)
        self._totals = label("", "hint", wrap=True)
        self._join = button(say("Open the township's invitation"), "key", self._on_join)
        self._laptops = button(say("Laptops and keys"), "key", partial(self._go, "laptops"), kind="link")
        self._send = button(say("Send to the township"), "export", partial(self._on_send, False), kind="primary")
        self._peers = button(say("Send to another laptop of the village"), "exchange", partial(self._on_send, True))
        self._receive = button(say("Open a reply or a file"), "import", self._on_receive, kind="primary")
        self._decide = button(say("Decide the conflicts"), "conflict", partial(self._go, "conflicts"))
        self._again = button(say("Send everything once more"), "redo", self._on_send_all, kind="link")
        self._again.setToolTip(tr("Do this when the township has lost your files. Nothing is doubled there."))
        self._papers = button(say("Lists of other offices"), "info", partial(self._go, "from-township"), kind="link")
        self._packs = button(say("Policy of the township"), "plans", partial(self._go, "policy-packs"), kind="link")
        self._doubles = button(say("Entered twice"), "person", partial(self._go, "doubles"), kind="link")
        self._newer = button(say("Facts of a newer version"), "info", partial(self._go, "newer"), kind="link")
        self.verdicts = PagedTable[Any](_columns(), self)
        self._table = TableView(self.verdicts, tr("Files at the township"))
        self._table.say_when_empty(tr("What the township answers to each file stands here, once its reply is opened."))
        self._links = (self._doubles, self._newer, self._papers, self._packs)
        self._assemble()
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show how the exchange stands; ``invite`` names an invitation to open."""
        self._show(self._context.desk.sync.status())
        if place.get("invite"):
            self._join_by(place["invite"])

    def _assemble(self) -> None:
        cards: list[tuple[QWidget, int]] = []
        parts: tuple[tuple[str, str, tuple[QWidget, ...]], ...] = (
            ("key", tr("1  Join"), (self._joined, self._join, self._laptops)),
            ("stick", tr("2  Send"), (self._unsent, self._sent, self._send, self._peers, self._again)),
            ("import", tr("3  Receive"), (self._conflicts, self._receive, self._decide, *self._links)),
        )
        for sign, title, content in parts:
            cards.append((_card(sign, title, content), 1))
        answer = QVBoxLayout()
        answer.addWidget(self._totals)
        answer.addWidget(self._table, 1)
        self._table.setMinimumHeight(style.letters() * 10)
        inner = QWidget()
        columns = Columns(cards, len(cards), 14)
        columns.setContentsMargins(0, 0, 0, 0)
        inner.setLayout(columns)
        self.column.addWidget(scrolled(inner, card(answer, heading=tr("What the township said last"))), 1)

    def _show(self, status: SyncStatus) -> None:
        self.first = self._send if status.joined else self._join
        for widget in (self._send, self._peers, self._receive, self._again):
            widget.setEnabled(status.joined)
        self._join.setVisible(not status.joined)
        self._joined.setText(
            tr(
                "Joined: {name}. Compare once by telephone: {fingerprint}",
                name=status.hub,
                fingerprint=status.fingerprint,
            )
            if status.joined
            else tr("Not joined yet. The township makes an invitation file for this village; open it here.")
        )
        self._show_sent(status)
        self._show_received(status)
        self._show_links()

    def _show_sent(self, status: SyncStatus) -> None:
        self._unsent.setText(
            tr("{n} {n:change|changes} not accepted yet", n=status.unsent) if status.unsent else tr("All accepted")
        )
        self._sent.setText(
            tr(
                "Last file: number {n}; {since} of these changes {since:was|were} made after it. "
                "Everything not accepted goes into the next one again.",
                n=status.sequence,
                since=status.edited_since,
            )
            if status.sequence
            else tr("Nothing sent yet.")
        )

    def _show_received(self, status: SyncStatus) -> None:
        self._conflicts.setText(
            tr(
                "{n} {n:field was|fields were} changed on two sides; both values are kept until you decide.",
                n=status.conflicts,
            )
            if status.conflicts
            else tr("No conflicts.")
        )
        self._decide.setVisible(status.conflicts > 0)
        self.verdicts.show_rows(status.verdicts[::-1])  # the newest on top, as at the township
        self._totals.setText(_totals(status))

    def _show_links(self) -> None:
        """The ways to what only some villages have."""
        desk = self._context.desk
        twice, newer = len(desk.doubles.all()), len(desk.sync.unread())
        self._doubles.setText(tr("Entered twice: {n}", n=twice))
        self._newer.setText(tr("Facts of a newer version: {n}", n=newer))
        there = (twice, newer, desk.sync.list_remarks(), desk.policy.given())
        for link, found in zip(self._links, there, strict=True):
            link.setVisible(bool(found))

    def _on_join(self) -> None:
        file = self._context.messages.open_file(say("Open the invitation"), f"{tr('Invitations')} (*)")
        if file is not None:
            self._join_by(file)

    def _join_by(self, file: Any) -> None:
        name = self._context.messages.ask_line(
            say("What do people call this laptop? For example: first secretary's laptop")
        )
        if name:
            self._do(
                say("Joined. The first file you send introduces this laptop."),
                lambda: self._context.desk.sync.join(file, name),
            )

    def _on_send(self, to_devices: bool) -> None:
        self._write(to_devices=to_devices)

    def _on_send_all(self) -> None:
        """For a township that has lost files. No question: nothing is doubled, and the choice of the stick follows."""
        self._write(everything=True)

    def _write(self, **how: bool) -> None:
        folder = self._context.messages.pick_folder(say("Choose the stick or folder"))
        sync = self._context.desk.sync
        if folder is not None and is_the_stick(self._context.messages, sync.target(folder)):
            self._context.jobs.store(say("Writing the file"), partial(_send, sync, folder, how), self._on_sent)

    def _on_sent(self, written: Any) -> None:
        self._context.messages.tell(
            say(
                "Written and read back: “{file}”, {n} {n:change|changes}. The stick may be removed; it "
                "counts as sent when the reply comes back.",
                file=written.path.name,
                n=written.lines,
            ),
            "ok",
        )
        self._after()

    def _on_receive(self) -> None:
        files = self._context.messages.open_files(say("Open a reply or a file"), f"{tr('Files of the exchange')} (*)")
        if not self._waiting:
            self._heard.clear()
        self._waiting += files
        self._read_next()

    def _read_next(self, *, closing_meant: bool = False) -> None:
        """One file after the other, so that a question about one waits for its answer."""
        if self._waiting:
            work = partial(_receive, self._context.desk.sync, self._waiting[0], closing_meant=closing_meant)
            self._context.jobs.store(say("Reading the file"), work, self._on_received, self._on_refused)

    def _on_received(self, received: Received) -> None:
        text = say(
            "Taken in: {n} {n:change|changes}, {conflicts} {conflicts:conflict|conflicts}.",
            n=received.revisions,
            conflicts=received.conflicts,
        )
        if received.old:
            text = say("“{file}” is no newer than the reply taken in last. Nothing changed; look for a later one.",
                       file=self._waiting[0].name if self._waiting else "")  # fmt: skip
        elif len(self._waiting) > 1 or self._heard:
            text = say("“{file}”: {reason}", file=self._waiting[0].name, reason=text)
        self._tell(str(text), "warn" if received.conflicts or received.old else "ok")
        self._after()
        self._done_with_one()

    def _on_refused(self, error: Exception) -> None:
        """A file that closes many households comes in only when a person says that it is meant."""
        from villagedesk.services.emptying import Emptying

        if isinstance(error, Emptying) and self._context.messages.ask(
            say("Is it meant that these households close?"), say("It is meant"), detail=error.text, danger=True
        ):
            self._read_next(closing_meant=True)
            return
        if isinstance(error, VillageDeskError) and self._waiting:
            reason = tr("“{file}”: {reason}", file=self._waiting[0].name, reason=str(error))
            self._tell(reason, "problem")
        else:
            self._context.messages.tell_error(error)
        self._done_with_one()

    def _tell(self, text: str, tone: str) -> None:
        """One line a file of those opened together, so that a good one does not cover what a bad one said."""
        self._heard.append((text, tone))
        gravest = next(grave for grave in ("problem", "warn", "ok") if grave in {heard for _, heard in self._heard})
        self._context.messages.tell("\n".join(line for line, _ in self._heard), gravest)

    def _done_with_one(self) -> None:
        del self._waiting[:1]
        self._read_next()

    def _go(self, page: str) -> None:
        self._context.navigator.go(page)

    def _do(self, done: Text, verb: Callable[[], Any]) -> None:
        with self._context.messages.telling():
            verb()
            self._context.messages.tell(done, "ok")
            self._after()

    def _after(self) -> None:
        self._show(self._context.desk.sync.status())
        self._context.tell_change(None, self)

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._show(self._context.desk.sync.status())


def _receive(sync: Any, file: Any, step: Any, *, closing_meant: bool = False) -> Any:
    return sync.receive(file, closing_meant=closing_meant, step=step)


def _send(sync: Any, folder: Any, how: dict[str, bool], step: Any) -> Any:
    return sync.send(folder, step=step, **how)


def _card(sign: str, title: str, content: Sequence[QWidget]) -> QWidget:
    head = QHBoxLayout()
    picture = QLabel()
    unit = round(style.letters() * 1.6)
    picture.setPixmap(drawing(sign, style.tokens().accent, unit))
    head.addWidget(picture)
    head.addWidget(label(title, "heading"), 1)
    column = QVBoxLayout()
    for widget in content:
        column.addWidget(widget)
    column.addStretch(1)
    return card(head, column)


def _columns() -> Sequence[Column[Any]]:
    return (
        Column(say("File"), lambda verdict: verdict.name, 22),
        Column(say("Outcome"), lambda v: str(_VERDICTS[v.status][0]), 12, tone=lambda v: _VERDICTS[v.status][1]),
        Column(say("Changes"), lambda verdict: str(verdict.revisions), 6, right=True),
        Column(say("Reason"), lambda verdict: str(verdict.reason or ""), 30),
    )


def _totals(status: SyncStatus) -> str:
    if not status.hub_totals:
        return tr("No reply yet.")
    words = {"households": tr("households"), "members": tr("persons"), "exited": tr("exited")}
    parts = [
        tr(
            "{what}: here {here}, there {there}",
            what=words.get(key, key),
            here=here,
            there=status.hub_totals.get(key, 0),
        )
        for key, here in status.totals.items()
    ]
    return "    ".join(parts)
