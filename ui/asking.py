"""What a page asks of the store and what it has done there, both behind the window: the page stands at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.binding import Binder
from ui.context import Context, HubContext
from villagedesk.errors import Refused
from villagedesk.text import Text, say
from villagedesk.values import Step


class Reading(QObject):
    """Reads for one page; of several askings only the newest is answered."""

    answered = Signal(object)

    def __init__(self, context: Context | HubContext, title: Text | str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._title = title
        self._number = 0
        self._answered = 0

    @property
    def running(self) -> bool:
        """Whether the newest asking is not answered yet."""
        return self._answered < self._number

    def ask(self, read: Callable[[], Any]) -> None:
        """Have ``read`` done on the worker of the store."""
        self._number += 1
        number = self._number

        def work(_step: Step) -> tuple[int, Any]:
            return number, read() if number == self._number else None

        self._context.jobs.store(self._title, work, self._on_done, self._on_failed)

    def _on_done(self, answer: tuple[int, Any]) -> None:
        number, found = answer
        if number == self._number:
            self._answered = number
            self.answered.emit(found)

    def _on_failed(self, error: Exception) -> None:
        self._answered = self._number
        self._context.messages.tell_error(error)


class Deed(QObject):
    """A verb of the core that takes its time; a second click while it runs only says so, a refusal is told."""

    def __init__(self, context: Context | HubContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._done: Callable[[Any], object] | None = None
        self._binders: tuple[Binder[Any], ...] = ()

    @property
    def running(self) -> bool:
        """Whether the verb has not ended yet."""
        return self._done is not None

    def do(
        self, title: Text | str, work: Callable[[Step], Any], done: Callable[[Any], object], *binders: Binder[Any]
    ) -> None:
        """Run ``work``, then ``done`` with what it gave; ``binders`` show a refusal beside their fields."""
        if self._done is not None:
            self._context.messages.tell(say("The step before is still on its way. Do it again when it is done."))
        else:
            self._done, self._binders = done, binders
            self._context.jobs.store(title, work, self._on_done, self._on_failed)

    def _on_done(self, given: Any) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(given)

    def _on_failed(self, error: Exception) -> None:
        self._done = None
        if isinstance(error, Refused):
            for binder in self._binders:
                binder.show_problems(error.problems)
        self._context.messages.tell_error(error)
