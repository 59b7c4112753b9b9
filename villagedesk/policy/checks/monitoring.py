"""Rules K01, K11, K13: monitoring against return into poverty, as far as the household file itself tells."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say


@rule("K01")
def class_with_risk(h: HouseholdView) -> Iterator[Found]:
    """A monitored household has a first risk, and "other" says which."""
    if not h.draft.monitoring_class:
        return
    case = next((case for case in h.file.monitoring if case.state in h.ctx.monitored), None)
    if case is not None and not case.risks:
        text = say("The household is monitored, but no risk is given. Choose the first one.")
        yield Found("monitoring.risks", text, record=case.id)
    elif case is None and not h.draft.main_cause:
        yield Found("main_cause", say("The household is monitored, but no risk is given. Choose the first one."))
    elif not h.groups.cause_other.isdisjoint(h.causes) and not h.draft.cause_note:
        yield Found("cause_note", say("The risk is “other”. Write what it is."))


@rule("K11")
def poor_but_not_monitored(h: HouseholdView) -> Iterator[Found]:
    """An exited household below the monitoring line is monitored."""
    if not h.exited or h.draft.monitoring_class or h.income is None or h.income.draft.persons <= 0:
        return
    line = h.ctx.monitoring_line(h.income.draft.year)
    if line is not None and not line.reached(h.income.reference, h.income.draft.persons):
        yield Found(
            "monitoring_class", say("Exited, below the monitoring line and not monitored. Visit the household.")
        )


@rule("K13")
def class_and_exit(h: HouseholdView) -> Iterator[Found]:
    """Only exited households are unstable ones, and an exited one is no marginal household."""
    if h.draft.monitoring_class in h.groups.monitoring_unstable and not h.exited:
        yield Found(
            "monitoring_class", say("This monitoring class is for households that have exited. Choose another.")
        )
    elif h.draft.monitoring_class in h.groups.monitoring_edge and h.exited:
        yield Found(
            "monitoring_class", say("This monitoring class is for households never registered. Choose another.")
        )
