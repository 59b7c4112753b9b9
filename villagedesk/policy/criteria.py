"""Exit criteria of a household: each rule a pure function that says met, unmet or unknown, why, and what to mend.

A rule never guesses: a fact that was not asked yet makes the criterion unknown. To add a criterion edit the pack; a new
rule is one function here or in ``policy.needs``, registered under its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.exit import CheckDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.policy import needs
from villagedesk.policy.income import Line, exit_line, reckon
from villagedesk.policy.pack import Criterion, Pack
from villagedesk.policy.verdicts import RULES, CaseFacts, Result, Verdict, either, everybody, rule
from villagedesk.text import Text, say
from villagedesk.values import yuan

__all__ = ["RULES", "Assessment", "CaseFacts", "Result", "Verdict", "assess", "is_able", "needs"]

ABLE = frozenset({"01", "02", "05"})  # list labour: ordinary, skilled, weak or half


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of one criterion for one household."""

    key: str
    text: str
    result: Result
    because: Text
    mend: str  # draft field where it is mended
    hard: bool


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
    return None if "" in kinds or not kinds else False


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
        text = say(
            "The statement counts {persons} {persons:person|persons}, the household has {living}. Reckon it again.",
            persons=income.persons,
            living=living,
        )
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
    what = say("minimum living allowance or full support")
    return everybody(facts.household.living, _supported, "members.dibao", what)


def _supported(member: MemberDraft) -> bool | None:
    return either(member.dibao, member.tekun)


@rule("steady_income")
def steady_income(facts: CaseFacts, criterion: Criterion) -> Verdict:
    """Somebody works ``limits.months`` months of the year, or the household is carried by 低保 or 特困."""
    months = criterion.limits.get("months", 6)
    needed = months if isinstance(months, int) else 6
    living = facts.household.living
    if any((m.work_months or 0) >= needed or (m.post_months or 0) >= needed or _supported(m) for m in living):
        return Verdict("met", say("The household has a steady source of income."), "members.work_months")
    if not living or any(m.work_months is None or _supported(m) is None for m in living):
        return Verdict("unknown", say("Ask who works and for how many months."), "members.work_months")
    return Verdict("unmet", say("Nobody works for {months} months of the year.", months=needed), "members.work_months")
