"""What the tests of the window share: the passphrase, the clock, the planned answers, waiting for jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from ui.app import Program
from villagedesk.demo.play import DemoClock
from villagedesk.demo.village import GeneratedVillage
from villagedesk.services.site import CHINA

PASSPHRASE = "correct horse battery"
HOUSEHOLDS = 12


def clock_of(village: GeneratedVillage) -> DemoClock:
    """A clock that stands at nine in the morning of the village's day."""
    return DemoClock(datetime.combine(village.today, time(9), CHINA))


@dataclass
class Answers:
    """What the user answers; a question nobody planned for fails the test."""

    yes: bool | None = None
    save: str | None = None
    line: str | None = None
    path: Path | None = None
    dialog: Callable[[Any], bool] | None = None
    asked: list[str] = field(default_factory=list)


def settle(qtbot: QtBot, program: Program) -> None:
    """Wait until no job runs."""
    qtbot.waitUntil(lambda: not program.jobs.running, timeout=20_000)
