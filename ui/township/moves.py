"""Households that moved between villages and stand in no village here, or in both: the township completes the move.

A hub that was put back to an earlier state has forgotten the half of a move that no village had got yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from ui.context import HubContext
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.households.words import time_word
from ui.page import button, card, label, row, scrolled
from ui.stack import Sheets
from ui.tables import EmptyState
from ui.township.page import HubPage
from villagedesk.errors import Refused, VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.half_moves import HalfMove, Standing
    from villagedesk.services.village_rows import VillageRow

_NOWHERE = "nowhere"


class MovesPage(HubPage):
    """One card a household: what the files say, what to do first, and how the move is completed."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context,
            tr("Moves to complete"),
            tr(
                "A household that moved stands in one village. Those here stand in none, or in two: the hub was put "
                "back to an earlier state, or a file was kept open."
            ),
        )
        self._rows: Mapping[str, VillageRow] = {}
        self.fields: dict[str, FieldRow] = {}  # household → the number or the day that completing asks for
        self._body = Sheets()
        self._body.addWidget(
            EmptyState(tr("Each household that moved stands in one village. This is looked at after every file."))
        )
        self.column.addWidget(self._body, 1)

    def refresh(self) -> None:
        """Look again."""
        old = self._body.widget(1)
        if old is not None:
            self._body.removeWidget(old)
            old.deleteLater()
        hub = self._context.hub
        found, self.fields = hub.moves.half(), {}
        if found:
            self._rows = {one.village: one for one in hub.township.villages()}
            self._body.addWidget(scrolled(*map(self._card, found)))
        self._body.setCurrentIndex(1 if found else 0)

    def _card(self, half: HalfMove) -> QWidget:
        nowhere = half.why == _NOWHERE
        editor: Any = text_field() if nowhere else date_field()
        editor.show_value(half.new.no if nowhere else half.on)
        name = tr("Its number in {village}", village=self._name(half.new)) if nowhere else tr("Day of the move")
        field = FieldRow(name, editor)
        self.fields[half.old.household_id] = field
        complete = button(say("Complete the move"), "forward", partial(self._on_complete, half), kind="primary")
        look = button(say("Household file"), "households", partial(self._on_open, half), kind="link")
        look.setVisible(not nowhere)
        said = "  ".join(filter(None, (half.on.isoformat(), half.document)))
        return card(
            label(self._what(half), wrap=True), label(self._advice(half), "hint", wrap=True),
            grid([field], 2), row(complete, look),
            heading=tr("{head}: {old} to {new}    {said}", head=half.head or tr("no head"), old=self._place(half.old),
                       new=self._place(half.new), said=said),
        )  # fmt: skip

    def _what(self, half: HalfMove) -> str:
        said = {"old": self._name(half.old), "new": self._name(half.new)}
        if half.why == _NOWHERE:
            return tr("In no village: the file in {old} is closed ({n} {n:person|persons}), and {new} has none.",
                      n=half.old.persons, **said)  # fmt: skip
        return tr("In both villages: open in {old} ({n} {n:person|persons}) and in {new} ({m} {m:person|persons}).",
                  n=half.old.persons, m=half.new.persons, **said)  # fmt: skip

    def _advice(self, half: HalfMove) -> str:
        nowhere = half.why == _NOWHERE
        missing = half.new if nowhere else half.old
        village, known = self._name(missing), self._rows.get(missing.village)
        first = tr(
            "First take in the next file of {village}, and write its reply: what is missing may come with it (its last "
            "file: {when}).",
            village=village,
            when=time_word(known.last_at) if known and known.last_at else "—",
        )
        if nowhere:
            then = tr(
                "If this still stands here then, complete the move: {village} gets the file with the same people in "
                "its next reply. If the number is taken by now, give another one.",
                village=village,
            )
        else:
            then = tr(
                "If this still stands here then, compare both files and complete the move: the file in {village} "
                "closes with its next reply. If it has entered something later, give a later day. If they never moved, "
                "move them back afterwards.",
                village=village,
            )
        return f"{first}\n{then}"

    def _name(self, standing: Standing) -> str:
        known = self._rows.get(standing.village)
        return known.name if known and known.name else standing.village

    def _place(self, standing: Standing) -> str:
        return tr("{village} no. {no}", village=self._name(standing), no=standing.no)

    def _on_open(self, half: HalfMove) -> None:
        self._context.navigator.go("file", household_id=half.old.household_id)

    def _on_complete(self, half: HalfMove) -> None:
        field = self.fields[half.old.household_id]
        given: Any = field.editor
        value = given.value()
        if not value:
            field.show_problem(given.complaint() or tr("This is needed here."))
            return
        key = "no" if half.why == _NOWHERE else "on"
        moves = self._context.hub.moves
        try:
            change = moves.complete(half, **{key: value})
        except Refused as refused:
            field.show_problem("\n".join(str(one.text) for one in refused.problems if one.field == key))
            self._context.messages.tell_error(refused)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
        else:
            self._context.messages.tell(say("Completed. The village gets its half with its next reply."), "ok")
            self._context.tell_change(change, self)
            self.refresh()
