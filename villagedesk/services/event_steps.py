"""The steps that events are made of: persons come, leave, go over; a file begins; a state is taken (DOMAIN §5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import kinship
from villagedesk.policy.course_gates import STRIKE
from villagedesk.policy.procedures import procedure
from villagedesk.records.schema import RECORDS, natural_id
from villagedesk.services import event_effects as effects
from villagedesk.services.event_course import Course
from villagedesk.services.households import member_id
from villagedesk.text import say

RETURNED = "3"  # poverty_state: 返贫

_INHERITED = (
    "group", "kind", "state", "standard", "support_class", "monitoring_class", "identified_year",
    "planned_exit_year", "exited_year", "returned_year", "main_cause", "other_causes", "cause_note",
)  # fmt: skip


def welcome(course: Course, household: HouseholdDraft, persons: Sequence[MemberDraft]) -> None:
    """Take new persons into a household. Raises Refused when one cannot be, or lives in another one of the desk."""
    if not persons:
        raise Refused([Problem(say("Choose the persons concerned."), "member_ids")])
    problems = [
        Problem(
            problem.text, problem.field if not place or problem.field == "on" else f"persons.{place}.{problem.field}"
        )
        for place, person in enumerate(persons)
        for problem in (*_newcomer(course, household, person), *_twice(person, persons[:place]))
    ]
    if problems:
        raise Refused(problems)
    for person in persons:
        joined = replace(person, id="", joined_on=course.when.on, joined_reason=course.reason_code)
        known = member_id(household.id, joined)
        new_id = known if known and course.work.row("member", known) is None else course.site.store.ids()
        course.work.put_draft("member", course.site.village, replace(joined, id=new_id), household_id=household.id)
        course.member_ids.append(new_id)


def _newcomer(course: Course, household: HouseholdDraft, person: MemberDraft) -> Iterator[Problem]:
    if not person.name.strip():
        yield Problem(say("Give the member's name."), "name")
    if not person.relation or person.relation == kinship.HEAD:
        yield Problem(say("Say how {name} is related to the head.", name=person.name), "relation")
    if person.birth and course.when.on < person.birth:
        yield Problem(say("{name} was not born yet on this day. Correct the day.", name=person.name), "on")
    if any((m.name, m.joined_on, m.birth) == (person.name, course.when.on, person.birth) for m in household.living):
        yield Problem(say("This event is entered already for this day."), "on")
    elsewhere = course.work.rows("member", id_number=person.id_number, left_on=None) if person.id_number else []
    for row in elsewhere:
        no = (course.work.row("household", row["household_id"]) or {}).get("no", "")
        text = say("{name} is a member of household {no} of this village. Enter a move between households.",
                   name=person.name, no=no)  # fmt: skip
        yield Problem(text, "id_number")


def _twice(person: MemberDraft, before: Sequence[MemberDraft]) -> Iterator[Problem]:
    """Whoever comes stands in the list once."""
    if person.id_number and any(each.id_number == person.id_number for each in before):
        yield Problem(say("{name} stands in this list twice. Take one off.", name=person.name), "id_number")


def part(course: Course, household: HouseholdDraft, leavers: Sequence[MemberDraft]) -> None:
    """Mark who left the desk and why; what was open for them ends, a dead person's contact data goes (§8.4)."""
    course.member_ids = [member.id for member in leavers]
    effects.end_measures(course, household.id, course.member_ids)
    by_household = course.kind in {"left_village", "removed"}
    gone = {"left_on": course.when.on, "left_reason": "99" if by_household else course.reason_code}
    for each in leavers:
        course.put("member", each.id, **gone)
        if course.kind == "death":
            course.put("member", each.id, phone="")
            if each.phone and each.phone == household.phone:
                course.put("household", household.id, phone="")


def take_over(course: Course, household: HouseholdDraft, to_id: str, movers: Sequence[MemberDraft]) -> None:
    """Bring members from one household of the desk into another one, with what is theirs."""
    course.member_ids = [each.id for each in movers]
    effects.follow_persons(course, household.id, to_id, course.member_ids)
    effects.send_back(course, household.id)


def found(course: Course, household: HouseholdDraft, founded: HouseholdDraft) -> str:
    """Write the new household of a split. Raises Refused when its number is or was another household's."""
    village = course.site.village
    if not founded.no.strip():
        raise Refused([Problem(say("Give the household its number."), "no")])
    used = course.work.row("household", natural_id(RECORDS["household"], village, {"no": founded.no}))
    if used is not None or course.work.rows("household", village=village, no=founded.no):
        text = say("The number {no} belongs to another household, perhaps a closed one. Give a new number.",
                   no=founded.no)  # fmt: skip
        raise Refused([Problem(text, "no")])
    inherited = {name: getattr(household, name) for name in _INHERITED}
    inherited["group"] = founded.group or household.group
    values = {**inherited, "no": founded.no, "address": founded.address, "phone": founded.phone}
    return course.work.put("household", village, values)


def member(household: HouseholdDraft, wanted: str) -> MemberDraft:
    """The living member with this id. Raises Refused when there is none."""
    for each in household.living:
        if each.id == wanted:
            return each
    text = say("This person is not a living member of household {no}. Choose one of its own.", no=household.no)
    raise Refused([Problem(text, "head_id")])


def move_state(course: Course, household: HouseholdDraft, verb: str) -> str:
    """Take a step of the household's own procedure; a file whose state was never asked has none to take."""
    if not household.state and verb in {"close", STRIKE}:
        return ""
    steps = procedure(course.site.profile, "household")
    if household.state not in steps.states:
        raise Refused([Problem(say("Enter the household's poverty state first."), "state")])
    word = course.site.codes.word("household_out", course.reason_code)
    state = steps.advance(household.state, verb, (), course.when.note or course.when.document or word)
    course.put("household", household.id, state=state)
    return state
