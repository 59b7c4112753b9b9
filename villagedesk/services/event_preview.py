"""What an event would do, in plain words, before anybody confirms it: the event is written, told and rolled back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from villagedesk.policy.kinship import HEAD
from villagedesk.services.event_course import Course
from villagedesk.store import lines
from villagedesk.text import Text, say


class Rehearsed(Exception):
    """No error: the way out of a transaction that shall not be kept. ``effects``: its consequences in plain words."""

    def __init__(self, effects: tuple[Text, ...]) -> None:
        super().__init__()
        self.effects = effects


@contextmanager
def rehearsing(course: Course) -> Iterator[Course]:
    """Let the event be written, then raise :class:`Rehearsed` instead of keeping it."""
    yield course
    raise Rehearsed(tuple({str(effect): effect for effect in _effects(course)}.values()))


@dataclass(frozen=True)
class _Telling:
    """One changed record of a course: its row as it is now, and what stood there before."""

    course: Course
    row: Mapping[str, Any]
    fields: Mapping[str, tuple[Any, Any]]
    fresh: bool

    def changed(self, name: str) -> bool:
        """Whether the event gives the field another value."""
        old, new = self.fields.get(name, (None, None))
        return bool(old != new)

    def word(self, codes: str, name: str) -> str:
        """The word of a code as it is now."""
        return self.course.site.codes.word(codes, self.row[name])

    def no(self, household_id: str) -> str:
        """The number of a household."""
        return str((self.course.work.row("household", household_id) or {}).get("no", ""))

    def name(self, kind: str, record_id: str) -> str:
        """The name of a member or a helper."""
        return str((self.course.work.row(kind, record_id) or {}).get("name", ""))


def _effects(course: Course) -> Iterator[Text]:
    for kind, tell in _TOLD.items():
        for change in course.work.pending:
            row = course.work.row(change.kind, change.record) if change.kind == kind else None
            if row is not None:
                yield from tell(_Telling(course, row, change.fields, not change.parents))
    yield from _incomes(course)


def _member(it: _Telling) -> Iterator[Text]:
    row, name = it.row, it.row["name"]
    if it.fresh:
        yield say("{name} is entered in household {no}: {relation}.", name=name, no=it.no(row["household_id"]),
                  relation=it.word("relation", "relation"))  # fmt: skip
        return
    if it.changed("household_id"):
        old, new = it.fields["household_id"]
        yield say("{name} goes from household {old} to household {new}.", name=name, old=it.no(old), new=it.no(new))
    if it.changed("left_on"):
        yield say("{name} no longer belongs to household {no} from {day}.", name=name, no=it.no(row["household_id"]),
                  day=row["left_on"])  # fmt: skip
    if it.changed("phone"):
        yield say("The phone number of {name} is deleted.", name=name)
    if it.changed("relation"):
        yield from _relation(it)


def _relation(it: _Telling) -> Iterator[Text]:
    if it.row["relation"] == HEAD:
        yield say("{name} becomes head of household {no}.", name=it.row["name"], no=it.no(it.row["household_id"]))
        return
    old = it.course.site.codes.word("relation", str(it.fields["relation"][0] or ""))
    yield say("{name} is listed as {new} instead of {old}.", name=it.row["name"], old=old,
              new=it.word("relation", "relation"))  # fmt: skip


def _household(it: _Telling) -> Iterator[Text]:
    row, no = it.row, it.row["no"]
    if it.fresh:
        yield say("A file begins for household {no}; home, land and income are asked anew.", no=no)
        return
    if it.changed("removed") and row["removed"]:
        yield say("The file of household {no} is closed: {why}.", no=no, why=it.word("household_out", "removed_reason"))
    elif it.changed("removed"):
        yield say("The file of household {no} is open again.", no=no)
    if it.changed("state"):
        yield say("Household {no} is now: {state}.", no=no, state=it.word("poverty_state", "state"))
    if it.changed("phone"):
        yield say("The phone number of household {no} is deleted.", no=no)


def _measure(it: _Telling) -> Iterator[Text]:
    row = it.row
    category = it.course.site.profile.measures.get(row["category"])
    what = row["content"] or (category.title if category else row["category"])
    if it.changed("household_id"):
        yield say("The measure “{what}” goes along to household {no}.", what=what, no=it.no(row["household_id"]))
    elif it.changed("state") and row["state"] == "withdrawn":
        yield say("The measure “{what}” ends; no mark remains.", what=what)
    elif it.changed("state"):
        yield say("The measure “{what}” goes on.", what=what)


def _wish(it: _Telling) -> Iterator[Text]:
    if it.changed("household_id"):
        yield say("What {name} wished goes along.", name=it.name("member", it.row["member_id"]))


def _exemption(it: _Telling) -> Iterator[Text]:
    if it.changed("household_id"):
        yield say("The accepted findings of {name} go along.", name=it.name("member", it.row["member_id"]))


def _pairing(it: _Telling) -> Iterator[Text]:
    helper, no = it.name("helper", it.row["helper_id"]), it.no(it.row["household_id"])
    if it.changed("ends_on") and it.row["ends_on"] is None:
        yield say("{helper} is paired with household {no} again.", helper=helper, no=no)
    elif it.changed("ends_on"):
        yield say("The pairing of {helper} with household {no} ends.", helper=helper, no=no)


def _exit(it: _Telling) -> Iterator[Text]:
    if it.changed("state"):
        yield say("The exit case of household {no} goes back one step.", no=it.no(it.row["household_id"]))


def _plan(it: _Telling) -> Iterator[Text]:
    if it.fresh:
        yield say("Household {no} gets a plan for {year}, still a draft.", no=it.no(it.row["household_id"]),
                  year=it.row["year"])  # fmt: skip


_TOLD: Mapping[str, Callable[[_Telling], Iterator[Text]]] = MappingProxyType({
    "household": _household, "member": _member, "pairing": _pairing, "exit": _exit, "plan": _plan,
    "measure": _measure, "wish": _wish, "exemption": _exemption,
})  # fmt: skip


def _incomes(course: Course) -> Iterator[Text]:
    """Statements keep the head-count they were reckoned with; the household should hear of it."""
    people = [change for change in course.work.pending if change.kind == "member"]
    homes = {home for change in people for home in _homes(course, change)}
    for household_id in sorted(homes):
        living = len(course.work.rows("member", household_id=household_id, left_on=None))
        for row in course.work.rows("income", household_id=household_id, year=course.when.on.year):
            if living and row["persons"] != living:
                no = (course.work.row("household", household_id) or {}).get("no", "")
                yield say(
                    "The income of {year} stays divided by {persons}; household {no} has {living} "
                    "{living:person|persons} now.",
                    year=row["year"],
                    persons=row["persons"],
                    living=living,
                    no=no,
                )


def _homes(course: Course, change: lines.RecordChange) -> Iterator[str]:
    row = course.work.row("member", change.record) or {}
    yield from (home for home in (*change.fields.get("household_id", ()), row.get("household_id", "")) if home)
