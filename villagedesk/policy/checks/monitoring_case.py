"""Rules K02–K10, K12, K14: the monitoring case of a household, from the clue to the end of the risk (DOMAIN §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView, months_between
from villagedesk.policy.days import last_day
from villagedesk.text import say

ENDED, ENDED_NATURALLY = "ended", "ended_naturally"
_DEVELOPING = ("industry", "employment", "finance", "public_post")
_FIRST = date(2020, 1, 1)  # no monitoring before


def _needs(pairs: tuple[str, ...]) -> dict[str, str]:
    """Criterion → result, as the case wrote them down."""
    return {key: result for key, _, result in (pair.partition("=") for pair in pairs)}


@rule("K02")
def days_of_the_case(h: HouseholdView) -> Iterator[Found]:
    """Recognition and end have a day that is neither ahead nor before there was any monitoring."""
    for case in h.file.monitoring:
        due = [("recognised_on", case.state in h.ctx.monitored or case.state in (ENDED, ENDED_NATURALLY))]
        due.append(("ended_on", case.state in (ENDED, ENDED_NATURALLY)))
        for name, needed in due:
            day = getattr(case, name)
            if needed and day is None:
                yield Found(f"monitoring.{name}", say("The day of this step is missing. Enter it."), record=case.id)
            elif day is not None and not _FIRST <= day <= h.ctx.today:
                text = say("The date {day} lies ahead or before 2020. Correct it.", day=day.isoformat())
                yield Found(f"monitoring.{name}", text, record=case.id)


@rule("K03")
def ended_too_soon(h: HouseholdView, *, months: int) -> Iterator[Found]:
    """A risk is not over within half a year, unless it ended by itself."""
    for case in h.file.monitoring:
        if case.state != ENDED or case.recognised_on is None or case.ended_on is None:
            continue
        if months_between(case.recognised_on, case.ended_on) < months:
            text = say(
                "Ended less than {months} months after recognition. Check whether the risk is over.", months=months
            )
            yield Found("monitoring.ended_on", text, record=case.id)


@rule("K04")
def nothing_done(h: HouseholdView, *, months: int, developing_after: int) -> Iterator[Found]:
    """A month after recognition a measure runs; after half a year an able household has a developing one."""
    for case in _watched(h):
        if case.recognised_on is None:
            continue
        watched = months_between(case.recognised_on, h.ctx.today)
        if watched >= months and not any(measure.running for measure in h.measures):
            text = say("Recognised {months} months ago and no measure runs. Agree on one.", months=watched)
            yield Found("monitoring.helped_on", text, record=case.id)
        elif watched >= developing_after and h.able and not h.enjoys(*_DEVELOPING):
            text = say("Somebody is able to work, but no measure on industry, work, finance or a post runs.")
            yield Found("monitoring.helped_on", text, record=case.id)


@rule("K05")
def ended_by_help_without_help(h: HouseholdView) -> Iterator[Found]:
    """A risk ended by help has a measure behind it."""
    for case in h.file.monitoring:
        if case.state == ENDED and not any(measure.running for measure in h.measures):
            text = say("The risk is said to have ended by help, but no measure is recorded. Enter it.")
            yield Found("monitoring.ended_on", text, record=case.id)


@rule("K06")
def end_without_facts(h: HouseholdView) -> Iterator[Found]:
    """At the end the income, the needs and the person in touch are on record."""
    for case in h.file.monitoring:
        if case.state not in (ENDED, ENDED_NATURALLY):
            continue
        lacking = [
            (case.out_reference is None, "out_reference", say("income")),
            (not case.out_needs, "out_needs", say("the two assurances and three guarantees")),
            (not case.contact.strip(), "contact", say("the person in touch")),
        ]
        for missing, name, what in lacking if case.state == ENDED else lacking[2:]:
            if missing:
                text = say("At the end of the risk this was not written down: {what}. Enter it.", what=what)
                yield Found(f"monitoring.{name}", text, record=case.id)


@rule("K07")
def ended_with_needs_open(h: HouseholdView, *, needs: tuple[str, ...]) -> Iterator[Found]:
    """No risk ends while dwelling, water, school or insurance is not in order."""
    for case in h.file.monitoring:
        if case.state not in (ENDED, ENDED_NATURALLY):
            continue
        if any(result == "unmet" for key, result in _needs(case.out_needs).items() if key in needs):
            text = say("The risk was ended although a need was still open. Take the household in again.")
            yield Found("monitoring.out_needs", text, record=case.id)


@rule("K08")
def ended_below_the_line(h: HouseholdView) -> Iterator[Found]:
    """The income at the end reaches the monitoring line of that year."""
    for case in h.file.monitoring:
        if case.state != ENDED or case.ended_on is None or case.out_reference is None:
            continue
        line = h.ctx.monitoring_line(case.ended_on.year)
        if line is not None and case.out_reference < line.fen:
            text = say("The income at the end lies below the monitoring line of {year}.", year=case.ended_on.year)
            yield Found("monitoring.out_reference", text, record=case.id)


@rule("K09")
def ended_without_labour(h: HouseholdView) -> Iterator[Found]:
    """A household without anybody able to work stays monitored (P4)."""
    for case in h.file.monitoring:
        if case.state == ENDED and h.members and not h.able:
            text = say("Nobody of the household is able to work; such households stay monitored. Note why it ended.")
            yield Found("monitoring.ended_on", text, record=case.id)


@rule("K10")
def risk_beside_the_need(h: HouseholdView, *, risks: dict[str, tuple[str, ...]]) -> Iterator[Found]:
    """A need that was open at recognition is among the risks named."""
    for case in _watched(h):
        for key, result in _needs(case.needs).items():
            if result == "unmet" and key in risks and not set(risks[key]) & set(case.risks):
                text = say("At recognition a need was open that none of the risks names. Add the risk.")
                yield Found("monitoring.risks", text, record=case.id)


@rule("K12")
def in_time_and_on_the_board(h: HouseholdView) -> Iterator[Found]:
    """From clue to recognition in the days of the profile, and on the board long enough (P1)."""
    for case in h.file.monitoring:
        if h.ctx.monitoring_days and case.found_on and case.recognised_on:
            due = last_day(case.found_on, h.ctx.monitoring_days, "exclude_first", h.ctx.monitoring_day_kind, h.ctx.days)
            if case.recognised_on > due:
                text = say("Recognition was due by {due}. Note why it took longer.", due=due.isoformat())
                yield Found("monitoring.recognised_on", text, record=case.id)
        if case.notice_from and case.notice_until and h.ctx.monitoring_notice:
            due = case.notice_from + timedelta(days=h.ctx.monitoring_notice - 1)
            if case.notice_until < due:
                text = say("The notice must hang until {due}. Correct the days, or post it again.", due=due.isoformat())
                yield Found("monitoring.notice_until", text, record=case.id)


@rule("K14")
def unsteady_work_without_a_worker(h: HouseholdView, *, risk: str) -> Iterator[Found]:
    """The risk of unsteady work is named only where somebody can work and is registered as working."""
    for case in _watched(h):
        if risk not in case.risks:
            continue
        if not h.able or not any(member.draft.work_area or member.draft.work_months for member in h.members):
            text = say("The risk is unsteady work, but nobody able to work is registered as working. Check both.")
            yield Found("monitoring.risks", text, record=case.id)


def _watched(h: HouseholdView) -> Iterator[MonitoringDraft]:
    """The cases under watch now."""
    return (case for case in h.file.monitoring if case.state in h.ctx.monitored)
