"""The list of household files; several change together, with one step back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QPushButton

from ui.asking import Deed
from ui.context import Context
from ui.households.bulk import BulkDialog
from ui.households.columns import MORE, USUAL, household_columns
from ui.lists.page import ListKind, ListPage
from ui.page import button
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import say, tr

_CODES = {"state": "poverty_state", "kind": "household_kind", "main_cause": "cause"}


class HouseholdList(ListPage[HouseholdRow]):
    """Every household of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _kind(context), button(say("Import a roster"), "import", self._on_import))
        self._deed = Deed(context, self)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        if not context.desk.covered:
            self.add_button(button(say("Import a roster"), "import", self._on_import))
            self.add_button(button(say("New household"), "add", self._on_new, kind="primary"))

    def steps(self) -> Sequence[QPushButton]:
        """Change several files at once."""
        return (button(say("Change several"), "mend", self._on_several),)

    def open_row(self, row: HouseholdRow) -> None:
        """The file."""
        self._context.navigator.go("household", household_id=row.id)

    def _on_several(self) -> None:
        marked = [self.model.key(number) for number in self.table.marked()]
        ids = marked if len(marked) > 1 else list(self.ids)
        dialog = BulkDialog(self._context, ids, self)
        if not ids or not self._context.messages.show_dialog(dialog):
            return
        field, value, reason = dialog.answer
        bulk = self._context.desk.bulk
        self._deed.do(
            say("Changing several"),
            lambda step: bulk.change(ids, field, value, reason, step),
            self._on_several_changed,
        )

    def _on_several_changed(self, change: Any) -> None:
        self._context.tell_change(change, self)
        self.ask()
        count = len(change.records.get("household", ()))
        self._context.messages.tell(
            say("{n} {n:household|households} changed.", n=count),
            "ok",
            say("Take it back"),
            partial(self._take_back, change.act),
        )

    def _take_back(self, act: str) -> None:
        history = self._context.desk.history
        self._deed.do(say("Taking back"), lambda _step: history.undo(act), self._on_taken_back)

    def _on_taken_back(self, change: Any) -> None:
        self._context.tell_change(change, self)
        self.ask()
        self._context.messages.tell(say("Taken back."), "ok")

    def _on_new(self) -> None:
        self._context.navigator.go("household", household_id="")

    def _on_import(self) -> None:
        self._context.navigator.go("import")


def _kind(context: Context) -> ListKind[HouseholdRow]:
    desk = context.desk
    codes = desk.profile.codes

    def choices(name: str) -> Sequence[tuple[Any, str]]:
        def word(value: Any) -> str:
            return (codes.word(_CODES[name], value) if name in _CODES else str(value or "")) or tr("not entered")

        return [(value, f"{word(value)}  ({count})") for value, count in desk.lists.values_of(name)]

    return ListKind(
        key="households",
        title=say("Household files"),
        order="group",
        filters=_filters(),
        usual=USUAL,
        more=MORE,
        columns=lambda values: household_columns(codes, values),
        choices=choices,
        ids=desk.lists.household_ids,
        rows=desk.lists.household_rows,
        values=desk.lists.household_values,
        write=lambda *given, **more: desk.rosters.write_shown("households", *given, **more),
        count=lambda n: tr("{n} {n:household|households}", n=n),
        saved=lambda n, file: say("{n} {n:household|households} saved as “{file}”.", n=n, file=file),
        none_met=say("No household meets these filters. Choose “all” again."),
        none_yet=say("No household file yet. Import last year's list: nobody has to be typed a second time."),
    )


def _filters() -> Mapping[str, str]:
    return {
        "group": tr("All groups"),
        "state": tr("All states"),
        "kind": tr("All kinds"),
        "main_cause": tr("All causes"),
        "planned_exit_year": tr("All years of exit"),
    }
