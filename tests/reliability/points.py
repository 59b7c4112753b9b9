"""Points at which a process may die: around every commit, flush, renaming and deletion of the step under way."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from villagedesk.store.work import Work


@dataclass
class Points:
    """Counts the points passed; at number ``deadly`` the process is gone, without a word to anybody."""

    deadly: int
    passed: int = 0

    def pass_one(self, *_: Any) -> None:
        """One more point."""
        self.passed += 1
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def die_at(number: int) -> Points:
    """Hook every point of this process. Only ever called in a child that is to be killed."""
    points = Points(number)
    for name in ("begin", "commit", "rollback"):
        event.listen(Engine, name, points.pass_one)
    event.listen(Engine, "after_cursor_execute", points.pass_one)
    for owner, name in (
        (os, "fsync"),
        (os, "replace"),
        (Path, "replace"),
        (Path, "rename"),
        (Path, "unlink"),
        (Path, "mkdir"),
        (shutil, "rmtree"),
        (Work, "finish"),
    ):
        setattr(owner, name, _around(getattr(owner, name), points))
    return points


def _around(really: Callable[..., Any], points: Points) -> Callable[..., Any]:
    def hooked(*args: Any, **named: Any) -> Any:
        points.pass_one()
        result = really(*args, **named)
        points.pass_one()
        return result

    return hooked
