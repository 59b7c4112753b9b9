"""Criterion rules of the basic needs: schooling, medical insurance, housing, water, and plain yes-or-no facts.

A rule never guesses: a fact that was not asked yet makes the criterion unknown.
"""

from __future__ import annotations

from datetime import date

from villagedesk.drafts.household import MemberDraft
from villagedesk.policy.pack import Criterion
from villagedesk.policy.verdicts import CaseFacts, Verdict, either, everybody, rule
from villagedesk.text import say
from villagedesk.values import age_on

BEFORE_SCHOOL = frozenset({"00", "02"})
NOT_STUDENT = "01"
FINISHED_NINE_YEARS = frozenset({"03", "04", "05", "07", "08"})  # list education: junior middle school or more
SAFE_HOUSING = frozenset({"S", "A", "B"})


@rule("education")
def education(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """Every child from 6 to 15 is at school, has finished nine years, or has an accepted reason.

    ``limits.accepted``: codes of list dropout_reason that the profile accepts.
    """
    accepted = criterion.limits.get("accepted", ())
    accepted = accepted if isinstance(accepted, tuple | list) else ()
    living = facts.household.living
    if not living:
        return Verdict("unknown", say("The household has no members yet. Enter them."), "members")
    if unborn := [member.name for member in living if member.birth is None]:
        return Verdict("unknown", say("Enter the birth date of {names}.", names="、".join(unborn)), "members.birth")
    children = [m for m in living if m.birth and 6 <= age_on(m.birth, facts.day) <= 15]
    if not children:
        return Verdict("met", say("No child of school age."), "members.schooling")
    states = {child.name: _at_school(child, facts.day, tuple(accepted)) for child in children}
    return _schooling_verdict(states)


def _schooling_verdict(states: dict[str, bool | None]) -> Verdict:
    field = "members.schooling"
    if out := [name for name, state in states.items() if state is False]:
        text = say("Not at school without an accepted reason: {names}. Bring the child back to school.",
                   names="、".join(out))  # fmt: skip
        return Verdict("unmet", text, field)
    if unasked := [name for name, state in states.items() if state is None]:
        return Verdict("unknown", say("Schooling: not asked yet of {names}.", names="、".join(unasked)), field)
    return Verdict("met", say("All children of school age are at school."), field)


def _at_school(child: MemberDraft, day: date, accepted: tuple[object, ...]) -> bool | None:
    """None while nothing is known. Since 2021 an empty schooling beside an education means "not a student"."""
    if child.schooling in BEFORE_SCHOOL:
        return child.birth is not None and age_on(child.birth, day) < 7
    if child.schooling not in {"", NOT_STUDENT}:
        return True
    if child.education in FINISHED_NINE_YEARS or child.dropout_reason in accepted:
        return True
    known = child.schooling == NOT_STUDENT or child.education or child.dropout_reason
    return False if known else None


@rule("medical")
def medical(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """Every living member has basic medical insurance; with ``limits.serious`` also insurance for serious illness."""
    basic = everybody(facts.household.living, _insured, "members.medical_resident", say("basic medical insurance"))
    if basic.result != "met" or not criterion.limits.get("serious"):
        return basic
    what = say("insurance for serious illness")
    return everybody(facts.household.living, lambda member: member.medical_serious, "members.medical_serious", what)


def _insured(member: MemberDraft) -> bool | None:
    return either(member.medical_resident, member.medical_worker)


@rule("housing")
def housing(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """The dwelling is judged safe (grade A or B)."""
    del criterion
    grade = facts.household.dwelling
    if not grade:
        return Verdict("unknown", say("The dwelling is not judged yet. Have it judged, enter the grade."), "dwelling")
    if grade in SAFE_HOUSING:
        return Verdict("met", say("The dwelling is safe."), "dwelling")
    return Verdict("unmet", say("The dwelling is not safe. Carry through the repair or rehousing first."), "dwelling")


@rule("water")
def water(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """Drinking water is safe and not hard to get."""
    del criterion
    household = facts.household
    if household.water_safe is False or household.water_hard:
        return Verdict("unmet", say("Drinking water is not safe or hard to get."), "water_safe")
    if household.water_safe is None:
        return Verdict("unknown", say("Drinking water: not asked yet."), "water_safe")
    return Verdict("met", say("Drinking water is safe."), "water_safe")


@rule("fact")
def fact(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """A yes-or-no field of the household file, named by the criterion's ``field``."""
    answer = getattr(facts.household, criterion.field_)
    if answer is None:
        return Verdict("unknown", say("{what}: not asked yet.", what=criterion.text), criterion.field_)
    if answer:
        return Verdict("met", say("{what}: yes.", what=criterion.text), criterion.field_)
    return Verdict("unmet", say("{what}: no. Put it in order before going on.", what=criterion.text), criterion.field_)


@rule("answer")
def answer(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """A criterion that only the check at the door can answer."""
    del facts
    return Verdict("unknown", say("{what}: to be checked at the door.", what=criterion.text), "checks")
