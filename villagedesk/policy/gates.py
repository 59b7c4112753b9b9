"""What stands in the way of the steps of a notice, a plan, an objection, a monitoring case (DOMAIN §5.5–5.7, §5.9).

Each gate is a function that yields what it finds, registered under the name that the procedures' guards use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from villagedesk.drafts.concern import ConcernDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import Assessment, is_able
from villagedesk.policy.income import IncomeResult, Line
from villagedesk.policy.notices import Finding, notice_findings
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import NoticeStage
from villagedesk.policy.quorum import heads
from villagedesk.policy.wishes import measure_blockers, wish_kinds
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice on the day ``today``. ``leaks`` is None while the paper was not checked."""

    pack: Pack
    notice: NoticeDraft
    stage: NoticeStage
    today: date
    leaks: int | None = None
    open_objections: int = 0


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan with the household it is for and the wishes on record."""

    pack: Pack
    plan: PlanDraft
    household: HouseholdDraft
    wishes: tuple[WishDraft, ...]
    today: date


@dataclass(frozen=True, slots=True)
class MonitoringFacts:
    """A monitored household about to be released."""

    pack: Pack
    household: HouseholdDraft
    today: date
    recognised_on: date | None = None
    income: IncomeResult | None = None
    line: Line | None = None
    measures: int = 0  # of the household's plans, agreed or running
    assessments: tuple[Assessment, ...] = ()


F = TypeVar("F")
Gate = Callable[[F], Iterator[Finding]]

NOTICE_GATES: dict[str, Gate[NoticeFacts]] = {}
PLAN_GATES: dict[str, Gate[PlanFacts]] = {}
OBJECTION_GATES: dict[str, Gate[ObjectionDraft]] = {}
CONCERN_GATES: dict[str, Gate[ConcernDraft]] = {}
MONITORING_GATES: dict[str, Gate[MonitoringFacts]] = {}


def _gate(registry: dict[str, Gate[F]]) -> Callable[[Gate[F]], Gate[F]]:
    def keep(function: Gate[F]) -> Gate[F]:
        registry[function.__name__] = function
        return function

    return keep


def _found(registry: dict[str, Gate[F]], facts: F) -> tuple[Blocker, ...]:
    return tuple(Blocker(key, True, *finding) for key, gate in registry.items() for finding in gate(facts))


def notice_blockers(facts: NoticeFacts) -> tuple[Blocker, ...]:
    """What stands in the way of a notice, for ``Procedure.next`` and ``advance``."""
    return _found(NOTICE_GATES, facts)


def plan_blockers(facts: PlanFacts) -> tuple[Blocker, ...]:
    """What stands in the way of a plan."""
    return _found(PLAN_GATES, facts)


def objection_blockers(objection: ObjectionDraft) -> tuple[Blocker, ...]:
    """What stands in the way of closing an objection."""
    return _found(OBJECTION_GATES, objection)


def concern_blockers(concern: ConcernDraft) -> tuple[Blocker, ...]:
    """What stands in the way of dealing with a concern."""
    return _found(CONCERN_GATES, concern)


def monitoring_blockers(facts: MonitoringFacts) -> tuple[Blocker, ...]:
    """What stands in the way of ending a household's monitoring."""
    return _found(MONITORING_GATES, facts)


@_gate(NOTICE_GATES)
def leaks(facts: NoticeFacts) -> Iterator[Finding]:
    """The paper passed the leak check (DOMAIN §6.3)."""
    if facts.leaks != 0:
        yield say("The paper has not passed the leak check."), "digest", say("Make the paper and mend what it finds.")


@_gate(NOTICE_GATES)
def numbered(facts: NoticeFacts) -> Iterator[Finding]:
    """The printed notice bears a number and first and last day."""
    notice = facts.notice
    if not (notice.no and notice.starts_on and (notice.ends_on or facts.stage.permanent)):
        yield say("The notice has no number or no dates."), "no", say("Give it a number and its first day.")


@_gate(NOTICE_GATES)
def standing(facts: NoticeFacts) -> Iterator[Finding]:
    """The notice stays for good (长期公示, GZ-4.1): it is renewed, others end on their day."""
    if not facts.stage.permanent:
        yield say("This notice has its last day."), "ends_on", say("Write down its result when the days are over.")


@_gate(NOTICE_GATES)
def posting(facts: NoticeFacts) -> Iterator[Finding]:
    """Place, day and person of posting are recorded."""
    if not (facts.notice.place and facts.notice.posted_on and facts.notice.posted_by):
        text = say("Place, day or person of posting is missing.")
        yield text, "posted_on", say("Record where, when and by whom it was posted.")


@_gate(NOTICE_GATES)
def notice_days(facts: NoticeFacts) -> Iterator[Finding]:
    """The days of the notice are right and over."""
    notice = facts.notice
    yield from notice_findings(facts.stage, notice.posted_on, notice.ends_on, facts.today, facts.pack.days)


