"""A laptop whose clock was set back: noticed, and not trusted with the days of a procedure.

Every revision carries a time, so the desk knows the latest day on which anybody worked on it. Typing goes on with a
wrong clock; the steps that count days do not, until the clock is right or a person says that the later day was wrong.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from villagedesk.errors import Problem, Refused
from villagedesk.records.schema import revision
from villagedesk.services.site import CHINA, Site
from villagedesk.store.store import read_setting
from villagedesk.text import say

_SETTING = "clock_confirmed"
_COUNTER_BITS = 16  # of a hybrid clock reading; the rest are milliseconds


class Clockwatch:
    """Whether this machine's clock can be right."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def problem(self) -> Problem | None:
        """What is wrong with the clock, None when nothing speaks against it."""
        with self._site.store.read() as connection:
            return clock_problem(self._site, connection)

    def confirm(self, reason: str) -> None:
        """A person vouches for today's date: the later day came from a wrong clock. Raises Refused without a reason."""
        if not reason.strip():
            raise Refused([Problem(say("Write down why today's date is the right one."), "reason")])
        with self._site.store.read() as connection:
            newest = connection.execute(select(func.max(revision.c.hlc))).scalar() or 0
        said = {"hlc": newest, "on": self._site.today().isoformat(), "by": self._site.store.author, "reason": reason}
        self._site.store.keep_setting(_SETTING, said)


def clock_problem(site: Site, connection: Connection) -> Problem | None:
    """What is wrong with the clock, seen inside a transaction."""
    newest = connection.execute(select(func.max(revision.c.hlc))).scalar() or 0
    confirmed = read_setting(connection, _SETTING)
    if newest <= (confirmed["hlc"] if confirmed else 0) or day_of(newest) <= site.today():
        return None
    text = say(
        "The clock of this computer says {today}, but the desk was worked on as late as {newest}. Set the clock right.",
        today=site.today(),
        newest=day_of(newest),
    )
    return Problem(text, "", "clock")


def demand_clock(site: Site, connection: Connection) -> None:
    """Raise Refused when the clock was set back: a step that counts days cannot be dated by it."""
    problem = clock_problem(site, connection)
    if problem is not None:
        raise Refused([problem])


def day_of(reading: int) -> date:
    """The day in China of a reading of the hybrid clock."""
    return datetime.fromtimestamp((reading >> _COUNTER_BITS) / 1000, UTC).astimezone(CHINA).date()
