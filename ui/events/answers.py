"""What was answered about an event, and the verb that it makes; no widgets here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem
from villagedesk.services.event_course import Afterwards, Occasion
from villagedesk.services.events import Events
from villagedesk.text import say

KINDS = (
    "birth", "marriage_in", "moved_in", "death", "marriage_out", "moved_out", "moved_within", "split", "merge", "head",
    "left_village", "removed", "suspended", "resumed", "fell_back",
)  # fmt: skip
"""The events in the order in which they are offered; an un-merge begins at its merge."""

NEWCOMER = frozenset({"birth", "marriage_in", "moved_in"})
ONE_PERSON = frozenset({"death", "marriage_out"})
PERSONS = frozenset({"moved_out", "moved_within", "split"})
OTHER = frozenset({"moved_within", "merge"})


@dataclass(frozen=True)
class Answers:
    """One event as it stands on the page. ``relations`` are pairs of a person and what that person is to the head."""

    kind: str = ""
    household_id: str = ""
    on: date | None = None
    reason_code: str = ""
    document: str = ""
    note: str = ""
    person: MemberDraft = field(default_factory=MemberDraft)
    companions: tuple[MemberDraft, ...] = ()  # who moves in with that person
    member_id: str = ""
    member_ids: tuple[str, ...] = ()
    other_id: str = ""
    head_id: str = ""
    other_head_id: str = ""
    closing: str = ""
    relations: tuple[tuple[str, str], ...] = ()
    founded: HouseholdDraft = field(default_factory=HouseholdDraft)
    merge_id: str = ""

    @property
    def persons(self) -> tuple[str, ...]:
        """The members chosen."""
        return (self.member_id,) if self.member_id else self.member_ids


def problems(answers: Answers) -> tuple[Problem, ...]:
    """What is still to be answered before the event can be tried."""
    return (Problem(say("Type the day on which it happened."), "on"),) if answers.on is None else ()


def place_of(answers: Answers, field: str) -> str:
    """Where on the page the field of a refusal stands."""
    first, _, rest = field.partition(".")
    if first == "relations":
        places = {member_id: f"relations.{n}.1" for n, (member_id, _) in enumerate(answers.relations)}
        return places.get(rest, field)
    if first == "persons":
        number, _, name = rest.partition(".")
        return f"person.{name}" if number == "0" else f"companions.{int(number) - 1}.{name}"
    if field == "member_ids" and answers.kind in ONE_PERSON:
        return "member_id"
    second = {"split": answers.head_id in answers.member_ids, "unmerge": bool(answers.head_id)}
    if field == "head_id" and second.get(answers.kind):
        return "other_head_id"
    return _PLACES.get(field, field)


_PLACES = {
    "no": "founded.no", "name": "person.name", "relation": "person.relation", "birth": "person.birth",
    "id_number": "person.id_number", "going": "member_ids", "state": "on",
}  # fmt: skip


def verb(answers: Answers) -> Callable[[Events], Any]:
    """The event as a verb of the core."""
    return lambda events: _VERBS[answers.kind](events, answers)


def _birth(events: Events, a: Answers) -> Any:
    return events.birth(a.household_id, replace(a.person, birth=a.person.birth or a.on), _when(a))


def _marriage_in(events: Events, a: Answers) -> Any:
    return events.marriage_in(a.household_id, a.person, _when(a))


def _moved_in(events: Events, a: Answers) -> Any:
    return events.moved_in(a.household_id, [a.person, *a.companions], _when(a))


def _death(events: Events, a: Answers) -> Any:
    return events.death(a.household_id, a.member_id, _when(a), _then(a))


def _marriage_out(events: Events, a: Answers) -> Any:
    return events.marriage_out(a.household_id, a.member_id, _when(a), _then(a))


def _moved_out(events: Events, a: Answers) -> Any:
    return events.moved_out(a.household_id, a.member_ids, _when(a), _then(a))


def _moved_within(events: Events, a: Answers) -> Any:
    answered = dict(a.relations)
    relations = {member_id: answered.get(member_id, "") for member_id in a.member_ids}
    return events.moved_within(a.household_id, a.other_id, relations, _when(a), _then(a))


def _split(events: Events, a: Answers) -> Any:
    then = replace(_then(a), head_id=a.other_head_id)
    return events.split(a.household_id, a.member_ids, a.founded, a.head_id, _when(a), relations=dict(a.relations),
                        then=then)  # fmt: skip


def _merge(events: Events, a: Answers) -> Any:
    return events.merge(a.household_id, a.other_id, dict(a.relations), _when(a))


def _unmerge(events: Events, a: Answers) -> Any:
    restored = replace(_then(a), head_id=a.other_head_id)
    return events.unmerge(a.merge_id, _when(a), staying=_then(a), restored=restored, going=a.member_ids)


def _head(events: Events, a: Answers) -> Any:
    return events.change_head(a.household_id, _then(a), _when(a))


def _whole(name: str) -> Callable[[Events, Answers], Any]:
    return lambda events, a: getattr(events, name)(a.household_id, _when(a))


_VERBS: Mapping[str, Callable[[Events, Answers], Any]] = MappingProxyType({
    "birth": _birth, "marriage_in": _marriage_in, "moved_in": _moved_in, "death": _death,
    "marriage_out": _marriage_out, "moved_out": _moved_out, "moved_within": _moved_within, "split": _split,
    "merge": _merge, "unmerge": _unmerge, "head": _head,
    **{kind: _whole(kind) for kind in ("left_village", "removed", "suspended", "resumed", "fell_back")},
})  # fmt: skip


def _when(a: Answers) -> Occasion:
    return Occasion(a.on or date.min, a.reason_code, a.document.strip(), a.note.strip())


def _then(a: Answers) -> Afterwards:
    return Afterwards(a.head_id, dict(a.relations), a.closing)