@_gate(NOTICE_GATES)
def objections_closed(facts: NoticeFacts) -> Iterator[Finding]:
    """No objection to the notice is open."""
    if facts.open_objections:
        text = say("{count} {count:objection is|objections are} open.", count=facts.open_objections)
        yield text, "objections", say("Look into them, answer and close them.")


@_gate(NOTICE_GATES)
def listed_once(facts: NoticeFacts) -> Iterator[Finding]:
    """Nobody stands on the notice twice (X04)."""
    listed = facts.notice.case_ids
    if len(set(listed)) < len(listed):
        text = say("A household stands on the notice twice, so its totals are wrong.")
        yield text, "case_ids", say("Withdraw it and draft it anew.")


@_gate(NOTICE_GATES)
def result(facts: NoticeFacts) -> Iterator[Finding]:
    """The result is written down."""
    if not facts.notice.result.strip():
        yield say("The result of the notice is missing."), "result", say("Write down whether there were objections.")


@_gate(PLAN_GATES)
def wishes_asked(facts: PlanFacts) -> Iterator[Finding]:
    """The household was asked before the plan was made (N-9.1), each person where a measure concerns that person."""
    if not facts.wishes:
        yield say("No wish of the household is recorded."), "wishes", say("Ask the household and record its wish.")
    for measure in _standing(facts):
        kinds = wish_kinds(facts.pack, measure)
        if kinds and not any(wish.member_id == measure.member_id and wish.kind in kinds for wish in facts.wishes):
            text = say("For “{content}” the person concerned was not asked.", content=measure.content)
            yield text, "wishes", say("Ask the person and record the answer.")


@_gate(PLAN_GATES)
def causes_answered(facts: PlanFacts) -> Iterator[Finding]:
    """Every cause has a measure (XJ-21.2, M02), or one that the household was offered and does not want (§8.5)."""
    tree, book, offered = facts.pack.measures, facts.household, facts.plan.measures
    answered = {measure.cause for measure in offered}
    answered |= {cause for m in offered if m.category in tree for cause in tree[m.category].causes}
    for cause in dict.fromkeys((book.main_cause, *book.other_causes)):
        if cause and cause not in answered:
            text = say("No measure answers cause {cause}.", cause=cause)
            yield text, "measures", say("Add a measure, or note on the household file why the cause is gone.")


def _standing(facts: PlanFacts) -> list[MeasureDraft]:
    return [measure for measure in facts.plan.measures if measure.state not in {"declined", "withdrawn"}]


@_gate(PLAN_GATES)
def livelihood(facts: PlanFacts) -> Iterator[Finding]:
    """A household able to work has a livelihood line (XJ-5.1), unless it declined one."""
    tree = facts.pack.measures
    has_line = any(m.category in tree and tree[m.category].livelihood for m in facts.plan.measures)
    if is_able(facts.household) and not (has_line or facts.plan.livelihood.strip()):
        text = say("The household can work, but the plan has no livelihood line.")
        yield text, "livelihood", say("Add one the household wants, or note what it lives on.")


@_gate(PLAN_GATES)
def consent(facts: PlanFacts) -> Iterator[Finding]:
    """The household signed the plan."""
    if facts.plan.agreed_on is None or not facts.plan.agreed_by:
        text = say("The household's agreement is not recorded.")
        yield text, "agreed_on", say("Have the plan signed, with any part it refuses written down.")


@_gate(PLAN_GATES)
def wishes_given(facts: PlanFacts) -> Iterator[Finding]:
    """No measure is active whose person has not said yes (DOMAIN §8.5)."""
    for measure in _standing(facts):
        if measure.state in {"active", "done"}:
            found = measure_blockers(facts.pack, measure, facts.household, facts.wishes, facts.today)
            yield from ((blocker.text, blocker.field, blocker.remedy) for blocker in found)


@_gate(PLAN_GATES)
def effect(facts: PlanFacts) -> Iterator[Finding]:
    """The yearly effect is written down and signed by the household."""
    if not facts.plan.effect.strip() or facts.plan.effect_on is None:
        text = say("The year's effect is not confirmed by the household.")
        yield text, "effect", say("Write it down, read it out and have it signed.")


@_gate(OBJECTION_GATES)
def investigators(objection: ObjectionDraft) -> Iterator[Finding]:
    """Two persons looked into it."""
    if heads(objection.investigated_by) < 2:
        text = say("The two persons who looked into it are not named.")
        yield text, "investigated_by", say("Go in twos and write down both names.")


@_gate(OBJECTION_GATES)
def findings(objection: ObjectionDraft) -> Iterator[Finding]:
    """What was found is written down."""
    if not objection.found.strip():
        yield say("What was found is not written down."), "found", say("Two persons look into it and write it down.")


