"""Exit criteria of a household: each rule a pure function that says met, unmet or unknown, why, and what to mend.

A rule never guesses: a fact that was not asked yet makes the criterion unknown. To add a criterion edit the pack; a new
rule is one function here, registered under its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.policy.income import Line, exit_line, reckon
from villagedesk.policy.pack import Criterion, Pack
from villagedesk.text import Text, say
from villagedesk.values import age_on, yuan

Result = Literal["met", "unmet", "unknown"]

ABLE = frozenset({"01", "02", "05"})  # list labour: ordinary, skilled, weak or half
STUDENT_FROM = frozenset({"03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16"})
BEFORE_SCHOOL = frozenset({"00", "02"})
NOT_STUDENT = "01"
FINISHED_NINE_YEARS = frozenset({"03", "04", "05", "07", "08"})  # list education: junior middle school or more
SAFE_HOUSING = frozenset({"S", "A", "B"})


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of one criterion for one household."""

    key: str
    text: str
    result: Result
    because: Text
    mend: str  # draft field where it is mended
    hard: bool


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules look at. ``answers`` are the findings at the door, by criterion."""

    pack: Pack
    household: HouseholdDraft
    income: IncomeDraft | None
    year: int
    day: date
    province: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule finds, before the criterion's own words are put to it."""

    result: Result
    because: Text
    mend: str


