"""What the parts of the demonstration share: the desk, the village, the clock, what has been made so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from villagedesk.demo.households import GeneratedHousehold
from villagedesk.demo.village import GeneratedVillage
from villagedesk.desk import Desk
from villagedesk.durable import write_whole
from villagedesk.services.site import CHINA
from villagedesk.text import Text, say

REASON = "demonstration"

Watch = Callable[[Text, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass
class DemoClock:
    """A clock that stands until it is told to go on."""

    now: datetime

    def __call__(self) -> datetime:
        """The time it stands at."""
        return self.now

    def to(self, day: date) -> None:
        """Go on to nine in the morning of ``day``; never back."""
        self.now = max(self.now, datetime.combine(day, time(9), CHINA))


@dataclass
class Made:
    """What the demonstration made, for the command to print."""

    folder: Path
    households: int = 0
    members: int = 0
    plans: int = 0
    exited: int = 0
    held_back: list[str] = field(default_factory=list)  # household numbers whose exit the procedure refused
    papers: list[Path] = field(default_factory=list)
    pages: int = 0
    send_file: Path | None = None
    reply_file: Path | None = None
    hub_status: str = ""


@dataclass(frozen=True)
class Stage:
    """One run of the demonstration. ``start`` is the day the work begins, ``papers`` where its PDFs go."""

    desk: Desk
    village: GeneratedVillage
    clock: DemoClock
    made: Made
    step: Watch
    start: date
    papers: Path

    @property
    def year(self) -> int:
        """The year in which households exit."""
        return self.village.today.year

    def counted(self, what: Text) -> Iterator[tuple[int, GeneratedHousehold]]:
        """The households one after the other, telling how far it is."""
        households = self.village.households
        for place, each in enumerate(households):
            self.step(what, place, len(households))
            yield place, each

    def print(self, kind: str, subjects: Sequence[str]) -> None:
        """Print and register one paper a subject."""
        papers = self.desk.papers
        what = say("printing papers")
        printed = papers.print(kind, subjects, REASON, step=lambda done, total: self.step(what, done, total))
        for subject, paper in zip(subjects, printed, strict=True):
            self.keep(papers.file_name(kind, subject, self.year), paper.rendered.pdf, paper.rendered.pages)

    def volume(self, kind: str, subjects: Sequence[str]) -> None:
        """Print all subjects as one volume."""
        what = say("printing papers")
        volume = self.desk.papers.preview(kind, subjects, step=lambda done, total: self.step(what, done, total))
        self.keep(f"{kind}-{self.year}.pdf", volume.pdf, volume.pages)

    def keep(self, name: str, pdf: bytes, pages: int) -> None:
        """Write a paper into the demonstration's folder."""
        path = self.papers / name
        write_whole(path, [pdf])
        self.made.papers.append(path)
        self.made.pages += pages
