"""Every village of the township: its last file, the totals of both sides, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.context import HubContext
from ui.households.words import time_word
from ui.page import button, label, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.township.page import HubPage
from ui.township.words import difference_words, totals_words
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.hub import Hub
    from villagedesk.services.intake import FileResult
    from villagedesk.services.sync import WrittenBundle
    from villagedesk.services.village_rows import VillageRow
    from villagedesk.values import Step

_NAMED = 3  # files named in one message


class VillagesPage(HubPage):
    """The list of villages, and the three steps of a visit: files in, look, replies out."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context,
            tr("Villages"),
            tr("Take the villages' files in from the stick, look at what needs you, then write the replies."),
        )
        county = context.hub.township.of_county
        invite = say("Invite a township") if county else say("Invite a village")
        self._count = label("", "hint")
        self.model = PagedTable[Any](_columns(), self)
        self.table = TableView(self.model, tr("Villages"))
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(
            EmptyState(
                tr("No village yet. Invite the first one: the invitation is a small file for the stick."),
                button(invite, "key", self._on_invite, kind="primary"),
            )
        )
        self.add_button(button(invite, "key", self._on_invite))
        self.add_button(button(say("Write the replies"), "export", self._on_reply))
        self.add_button(button(say("Take files in"), "import", self._on_receive, kind="primary"))
        self._astray = button(None, "conflict", self._on_astray, kind="link")
        self.column.addLayout(row(self._count))
        self.column.addLayout(row(self._astray))
        self.column.addWidget(self._body, 1)
        self.table.opened.connect(self._on_opened)

    def refresh(self) -> None:
        """Count again."""
        rows = self._context.hub.township.villages()
        self.model.show_rows(rows)
        self._body.setCurrentIndex(0 if rows else 1)
        waiting = sum(row.held for row in rows)
        self._count.setText(
            tr(
                "{n} {n:village|villages}, {equal} with equal totals, {waiting} {waiting:file|files} "
                "waiting, {conflicts} {conflicts:field|fields} in conflict",
                n=len(rows),
                equal=sum(bool(row.sent_totals) and not row.difference for row in rows),
                waiting=waiting,
                conflicts=sum(row.conflicts for row in rows),
            )
        )

        astray = len(self._context.hub.moves.half())
        self._astray.setVisible(bool(astray))
        self._astray.setText(
            tr("{n} {n:household that moved stands|households that moved stand} in no village, or in two: look and "
               "complete the move", n=astray)
        )  # fmt: skip

    def _on_astray(self) -> None:
        self._context.navigator.go("moves")

    def _on_opened(self, chosen: VillageRow) -> None:
        self._context.navigator.go("village", village=chosen.village)

    def _on_invite(self) -> None:
        messages, township = self._context.messages, self._context.hub.township
        asked, begun = say("Code of the village, 12 digits"), township.code
        if township.of_county:
            asked, begun = say("Code of the township, 9 digits"), township.code.removesuffix("000")
        code = messages.ask_line(asked, value=begun)
        folder = messages.pick_folder(say("Choose the stick or folder")) if code else None
        if code and folder is not None:
            done = (
                say("The invitation is written and read back; the stick may be removed. The township opens it under "
                    "“This hub” and reads the digits back.")
                if township.of_county
                else say("The invitation is written and read back; the stick may be removed. The village opens it "
                         "under Exchange and reads the digits back.")
            )  # fmt: skip
            self._do(done, partial(township.invite, code, folder))

    def _on_receive(self) -> None:
        files = self._context.messages.open_files(say("Files of the villages"), f"{tr('Files of the villages')} (*)")
        if files:
            self._context.jobs.store(
                say("Taking the files in"), partial(_receive, self._context.hub, files), self._on_received,
                self._on_stopped,
            )  # fmt: skip

    def _on_stopped(self, error: Exception) -> None:
        """Files before the stop are in: show them."""
        self._context.messages.tell_error(error)
        self.refresh()

    def _on_received(self, results: Sequence[FileResult]) -> None:
        bad = [one for one in results if one.status in {"held", "rejected"}]
        again = [one for one in results if one.status == "repeated"]
        said = [
            tr(
                "{n} {n:file|files} taken in, {changes} {changes:change|changes}, {bad} waiting or refused.",
                n=len(results) - len(bad),
                changes=sum(one.revisions for one in results),
                bad=len(bad),
            ),
            *(tr("“{file}”: {reason}", file=one.file, reason=str(one.reason)) for one in bad[:_NAMED]),
        ]
        if len(bad) > _NAMED:
            said.append(tr("The others stand under “Held back”, each with its reason."))
        if again:
            names = "、".join(one.file for one in again[:_NAMED])
            said.append(tr("Came before, nothing of it is new: {names}", names=names))
        self._context.messages.tell("\n".join(said), "warn" if bad else "ok")
        self._context.tell_change(None, self)
        self.refresh()

    def _on_reply(self) -> None:
        folder = self._context.messages.pick_folder(say("Choose the stick or folder"))
        if folder is not None:
            work = partial(_reply, self._context.hub, folder)
            self._context.jobs.store(say("Writing the replies"), work, self._on_replied)

    def _on_replied(self, written: Sequence[WrittenBundle]) -> None:
        self._context.messages.tell(
            say("{n} {n:reply|replies} written and read back. The stick may be removed.", n=len(written)), "ok"
        )
        self.refresh()


def _receive(hub: Hub, files: Sequence[Path], step: Step) -> Sequence[FileResult]:
    return hub.township.receive(files, step=step)


def _reply(hub: Hub, folder: Path, step: Step) -> Sequence[WrittenBundle]:
    return hub.township.reply(folder, step=step)


def _columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Village"), lambda row: row.name or row.village, 9, tip=lambda row: row.village),
        Column(say("Laptops"), lambda row: str(row.devices), 4, right=True),
        Column(say("Last file"), lambda row: time_word(row.last_at) if row.last_at else tr("nothing yet"), 11,
               tone=lambda row: "" if row.last_at else "muted", tip=lambda row: row.last_file),
        Column(say("Counted here"), lambda row: totals_words(row.totals), 15),
        Column(say("Difference to the village"), lambda row: difference_words(row.difference, row.sent_totals), 12,
               tone=lambda row: "warn" if row.difference else "ok" if row.sent_totals else "muted"),
        Column(say("Waiting"), lambda row: _number(row.held), 4, right=True, tone=lambda row: _alarm(row.held)),
        Column(say("Refused"), lambda row: _number(row.rejected), 4, right=True),
        Column(say("Conflicts"), lambda row: _number(row.conflicts), 4, right=True,
               tone=lambda row: _alarm(row.conflicts)),
    )  # fmt: skip


def _number(count: int) -> str:
    return str(count) if count else ""


def _alarm(count: int) -> str:
    return "warn" if count else ""
