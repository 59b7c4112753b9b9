"""A page that lists records: filters above, a table of any length, Enter opens the record.

What it lists is told by a :class:`ListKind`; order, columns and filters are remembered from day to day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from ui import style
from ui.asking import Reading
from ui.context import Context
from ui.lists.columns import ListColumn, R, Values
from ui.lists.menus import ColumnMenu, ViewMenu
from ui.page import Page, bar, button, label, row
from ui.stack import Sheets
from ui.tables import EmptyState, PagedTable, TableView
from villagedesk.text import Text, say, tr
from villagedesk.values import Step

Where = Mapping[str, Any]


@dataclass(frozen=True)
class ListKind(Generic[R]):
    """What a list holds. ``ids`` takes filters and an order, ``write`` the records in the order shown.

    ``filters``: each with the words for “all”. ``choices``: the values a filter offers, with their words. ``more``:
    the keys of columns whose values are asked for only while they are shown.
    """

    key: str
    title: Text | str
    order: str
    filters: Mapping[str, str]
    usual: Sequence[str]
    more: Sequence[str]
    columns: Callable[[Values], Sequence[ListColumn[R]]]
    choices: Callable[[str], Sequence[tuple[Any, str]]]
    ids: Callable[[Where, str], tuple[str, ...]]
    rows: Callable[[Sequence[str]], Sequence[R]]
    values: Callable[[Sequence[str], Sequence[str]], Mapping[str, Mapping[str, Any]]]
    write: Callable[[Sequence[str], Sequence[tuple[str, str]], Path, Step], int]
    count: Callable[[int], str]
    saved: Callable[[int, str], Text]
    none_met: Text
    none_yet: Text


class ListPage(Page, Generic[R]):
    """Shows the records of a list; a subclass opens them and adds steps of its own."""

    def __init__(self, context: Context, kind: ListKind[R], first_step: QWidget | None = None) -> None:
        super().__init__(str(kind.title))
        self._context = context
        self.kind = kind
        remembered = context.remembered
        self._sort = remembered.word(f"{kind.key}/sort", kind.order)
        self._ids: tuple[str, ...] = ()
        self._reading = Reading(context, kind.title, self)
        self._wanted: Where | None = _kept(remembered.word(f"{kind.key}/filters"))
        self.filters = {name: _box(words) for name, words in kind.filters.items()}
        self._count = label("", "hint")
        self._more: dict[str, Mapping[str, Any]] = {}
        self._choice = kind.columns(lambda one: self._more.get(one, {}))
        self.model = PagedTable[R]([each.column for each in self._choice], self)
        self.table = TableView(self.model, str(kind.title))
        self._column_button = button(say("Columns"), "width")
        self.columns = ColumnMenu({each.key: str(each.column.title) for each in self._choice}, self._column_button)
        self._view_menu = ViewMenu(context, kind.key, self._view)
        self._empty = EmptyState("", *([first_step] if first_step else []))
        self._body = Sheets()
        self._assemble()
        self._show_columns(remembered.word(f"{kind.key}/columns", ",".join(kind.usual)).split(","))
        self._show_widths(_kept(remembered.word(f"{kind.key}/widths")) or {})
        self._connect()

    def steps(self) -> Sequence[QPushButton]:
        """Steps beside the list, of the subclass."""
        return ()

    def open_row(self, row: R) -> None:
        """Open a record; the subclass knows its page."""
        raise NotImplementedError

    def show_place(self, **place: Any) -> None:
        """Show the list; a place that names filters is shown with those and no others."""
        named = {name: value for name, value in place.items() if name in self.filters}
        wanted = named or self._wanted
        self._wanted = None
        self._read(wanted if wanted is not None else self.where)

    @property
    def where(self) -> dict[str, Any]:
        """The filters that are set."""
        return {name: box.currentData() for name, box in self.filters.items() if box.currentIndex() > 0}

    def ask(self) -> None:
        """Ask for the list again."""
        self._read(self.where)

    @property
    def ids(self) -> tuple[str, ...]:
        """The records of the whole list, in the order shown."""
        return self._ids

    def show_view(self, view: Mapping[str, Any]) -> None:
        """Show the list as a view kept earlier says; a value that no record has any more filters nothing."""
        self._show_columns(view["columns"])
        self._sort = view["sort"]
        self._read(view["where"], keep=True)

    def _read(self, where: Where, *, keep: bool = False) -> None:
        """Read what the filters offer, then the list itself; ``keep`` remembers how it is shown."""
        self._reading.ask(partial(_listed, self.kind, dict(where), self._sort, keep=keep))

    def _on_read(self, found: Listed) -> None:
        self._ids = found.ids
        self._fill_filters(found)
        self._more.clear()
        self.model.show_keys(found.ids, self._rows)
        self._count.setText(self.kind.count(len(found.ids)))
        self._empty.say(str(self.kind.none_met if found.where else self.kind.none_yet))
        self._body.setCurrentIndex(0 if found.ids else 1)
        self.table.show_order(found.sort.lstrip("-"), found.sort.startswith("-"))
        if found.keep:
            self._remember()

    def _assemble(self) -> None:
        self.column.addLayout(row(*self.filters.values()))
        save = button(say("Save as a list"), "export", self._on_export)
        tools = (*self.steps(), save)
        self.column.addLayout(bar(self._count, self._view_menu.button, self._column_button, *tools))
        for tool in tools:
            tool.setVisible(not self._context.desk.covered)
        self._body.addWidget(self.table)
        self._body.addWidget(self._empty)
        self.column.addWidget(self._body, 1)

    def _connect(self) -> None:
        self._reading.answered.connect(self._on_read)
        for box in self.filters.values():
            box.currentIndexChanged.connect(self._on_filter)
        self.model.sort_wanted.connect(self._on_sort)
        self.columns.chosen.connect(self._on_columns)
        self._view_menu.chosen.connect(self.show_view)
        self.table.opened.connect(self.open_row)
        self.table.dragged.connect(self._on_dragged)
        self._context.changes.changed.connect(self._on_changed)

    def _fill_filters(self, found: Listed) -> None:
        where = found.where
        for name, box in self.filters.items():
            with QSignalBlocker(box):
                while box.count() > 1:
                    box.removeItem(1)
                for value, words in found.choices[name]:
                    box.addItem(words or tr("not entered"), value)
                places = (at for at in range(1, box.count()) if name in where and box.itemData(at) == where[name])
                box.setCurrentIndex(next(places, 0))

    def _view(self) -> dict[str, Any]:
        return {"where": self.where, "sort": self._sort, "columns": self.columns.keys}

    def _show_columns(self, keys: Sequence[str]) -> None:
        known = [key for key in keys if key in {each.key for each in self._choice}] or list(self.kind.usual)
        self.columns.tick(known)
        self.table.show_columns([at for at, each in enumerate(self._choice) if each.key in known])

    def _show_widths(self, widths: Mapping[str, Any]) -> None:
        found = {at: widths[each.key] for at, each in enumerate(self._choice) if isinstance(widths.get(each.key), int)}
        self.table.show_widths(found)

    def _on_dragged(self) -> None:
        widths = {each.key: width for each, width in zip(self._choice, self.table.widths, strict=True) if width}
        self._context.remembered.keep(f"{self.kind.key}/widths", json.dumps(widths))

    def _rows(self, ids: Sequence[str]) -> Sequence[R | None]:
        found = {row.id: row for row in self.kind.rows(ids)}
        more = [key for key in self.columns.keys if key in self.kind.more]
        if more:
            self._more.update(self.kind.values(ids, more))
        return [found.get(one) for one in ids]

    def _keep(self, sort: str) -> None:
        self._sort = sort
        self._remember()
        self.ask()

    def _remember(self) -> None:
        sort, remembered = self._sort, self._context.remembered
        remembered.keep(f"{self.kind.key}/sort", sort)
        remembered.keep(f"{self.kind.key}/filters", json.dumps(self.where, ensure_ascii=False))
        remembered.keep(f"{self.kind.key}/columns", ",".join(self.columns.keys))

    def _on_filter(self) -> None:
        self._keep(self._sort)

    def _on_columns(self, keys: list[str]) -> None:
        self._show_columns(keys)
        self._keep(self._sort)

    def _on_sort(self, sort: str, descending: bool) -> None:
        self._keep(f"-{sort}" if descending else sort)

    def _on_export(self) -> None:
        name = str(self.kind.title) + ".xlsx"
        target = self._context.messages.save_file(say("Save as a list"), name, "Excel (*.xlsx)")
        if target is None:
            return
        shown = [(each.path, str(each.column.title)) for each in self._choice if each.key in self.columns.keys]
        ids, write = self.ids, self.kind.write
        self._context.jobs.store(
            say("Saving the list"),
            lambda step: write(ids, shown, target, step),
            lambda count: self._context.messages.tell(self.kind.saved(count, target.name), "ok"),
        )

    def _on_changed(self, _change: object, _initiator: object) -> None:
        if self.isVisible():
            self.ask()


@dataclass(frozen=True)
class Listed:
    """A list as it was read: its records, the filters they meet, what each filter offers."""

    ids: tuple[str, ...]
    where: Where
    sort: str
    choices: Mapping[str, Sequence[tuple[Any, str]]]
    keep: bool


def _listed(kind: ListKind[Any], where: Where, sort: str, *, keep: bool) -> Listed:
    """Read a list; a value that no record has any more filters nothing."""
    choices = {name: kind.choices(name) for name in kind.filters}
    met = {name: value for name, value in where.items() if value in [each for each, _words in choices.get(name, ())]}
    ids = kind.ids(met, sort.lstrip("-"))
    return Listed(ids[::-1] if sort.startswith("-") else ids, met, sort, choices, keep)


def _kept(kept: str) -> Where:
    """The filters remembered; none where the line is not ours."""
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _box(title: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(title)
    made.addItem(title, None)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMinimumWidth(style.letters() * 9)
    return made
