"""What all pages of a hub share: the open hub, verbs whose refusal is shown, looking again after a change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ui.context import HubContext
from ui.page import Page
from villagedesk.errors import VillageDeskError
from villagedesk.text import Text
from villagedesk.values import Step


class HubPage(Page):
    """A page of a hub. ``refresh`` shows what is true now."""

    def __init__(self, context: HubContext, title: str, about: str = "") -> None:
        super().__init__(title, about)
        self._context = context
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **_place: Any) -> None:
        """Show what is true now."""
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""

    def _do(self, done: Text | str, verb: Callable[[], Any]) -> bool:
        """Do what a person asked, say what came of it, and let the other pages know."""
        try:
            change = verb()
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return False
        self._context.messages.tell(done, "ok")
        self._context.tell_change(change, self)
        self.refresh()
        return True

    def _work(self, title: Text, work: Callable[[Step], Any], done: Text) -> None:
        """As :meth:`_do`, for what takes long: behind the window, counted, and to be stopped."""
        self._context.jobs.store(title, work, partial(self._on_worked, done), self._on_work_failed)

    def _on_worked(self, done: Text, change: Any) -> None:
        self._context.messages.tell(done, "ok")
        self._context.tell_change(change, self)
        self.refresh()

    def _on_work_failed(self, error: Exception) -> None:
        self._context.messages.tell_error(error)
        self.refresh()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self.refresh()