Rule = Callable[[CaseFacts, Criterion], Verdict]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a criterion rule under the name that packs use."""

    def keep(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return keep


def assess(
    pack: Pack,
    household: HouseholdDraft,
    income: IncomeDraft | None,
    year: int,
    day: date,
    *,
    province: str = "",
    checks: Iterable[CheckDraft] = (),
) -> tuple[Assessment, ...]:
    """Every exit criterion of the profile held against a household, in the pack's order.

    ``checks`` are what was found at the door: they answer what the file cannot know, and turn "met" into "unmet", but
    never make an unmet figure met.
    """
    facts = CaseFacts(pack, household, income, year, day, province)
    found = {check.criterion: check for check in checks if check.result}
    return tuple(_assessment(facts, criterion, found.get(key)) for key, criterion in pack.household_exit.items())


def _assessment(facts: CaseFacts, criterion: Criterion, check: CheckDraft | None) -> Assessment:
    verdict = RULES[criterion.rule](facts, criterion)
    if check and check.result == "unmet" and verdict.result != "unmet":
        verdict = Verdict("unmet", say("Found unmet at the door: {evidence}", evidence=check.evidence), "checks")
    elif check and check.result == "met" and criterion.rule == "answer":
        verdict = Verdict("met", say("Found met at the door: {evidence}", evidence=check.evidence), "checks")
    mend = criterion.field_ or verdict.mend
    return Assessment(criterion.key, criterion.text, verdict.result, verdict.because, mend, criterion.hard)


def is_able(household: HouseholdDraft) -> bool | None:
    """Whether somebody of the household is able to work; None while that is not asked of everybody."""
    kinds = [member.labour for member in household.living]
    if any(kind in ABLE for kind in kinds):
        return True
    return None if "" in kinds else False


@rule("income_line")
def income_line(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """Income a head at or above the line of the year (JS-1.2.1, P6)."""
    del criterion
    line = exit_line(facts.pack, facts.year, facts.province)
    if line is None:
        text = say("The policy pack has no income line for {year}. Ask the township and enter it.", year=facts.year)
        return Verdict("unknown", text, "income.year")
    return _unfit_statement(facts) or _held_against(facts, line)


def _unfit_statement(facts: CaseFacts) -> Verdict | None:
    income, living = facts.income, len(facts.household.living)
    if income is None or income.year != facts.year:
        text = say("There is no income statement for {year}. Reckon it with the household.", year=facts.year)
        return Verdict("unknown", text, "income")
    if not living or income.persons != living:
        text = say("The statement counts {persons} persons, the household has {living}. Reckon it again.",
                   persons=income.persons, living=living)  # fmt: skip
        return Verdict("unknown", text, "income.persons")
    return None


def _held_against(facts: CaseFacts, line: Line) -> Verdict:
    assert facts.income is not None  # noqa: S101  _unfit_statement came first
    result = reckon(facts.income, facts.pack)
    concept = facts.pack.income.concept
    head = result.per_head_net if concept == "net" else result.per_head_disposable
    word = facts.pack.income.concept_word
    if line.reached(result.total(concept), result.persons):
        text = say("{concept} {head} yuan reaches the line of {year}, {line} yuan.", concept=word,
                   head=yuan(head or 0), year=line.year, line=yuan(line.fen))  # fmt: skip
        return Verdict("met", text, "income.lines")
    text = say("{concept} {head} yuan is below the line of {year}, {line} yuan. Keep helping; look at the statement.",
               concept=word, head=yuan(head or 0), year=line.year, line=yuan(line.fen))  # fmt: skip
    return Verdict("unmet", text, "income.lines")


@rule("income_or_support")
def income_or_support(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """The income line for households able to work; the others are carried by 低保 or 特困 (GZ-2.1)."""
    able = is_able(facts.household)
    if able is None:
        return Verdict("unknown", say("Ask who is able to work."), "members.labour")
    return income_line(facts, criterion) if able else supported(facts, criterion)


@rule("supported")
def supported(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """A household without anybody able to work is wholly on 低保 or 特困 (N-6.4, XJ-10.1)."""
    del criterion
    able = is_able(facts.household)
    if able is None:
        return Verdict("unknown", say("Ask who is able to work."), "members.labour")
    if able:
        return Verdict("met", say("The household has a member able to work."), "members.labour")
    return _everybody(facts.household.living, _supported, "members.dibao", say("minimum living allowance"))


def _supported(member: MemberDraft) -> bool | None:
    return _either(member.dibao, member.tekun)


def _either(*facts: bool | None) -> bool | None:
    """True when one is; False when all are known not to be; None otherwise."""
    if True in facts:
        return True
    return None if None in facts else False


def _everybody(
    members: tuple[MemberDraft, ...], has: Callable[[MemberDraft], bool | None], mend: str, what: Text
) -> Verdict:
    if not members:
        return Verdict("unknown", say("The household has no members yet. Enter them."), "members")
    without = [member.name for member in members if has(member) is False]
    if without:
        text = say("Without {what}: {names}. Put it in order before going on.", what=what, names="、".join(without))
        return Verdict("unmet", text, mend)
    unasked = [member.name for member in members if has(member) is None]
    if unasked:
        return Verdict("unknown", say("{what}: not asked yet of {names}.", what=what, names="、".join(unasked)), mend)
    return Verdict("met", say("{what}: everybody has it.", what=what), mend)


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
    basic = _everybody(facts.household.living, _insured, "members.medical_resident", say("basic medical insurance"))
    if basic.result != "met" or not criterion.limits.get("serious"):
        return basic
    what = say("insurance for serious illness")
    return _everybody(facts.household.living, lambda member: member.medical_serious, "members.medical_serious", what)


def _insured(member: MemberDraft) -> bool | None:
    return _either(member.medical_resident, member.medical_worker)


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


@rule("steady_income")
def steady_income(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """Somebody works ``limits.months`` months of the year, or the household is carried by 低保 or 特困."""
    months = criterion.limits.get("months", 6)
    needed = months if isinstance(months, int) else 6
    living = facts.household.living
    if any((m.work_months or 0) >= needed or (m.post_months or 0) >= needed or _supported(m) for m in living):
        return Verdict("met", say("The household has a steady source of income."), "members.work_months")
    if any(m.work_months is None or _supported(m) is None for m in living):
        return Verdict("unknown", say("Ask who works and for how many months."), "members.work_months")
    return Verdict("unmet", say("Nobody works for {months} months of the year.", months=needed), "members.work_months")


@rule("answer")
def answer(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """A criterion that only the check at the door can answer."""
    del facts
    return Verdict("unknown", say("{what}: to be checked at the door.", what=criterion.text), "checks")
