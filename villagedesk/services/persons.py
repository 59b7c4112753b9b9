"""What is kept on one person, and what the person asks about it (PIPL Art. 44–50, DOMAIN §8.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from villagedesk import resources
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.privacy import PersonRequestDraft
from villagedesk.errors import Problem, Refused
from villagedesk.exchange.fields import Field, load_fields
from villagedesk.exchange.shapes import read_toml
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.likeness import LIKENESS, of_members
from villagedesk.services.looks import looks_at
from villagedesk.services.site import CHINA, Site
from villagedesk.store.work import Change
from villagedesk.text import say
from villagedesk.values import yuan

_HUNDREDTHS = "hundredths"


@dataclass(frozen=True)
class Held:
    """One thing that is kept: of which ``part``, called ``label``, and what it says, in words."""

    part: str
    label: str
    value: str


class Persons:
    """The people of a village as those whom the data are about."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def requests(self) -> tuple[PersonRequestDraft, ...]:
        """What people asked: the unanswered ones first, oldest first."""
        table = RECORDS["person_request"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "person_request", table.c.village == self._site.village).values()
        return tuple(sorted(found, key=lambda each: (each.answered_on is not None, each.asked_on or date.min)))

    def ask(self, draft: PersonRequestDraft, reason: str) -> Change:
        """Write down what a person asks. Raises Refused when person, kind or day is missing."""
        problems = list(self._problems(draft))
        if problems:
            raise Refused(problems)
        with self._site.store.work("person.ask", reason) as work:
            member = _member(work.connection, draft.member_id)
            household_id = str(work.row("member", member.id)["household_id"])  # type: ignore[index]  # read a line above
            asked = replace(draft, household_id=household_id, answer="", answered_on=None, answered_by="")
            work.put_draft("person_request", self._site.village, asked, new_id=self._site.store.ids())
        return work.change

    def answer(self, request_id: str, answer: str, on: date, reason: str) -> Change:
        """Answer a request. Raises Refused without words, or for a day in the future."""
        if not answer.strip():
            raise Refused([Problem(say("Say what was done, or why it cannot be done."), "answer")])
        if on > self._site.today():
            raise Refused([Problem(say("The day lies in the future. Correct the date."), "answered_on")])
        said = {"answer": answer.strip(), "answered_on": on, "answered_by": self._site.store.author}
        with self._site.store.work("person.answer", reason) as work:
            if work.row("person_request", request_id) is None:
                raise Refused(say("This record is not in the desk any more."))
            work.put("person_request", self._site.village, said, request_id)
        return work.change

    def held(self, member_id: str) -> tuple[Held, ...]:
        """Everything kept on a person, as the extract prints it. Raises Refused when there is no such person."""
        with self._site.store.read() as connection:
            return tuple(held(self._site, connection, member_id))

    def _problems(self, draft: PersonRequestDraft) -> Iterator[Problem]:
        if not draft.member_id:
            yield Problem(say("Choose the person who asks."), "member_id")
        if draft.kind not in dict(self._site.codes.choices("person_request")):
            yield Problem(say("Choose what the person asks for."), "kind")
        if draft.asked_on is None or draft.asked_on > self._site.today():
            yield Problem(say("Enter the day on which the person asked."), "asked_on")


_NOTE = 2  # parts of a note: field and text


def held(site: Site, connection: Connection, member_id: str) -> Iterator[Held]:
    """See :meth:`Persons.held`."""
    household = one(connection, _household_of(connection, member_id))
    member = next(each for each in household.members if each.id == member_id)
    dictionary = load_fields().fields.values()
    yield from _by_dictionary(site, "本人", member, [field for field in dictionary if field.scope == "member"])
    yield from _by_dictionary(site, "本户", household, [field for field in dictionary if field.scope == "household"])
    for kind, about in kept_kinds().items():
        labels = {**about["fields"], **(_asked_by_the_pack(site) if kind == "measure" else {})}
        for row in _rows(connection, kind, member_id):
            yield from _by_labels(site, about["title"], labels, row)


@lru_cache
def kept_kinds() -> Mapping[str, Mapping[str, Any]]:
    """The kinds of records that name a person, with their titles and labels (``resources/columns/kept.toml``)."""
    return read_toml(resources.path("columns", "kept.toml"))


def _rows(connection: Connection, kind: str, member_id: str) -> list[Any]:
    if kind == "look":
        return list(looks_at(connection, member_id))
    if kind == LIKENESS:
        return list(load(connection, kind, of_members(connection, [member_id])).values())
    table = RECORDS[kind].table
    column = table.c.subject_id if "subject_id" in table.c else table.c.member_id
    return list(load_where(connection, kind, column == member_id).values())


def _by_dictionary(site: Site, part: str, draft: HouseholdDraft | MemberDraft, known: list[Field]) -> Iterator[Held]:
    names = {field.name for field in fields(draft)}
    for field in known:
        if field.name in names:
            said = _word(site, getattr(draft, field.name), field.code_list, field.kind)
            if said:
                yield Held(part, field.label_for(site.profile.id), said)


def _asked_by_the_pack(site: Site) -> dict[str, dict[str, str]]:
    """The facts that kinds of measures ask for, by the titles of the pack."""
    units = {"yuan": "fen", "hundredths": _HUNDREDTHS}
    return {
        field.key: {"label": field.title, "codes": field.codes, "unit": units.get(field.kind, "")}
        for field in site.profile.measure_fields.values()
    }


def _by_labels(site: Site, title: str, labels: Mapping[str, Mapping[str, Any]], row: Any) -> Iterator[Held]:
    for name, label in labels.items():
        value = getattr(row, name)
        said = label.get("words", {}).get(str(value)) or _word(
            site, value, label.get("codes", ""), label.get("unit", "")
        )
        if said:
            yield Held(title, label["label"], said)


def _word(site: Site, value: Any, codes: str, kind: str) -> str:
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if codes:
        return "、".join(site.codes.word(codes, each) for each in (value if isinstance(value, tuple) else (value,)))
    if kind in _SPOKEN:
        return _SPOKEN[kind](str(value))
    if kind in {"fen", _HUNDREDTHS} and isinstance(value, int):
        return yuan(value)
    return "、".join(map(_part, value)) if isinstance(value, tuple) else str(value)


def _part(part: Any) -> str:
    """One of several values; a note on a field says which field."""
    if not isinstance(part, tuple):
        return str(part)
    return f"{_field(part[0])}：{part[1]}" if len(part) == _NOTE else " ".join(filter(None, part))


def _time(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(CHINA):%Y-%m-%d %H:%M}"


def _field(name: str) -> str:
    known = load_fields().fields
    found = known.get(f"member.{name}") or known.get(f"household.{name}")
    return found.label if found else name


_SPOKEN = MappingProxyType({"time": _time, "field": _field})


def _household_of(connection: Connection, member_id: str) -> str:
    _member(connection, member_id)
    table = RECORDS["member"].table
    return str(connection.execute(table.select().where(table.c.id == member_id)).mappings().one()["household_id"])


def _member(connection: Connection, member_id: str) -> MemberDraft:
    found = load(connection, "member", [member_id])
    if not found:
        raise Refused([Problem(say("This person is not in the desk any more."), "member_id")])
    member: MemberDraft = found[member_id]
    return member
