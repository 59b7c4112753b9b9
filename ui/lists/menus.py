"""The two menus of a list: which columns it shows, and the views kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton

from ui.context import Context
from ui.page import button
from villagedesk.text import say, tr


class ColumnMenu(QMenu):
    """Ticks columns on and off; one always stays."""

    chosen = Signal(list)  # keys, in the order of the list

    def __init__(self, titles: Mapping[str, str], owner: QPushButton) -> None:
        super().__init__(owner)
        owner.setMenu(self)
        self._actions = {key: self.addAction(title) for key, title in titles.items()}
        for action in self._actions.values():
            action.setCheckable(True)
            action.triggered.connect(self._on_ticked)

    @property
    def keys(self) -> list[str]:
        """The columns ticked."""
        return [key for key, action in self._actions.items() if action.isChecked()]

    def tick(self, keys: Sequence[str]) -> None:
        """Tick these columns and no others."""
        for key, action in self._actions.items():
            action.setChecked(key in keys)

    def _on_ticked(self) -> None:
        if not self.keys:
            next(iter(self._actions.values())).setChecked(True)
        self.chosen.emit(self.keys)


class ViewMenu(QMenu):
    """The views of one list: show, keep, forget."""

    chosen = Signal(dict)

    def __init__(self, context: Context, name: str, now: Callable[[], dict[str, Any]]) -> None:
        self.button = button(say("Views"), "eye")
        super().__init__(self.button)
        self.button.setMenu(self)
        self._context = context
        self._name = name
        self._now = now
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List the views there are now."""
        self.clear()
        views = self._context.desk.lists.views(self._name)
        for title, view in views.items():
            self.addAction(title).triggered.connect(partial(self._on_chosen, view))
        if views:
            self.addSeparator()
        self.addAction(tr("Keep as a view …")).triggered.connect(self.keep)
        for title in views:
            self.addAction(tr("Forget “{title}”", title=title)).triggered.connect(partial(self._on_forget, title))

    def keep(self) -> None:
        """Ask for a title and keep what is shown now."""
        title = self._context.messages.ask_line(say("What shall this view be called?"))
        if title:
            self._context.desk.lists.keep_view(self._name, title, self._now())
            self._context.messages.tell(say("The view “{title}” is kept.", title=title), "ok")

    def _on_chosen(self, view: dict[str, Any]) -> None:
        self.chosen.emit(view)

    def _on_forget(self, title: str) -> None:
        self._context.desk.lists.forget_view(self._name, title)
        self._context.messages.tell(say("The view “{title}” is forgotten.", title=title), "ok")
