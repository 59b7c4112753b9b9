"""What every page is given: the open desk, the workers, the voice, and the way to other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject

from ui.changes import Changes
from ui.jobs import Jobs
from ui.messages import Messages
from ui.remembered import Remembered

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.hub import Hub


class Navigator(Protocol):
    """Shows pages; the window does."""

    def go(self, page: str, **place: Any) -> bool:
        """Show the page with this key; ``place`` says what on it. False when the present page holds unsaved work."""

    def take_off(self, folder: Path, passphrase: str) -> None:
        """Close the desk in ``folder`` and take it off this computer for good."""

    def redress(self, change: Callable[[], object]) -> bool:
        """Make ``change`` of language or look, then everything in the window anew; False when unsaved work stays."""


@dataclass(frozen=True)
class Context:
    """Handed to pages at their making. There is one a desk opened."""

    desk: Desk
    jobs: Jobs
    messages: Messages
    navigator: Navigator
    remembered: Remembered
    changes: Changes = field(default_factory=Changes)

    @property
    def opened(self) -> Desk:
        """What is open."""
        return self.desk

    def tell_change(self, change: Any, initiator: QObject | None = None) -> None:
        """Let the other pages know of a saved change."""
        self.changes.tell(change, initiator)


@dataclass(frozen=True)
class HubContext:
    """As :class:`Context`, for the pages of a township's hub."""

    hub: Hub
    jobs: Jobs
    messages: Messages
    navigator: Navigator
    remembered: Remembered
    changes: Changes = field(default_factory=Changes)

    @property
    def opened(self) -> Hub:
        """What is open."""
        return self.hub

    def tell_change(self, change: Any, initiator: QObject | None = None) -> None:
        """Let the other pages know of a saved change."""
        self.changes.tell(change, initiator)
