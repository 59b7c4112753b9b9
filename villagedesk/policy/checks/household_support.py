"""Rules H18, H25–H27: helper, visits, and help that goes on after exit."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say


@rule("H18")
def helper_present(h: HouseholdView) -> Iterator[Found]:
    """Every household has a helper today (JS-7.2.3)."""
    today = h.ctx.today
    if not any((p.starts_on or today) <= today <= (p.ends_on or today) for p in h.file.pairings):
        yield Found(
            "pairings",
            say(
                "No {helper} is paired with this {household} today. Pair one.",
                helper=h.ctx.term("helper"),
                household=h.ctx.term("household"),
            ),
        )


@rule("H25")
def visit_due(h: HouseholdView, *, days: int, watched_days: int) -> Iterator[Found]:
    """The household was visited within the profile's period, a monitored one within the shorter."""
    last = max((v.visited_on for v in h.file.visits if v.visited_on is not None), default=None)
    days = min(days, watched_days) if h.draft.monitoring_class else days
    if last is None:
        yield Found("visits", say("No visit to this {household} is recorded.", household=h.ctx.term("household")))
    elif (h.ctx.today - last).days > days:
        yield Found("visits", say("The last visit was more than {days} days ago. Plan one.", days=days))


@rule("H26")
def help_ends_with_exit(h: HouseholdView) -> Iterator[Found]:
    """After exit the measures go on (四个不摘, SZ-1.1)."""
    year = h.draft.exited_year
    running = [v.draft for v in h.measures if v.running]
    if year is None or year > h.ctx.year or not running:
        return
    if all(measure.done_on is not None and measure.done_on.year <= year for measure in running):
        yield Found(
            "plan.measures",
            say("All measures ended with the exit of {year}. Help goes on after exit: plan the next ones.", year=year),
        )


@rule("H27")
def allowance_ends_with_exit(h: HouseholdView, *, years: int) -> Iterator[Found]:
    """低保 does not stop within a year of exit (渐退, SZ-2.8.1)."""
    year = h.draft.exited_year
    if year is None or len(h.incomes) < 2:
        return
    newer, older = h.incomes[0], h.incomes[1]
    stopped = older.of(h.groups.item_dibao) > 0 and newer.of(h.groups.item_dibao) == 0
    if stopped and year <= newer.draft.year <= year + years:
        yield Found(
            "income.lines",
            say("The minimum living allowance stopped within a year of exit. It should fade out; ask the township."),
            record=newer.draft.id,
        )
