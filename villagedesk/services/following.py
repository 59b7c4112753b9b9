"""Cases that follow what is done about them together: a notice posted, resulted or taken down, an objection upheld.

Which step of which procedure follows is data of the policy pack (``notice``, ``result_of``, ``withdrawn_with``,
``upheld``). Who cannot follow stays where he is and holds up nobody else (DOMAIN §5.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Connection

from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.errors import Refused
from villagedesk.policy.procedures import NoticeEvent, carried, procedure
from villagedesk.policy.quorum import Vote, heads
from villagedesk.records.load import load
from villagedesk.services.notice_kinds import notice_of_kind
from villagedesk.services.site import Site
from villagedesk.store.work import Work

_SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "exit": "exits:Exits",
        "course": "courses:Courses",
        "monitoring": "monitoring:Monitoring",
        "village_exit": "villages:Villages",
    }
)
"""Kind of record → whose steps they are; imported when asked for, as those services look at notices themselves."""

_HOUSEHOLD_OF: Mapping[str, str] = MappingProxyType(
    {"exit": "household_id", "course": "subject_id", "monitoring": "household_id", "household": "id"}
)
"""Kind of record a notice speaks of → the field that names its household."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a meeting voted on one case, and the names of those who stepped out of that vote (回避)."""

    vote: Vote
    recused: str = ""

    @classmethod
    def counted(cls, meeting: EvaluationDraft, agree: int, against: int, abstain: int = 0, recused: str = "") -> Ballot:
        """A count at a meeting, with the names of those who stepped out."""
        return cls(Vote(meeting.due, meeting.present, agree, against, abstain, heads(recused)), recused)


class Following(Protocol):
    """A service whose cases follow."""

    def carry(self, work: Work, case_id: str, notice: NoticeDraft, event: NoticeEvent, on: date, reason: str) -> None:
        """Take the step that the notice takes along, if there is one. Raises Refused naming what is in the way."""

    def send_back(self, work: Work, case_id: str, reason: str) -> None:
        """Take the step that an upheld objection asks for, if there is one."""


@runtime_checkable
class Deciding(Following, Protocol):
    """A service whose cases take steps that rest on a meeting of villagers."""

    def decide(self, work: Work, case_id: str, verb: str, meeting: EvaluationDraft, count: Ballot, reason: str) -> None:
        """Write down how a meeting voted on a case, then take the step that rests on it.

        Raises Refused when the case cannot go on; the vote stays on record all the same.
        """


def follow(
    site: Site, work: Work, notice: NoticeDraft, event: NoticeEvent, on: date, reason: str
) -> Mapping[str, Refused]:
    """Take along every case of a notice that can go; who cannot, and why, by case."""
    cases = cases_of(site, notice_of_kind(notice.kind).record)
    held: dict[str, Refused] = {}
    for case_id in notice.case_ids if cases else ():
        try:
            cases.carry(work, case_id, notice, event, on, reason)  # type: ignore[union-attr]  # empty without cases
        except Refused as refusal:
            held[case_id] = refusal
    return held


def left_behind(site: Site, connection: Connection, notice: NoticeDraft) -> tuple[str, ...]:
    """The cases of a hanging notice that did not go along and still stand before their posting."""
    record = notice_of_kind(notice.kind).record
    if record not in _SERVICES or not notice.posted_on:
        return ()
    cases = load(connection, record, notice.case_ids)
    ways = {key: procedure(site.profile, getattr(case, "procedure", record)) for key, case in cases.items()}
    return tuple(key for key, case in cases.items() if carried(ways[key], case.state, notice.kind, "post"))


def send_back(site: Site, work: Work, case_id: str, reason: str) -> None:
    """An objection against a case was upheld: it goes back by the step its procedure has for that."""
    for record in _SERVICES:
        cases = cases_of(site, record)
        if cases is not None and work.row(record, case_id) is not None:
            cases.send_back(work, case_id, reason)


def names_households(kind: str) -> bool:
    """Whether a notice of this kind speaks of cases of households that can go back."""
    return notice_of_kind(kind).record in _SERVICES


def households_on(connection: Connection, kind: str, case_ids: Iterable[str]) -> Mapping[str, HouseholdDraft]:
    """Case on a notice of this kind → its household; empty for one that speaks of none."""
    record = notice_of_kind(kind).record
    field = _HOUSEHOLD_OF.get(record)
    if field is None:
        return {}
    named = {key: getattr(case, field) for key, case in load(connection, record, list(case_ids)).items()}
    homes = load(connection, "household", sorted(set(named.values())))
    return {key: homes[home] for key, home in named.items() if home in homes}


def cases_of(site: Site, record: str) -> Following | None:
    """The service whose cases these records are; None for records without a procedure that follows."""
    place = _SERVICES.get(record)
    if place is None:
        return None
    module, _, name = place.partition(":")
    service: Any = getattr(import_module(f"villagedesk.services.{module}"), name)
    made: Following = service(site)
    return made
