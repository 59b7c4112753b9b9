"""Backups that happen by themselves: when the desk is closed and every so often, into a second place, thinned there."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from villagedesk.durable import make_folder, refusals
from villagedesk.errors import Problem, Refused
from villagedesk.records.schema import revision
from villagedesk.services.backups import STAMP, SUFFIX, backup
from villagedesk.services.site import CHINA
from villagedesk.services.thinning import Keep, kept
from villagedesk.store.place import Place
from villagedesk.text import say
from villagedesk.values import Step, no_step

_PLAN, _LAST = "backup_plan", "backup_last"


@dataclass(frozen=True)
class Plan:
    """Where to, how often and how many. ``folder`` "" means nobody has chosen a place yet."""

    folder: str = ""
    every_minutes: int = 120
    on_close: bool = True
    keep: Keep = field(default_factory=Keep)


@dataclass(frozen=True)
class Kept:
    """One backup in the second place."""

    path: Path
    made_at: datetime
    size: int


class Safekeeping:
    """The automatic backups of one desk or hub."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def plan(self) -> Plan:
        """What was chosen."""
        said = dict(self._place.store.setting(_PLAN, {}))
        return Plan(**{**said, "keep": Keep(**said.get("keep", {}))})

    def choose(self, plan: Plan) -> None:
        """Choose place and rhythm. Raises Refused for a place inside the desk, which would go down with it."""
        folder = Path(plan.folder)
        if plan.folder and folder.resolve().is_relative_to(self._place.folder.resolve()):
            raise Refused([Problem(say("Backups inside the desk are lost with it. Choose another disk."), "folder")])
        if plan.every_minutes < 5:
            raise Refused([Problem(say("Every 5 minutes is the most often."), "every_minutes")])
        self._place.store.keep_setting(_PLAN, asdict(plan))

    def due(self, *, closing: bool = False) -> bool:
        """Whether a backup should be made now: something was changed since the last one, and it is time."""
        plan = self.plan()
        last = self._place.store.setting(_LAST)
        if not plan.folder or (last and last["revision"] == self._revision()):
            return False
        if last is None or (closing and plan.on_close):
            return True
        passed = abs(self._now() - datetime.fromisoformat(last["at"]))  # a clock set back is no reason to wait
        return passed >= timedelta(minutes=plan.every_minutes)

    def run(self, step: Step = no_step) -> Path:
        """Make a backup now, prove it, then thin out the old ones. Raises Refused (no place) or Unavailable."""
        plan = self.plan()
        if not plan.folder:
            raise Refused(say("Choose where backups are kept first."))
        folder = Path(plan.folder)
        began, revision_then = self._now(), self._revision()
        with refusals(folder / "x"):
            make_folder(folder)
        file = backup(self._place, folder / self._name(began), step)
        self._place.store.keep_setting(_LAST, {"at": began.isoformat(), "revision": revision_then})
        self._thin(plan.keep)
        return file

    def kept(self) -> tuple[Kept, ...]:
        """This desk's backups in the second place, newest first. Others' files there are left alone."""
        folder = Path(self.plan().folder)
        found = [(file, self._made_at(file)) for file in folder.glob(f"*{SUFFIX}")] if self.plan().folder else []
        mine = [Kept(file, made, file.stat().st_size) for file, made in found if made is not None]
        return tuple(sorted(mine, key=lambda one: one.made_at, reverse=True))

    def _thin(self, keep: Keep) -> None:
        found = self.kept()
        stay = kept((one.made_at for one in found), keep)
        for one in found:
            if one.made_at not in stay:
                with refusals(one.path):
                    one.path.unlink(missing_ok=True)

    def _name(self, at: datetime) -> str:
        return f"{self._prefix}{at:{STAMP}}{SUFFIX}"

    @property
    def _prefix(self) -> str:
        """Two desks may share one disk. The name tells them apart and says nothing of the village."""
        mark = hmac.digest(self._place.key, b"villagedesk-backup-name-v1", "sha256").hex()[:6]
        return f"{self._place.kind}-{mark}-"

    def _made_at(self, file: Path) -> datetime | None:
        stamp = file.name.removeprefix(self._prefix).removesuffix(SUFFIX)
        try:
            return datetime.strptime(stamp, STAMP).replace(tzinfo=CHINA)
        except ValueError:
            return None

    def _now(self) -> datetime:
        return self._place.store.clock().astimezone(CHINA).replace(microsecond=0)

    def _revision(self) -> int:
        with self._place.store.read() as connection:
            return connection.execute(select(func.max(revision.c.n))).scalar() or 0