@_gate(OBJECTION_GATES)
def opinion(objection: ObjectionDraft) -> Iterator[Finding]:
    """It is decided whether the objection holds."""
    if objection.upheld is None or not objection.opinion.strip():
        text = say("It is not decided whether the objection holds.")
        yield text, "upheld", say("Write the decision and its grounds.")


@_gate(OBJECTION_GATES)
def answer_date(objection: ObjectionDraft) -> Iterator[Finding]:
    """The answer was handed over."""
    if objection.answered_on is None:
        yield say("The answer has no date."), "answered_on", say("Hand over the answer and record the day.")
    elif objection.received_on and objection.answered_on < objection.received_on:
        text = say("The answer is dated before the objection came in.")
        yield text, "answered_on", say("Compare both with the papers and correct the wrong one.")


@_gate(CONCERN_GATES)
def handler(concern: ConcernDraft) -> Iterator[Finding]:
    """Somebody deals with it."""
    if not concern.handler.strip():
        yield say("Nobody is named who deals with it."), "handler", say("Name the person.")


@_gate(CONCERN_GATES)
def dealt_with(concern: ConcernDraft) -> Iterator[Finding]:
    """What was found and done is written down."""
    if not concern.found.strip():
        yield say("What was found and done is not written down."), "found", say("Write it down.")


@_gate(CONCERN_GATES)
def reply_given(concern: ConcernDraft) -> Iterator[Finding]:
    """The person was answered, on a day."""
    if not concern.opinion.strip() or concern.answered_on is None:
        yield say("The answer or its day is missing."), "opinion", say("Answer the person and write both down.")


@_gate(CONCERN_GATES)
def reported(concern: ConcernDraft) -> Iterator[Finding]:
    """It is said to whom the report went."""
    if not concern.reported_to.strip():
        yield say("It is not said to whom it was reported."), "reported_to", say("Enter the office.")


@_gate(MONITORING_GATES)
def monitoring_months(facts: MonitoringFacts) -> Iterator[Finding]:
    """The household was helped for the months the profile asks."""
    rules, since = facts.pack.monitoring, facts.recognised_on
    months = rules.months_before_end if rules else 0
    if since is None or _months(since, facts.today) < months:
        text = say("Monitoring has lasted less than {months} months.", months=months)
        yield text, "recognised_on", say("Go on helping; end it later.")


def _months(since: date, today: date) -> int:
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


@_gate(MONITORING_GATES)
def monitoring_labour(facts: MonitoringFacts) -> Iterator[Finding]:
    """Households without anybody able to work stay monitored (P4)."""
    if facts.pack.monitoring and facts.pack.monitoring.no_labour_stays and not is_able(facts.household):
        text = say("Nobody of the household is recorded as able to work.")
        yield text, "members.labour", say("Such households stay monitored; correct the entry if it is wrong.")


@_gate(MONITORING_GATES)
def monitoring_plan(facts: MonitoringFacts) -> Iterator[Finding]:
    """Help has begun when a plan of the household has a measure."""
    if not facts.measures:
        text = say("No measure is planned for the household yet.")
        yield text, "measures", say("Make its plan with it; at least one measure.")


@_gate(MONITORING_GATES)
def no_labour(facts: MonitoringFacts) -> Iterator[Finding]:
    """The long-term class is for households without anybody able to work (P4)."""
    if is_able(facts.household) is not False:
        text = say("Somebody of the household is able to work, or it is not known.")
        yield text, "members.labour", say("Go on helping; only households without labour are watched for good.")


@_gate(MONITORING_GATES)
def was_exited(facts: MonitoringFacts) -> Iterator[Finding]:
    """Only who has exited can fall back."""
    if facts.household.exited_year is None:
        text = say("The household has never exited; it cannot fall back.")
        yield text, "exited_year", say("Take it in by the procedure of identification.")


@_gate(MONITORING_GATES)
def monitoring_line(facts: MonitoringFacts) -> Iterator[Finding]:
    """The reference income is at or above the monitoring line."""
    if facts.income is None or facts.line is None:
        yield say("Income or monitoring line is not known."), "income", say("Reckon the income; ask for the line.")
    elif not facts.line.reached(facts.income.reference, facts.income.persons):
        yield say("The income is below the monitoring line."), "income.lines", say("Go on helping.")


@_gate(MONITORING_GATES)
def monitoring_needs(facts: MonitoringFacts) -> Iterator[Finding]:
    """Housing, water, schooling and medical insurance are in order."""
    for assessment in facts.assessments:
        if assessment.key in {"housing", "water", "education", "medical"} and assessment.result != "met":
            yield say("“{text}” is not in order.", text=assessment.text), assessment.mend, assessment.because
