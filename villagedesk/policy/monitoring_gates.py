"""What stands in the way of the steps of a monitoring case (DOMAIN §5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import Assessment, is_able
from villagedesk.policy.gates import Gate, blockers, registered
from villagedesk.policy.income import IncomeResult, Line
from villagedesk.policy.notices import Finding
from villagedesk.policy.pack import Pack
from villagedesk.text import say


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


MONITORING_GATES: dict[str, Gate[MonitoringFacts]] = {}


def monitoring_blockers(facts: MonitoringFacts) -> tuple[Blocker, ...]:
    """What stands in the way of ending a household's monitoring."""
    return blockers(MONITORING_GATES, facts)


@registered(MONITORING_GATES)
def monitoring_months(facts: MonitoringFacts) -> Iterator[Finding]:
    """The household was helped for the months the profile asks."""
    rules, since = facts.pack.monitoring, facts.recognised_on
    months = rules.months_before_end if rules else 0
    if since is None or _months(since, facts.today) < months:
        text = say("Monitoring has lasted less than {months} months.", months=months)
        yield text, "recognised_on", say("Go on helping; end it later.")


def _months(since: date, today: date) -> int:
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


@registered(MONITORING_GATES)
def monitoring_labour(facts: MonitoringFacts) -> Iterator[Finding]:
    """Households without anybody able to work stay monitored (P4)."""
    if facts.pack.monitoring and facts.pack.monitoring.no_labour_stays and not is_able(facts.household):
        text = say("Nobody of the household is recorded as able to work.")
        yield text, "members.labour", say("Such households stay monitored; correct the entry if it is wrong.")


@registered(MONITORING_GATES)
def monitoring_plan(facts: MonitoringFacts) -> Iterator[Finding]:
    """Help has begun when a plan of the household has a measure."""
    if not facts.measures:
        text = say("No measure is planned for the household yet.")
        yield text, "measures", say("Make its plan with it; at least one measure.")


@registered(MONITORING_GATES)
def no_labour(facts: MonitoringFacts) -> Iterator[Finding]:
    """The long-term class is for households without anybody able to work (P4)."""
    if is_able(facts.household) is not False:
        text = say("Somebody of the household is able to work, or it is not known.")
        yield text, "members.labour", say("Go on helping; only households without labour are watched for good.")


@registered(MONITORING_GATES)
def was_exited(facts: MonitoringFacts) -> Iterator[Finding]:
    """Only who has exited can fall back."""
    if facts.household.exited_year is None:
        text = say("The household has never exited; it cannot fall back.")
        yield text, "exited_year", say("Take it in by the procedure of identification.")


@registered(MONITORING_GATES)
def monitoring_line(facts: MonitoringFacts) -> Iterator[Finding]:
    """The reference income is at or above the monitoring line."""
    if facts.income is None or facts.line is None:
        yield say("Income or monitoring line is not known."), "income", say("Reckon the income; ask for the line.")
    elif not facts.line.reached(facts.income.reference, facts.income.persons):
        yield say("The income is below the monitoring line."), "income.lines", say("Go on helping.")


@registered(MONITORING_GATES)
def monitoring_needs(facts: MonitoringFacts) -> Iterator[Finding]:
    """Housing, water, schooling and medical insurance are in order."""
    for assessment in facts.assessments:
        if assessment.key in {"housing", "water", "education", "medical"} and assessment.result != "met":
            yield say("“{text}” is not in order.", text=assessment.text), assessment.mend, assessment.because
