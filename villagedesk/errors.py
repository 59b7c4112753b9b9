"""Errors by blame: the user's answers, somebody else's save, the file, the machine. Anything else is a bug.

Each carries sentences (:class:`villagedesk.text.Text`) that say what happened and what to do, and never a passphrase,
an ID number or a whole name list. The command line maps them to its exit statuses (INTERFACE).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from villagedesk.text import Text, say


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where (``field`` is a draft field, "" for the whole) and what to do about it."""

    text: Text
    field: str = ""
    rule: str = ""

    def __str__(self) -> str:
        return str(self.text)


class VillageDeskError(Exception):
    """The root of everything the program says to its user. ``status`` is the exit status of the command line."""

    status = 1

    def __init__(self, text: Text) -> None:
        super().__init__(text.source)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class Refused(VillageDeskError):
    """The answers given do not allow this step; ``problems`` name each blocker, its field and the remedy."""

    def __init__(self, problems: Iterable[Problem] | Text) -> None:
        self.problems = (Problem(problems),) if isinstance(problems, Text) else tuple(problems)
        if not self.problems:
            raise ValueError("a refusal names at least one problem")
        super().__init__(self.problems[0].text)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class Stale(VillageDeskError):
    """Somebody saved this record first; nothing was changed."""

    def __init__(self, text: Text | None = None) -> None:
        super().__init__(text or say("This record was changed elsewhere since you opened it. Open it again."))


class Usage(VillageDeskError):
    """The command was written wrongly."""

    status = 2


class Unreadable(VillageDeskError):
    """The input is damaged, foreign, newer than this program, or the passphrase is wrong. Nothing was changed."""

    status = 3


class Newer(Unreadable):
    """Only a later release of the program can read it."""

    def __init__(self) -> None:
        super().__init__(say("This was written by a newer version of the program. Update this one first."))


class Unavailable(VillageDeskError):
    """The machine failed: disk full, file locked, folder not writable. Nothing that was saved is lost."""

    status = 4


class OpenElsewhere(Unavailable):
    """Another machine, ``host``, has the desk open or never closed it. Only a person can tell which."""

    def __init__(self, host: str) -> None:
        super().__init__(say("This desk is open on the computer {host}. Close it there first.", host=host))
        self.host = host


class Cancelled(VillageDeskError):
    """The user stopped a long piece of work; what was there before is whole."""

    def __init__(self) -> None:
        super().__init__(say("Stopped at your request. Nothing was left half done."))
