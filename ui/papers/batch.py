"""A whole set of papers as files: made, registered and written a few at a time, so that a stopped set goes on later."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from villagedesk.durable import write_whole
from villagedesk.text import tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.services.papers import Papers

_AT_ONCE = 10
"""Papers registered and written in one go; so many at most are made twice after a power cut."""


class Batch:
    """One set on its way into a folder. ``run`` may be stopped and called again; it begins where it stopped."""

    def __init__(self, papers: Papers, kind: str, year: int, subjects: Sequence[str], look: Any, folder: Path) -> None:
        self.folder = folder
        self.total = len(subjects)
        self._papers = papers
        self._kind = kind
        self._year = year
        self._left = list(subjects)
        self._look = look

    @property
    def done(self) -> int:
        """How many papers lie in the folder."""
        return self.total - len(self._left)

    def run(self, step: Step) -> Batch:
        """Make what is left. Raises Cancelled when stopped, Refused or Unavailable as printing and writing do."""
        while self._left:
            step(self.done, self.total)
            chosen = self._left[:_AT_ONCE]
            printed = self._papers.print(self._kind, chosen, tr("saved as PDF"), look=self._look)
            for place, (subject, paper) in enumerate(zip(chosen, printed, strict=True), self.done + 1):
                name = self._papers.file_name(self._kind, subject, self._year)
                write_whole(self.folder / f"{place:04d}-{name}", [paper.rendered.pdf])
            del self._left[: len(chosen)]
        step(self.total, self.total)
        return self
