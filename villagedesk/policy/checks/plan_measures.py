"""Rules M07, M08, M10, M11, M13, M17: single kinds of measures and their money."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView, MeasureView, months_between
from villagedesk.text import say

_STANDING = frozenset({"planned", "active", "done"})
_WORK = ("employment", "training", "public_post")


@rule("M07")
def rain_and_dew(h: HouseholdView) -> Iterator[Found]:
    """雨露计划 is for students of vocational schools, and they should have it."""
    enjoys = h.enjoys("rain_dew")
    if not enjoys and not h.file.plans:
        return
    students = any(m.stage == "vocational" or m.draft.schooling in h.groups.school_trade for m in h.members)
    if enjoys and not students:
        yield Found("plan.measures", say("The grant for vocational students is given, but nobody is one. Check both."))
    elif students and not enjoys:
        yield Found("plan.measures", say("A vocational student without the grant for such students. Help to apply."))


@rule("M08")
def travel_subsidy(h: HouseholdView) -> Iterator[Found]:
    """A subsidy for work away goes with somebody who works out of the county, and with money."""
    if not h.enjoys("labour_subsidy"):
        return
    away = any(m.draft.work_area in h.groups.area_beyond_county for m in h.members)
    for v in h.measures:
        if not v.running or "labour_subsidy" not in v.families:
            continue
        if not away:
            yield Found(
                "plan.measures",
                say("A subsidy for work away, but nobody works out of the county. Check both."),
                record=v.draft.id,
            )
        elif v.draft.amount <= 0 and v.draft.paid <= 0:
            yield Found(
                "plan.measures", say("A subsidy for work away without an amount. Fill it in."), record=v.draft.id
            )


@rule("M10")
def loans(h: HouseholdView, *, yuan: int, months: int, days: int) -> Iterator[Found]:
    """扶贫小额信贷: at most 50,000 yuan and three years, one at a time (XJ-7.2); a reminder before it is due."""
    running = [
        v for v in h.measures if "loan" in v.families and v.draft.state == "active" and v.draft.loan_state != "5"
    ]
    for v in running:
        yield from _loan(h, v, yuan, months, days)
    for v in running[1:]:
        yield Found(
            "plan.measures",
            say("The household has more than one running loan. Check with the bank."),
            record=v.draft.id,
        )


def _loan(h: HouseholdView, v: MeasureView, yuan: int, months: int, days: int) -> Iterator[Found]:
    starts, due = v.draft.starts_on, v.draft.extended_to or v.draft.due_on
    if v.draft.amount > yuan * 100:
        yield Found(
            "plan.measures", say("The loan exceeds {yuan} yuan. Check the amount.", yuan=yuan), record=v.draft.id
        )
    if starts is not None and v.draft.due_on is not None and months_between(starts, v.draft.due_on) > months:
        yield Found(
            "plan.measures",
            say("The loan runs for more than {months} months. Check the dates.", months=months),
            record=v.draft.id,
        )
    if due is not None and 0 <= (due - h.ctx.today).days <= days:
        yield Found(
            "plan.measures",
            say("The loan is due on {due}. Talk with the household about paying it back.", due=due.isoformat()),
            record=v.draft.id,
        )


@rule("M11")
def paid_in_time(h: HouseholdView) -> Iterator[Found]:
    """Money is paid after approval and while the household has its file."""
    for v in h.measures:
        if v.draft.paid <= 0:
            continue
        if v.draft.approved_on is None or v.draft.approved_on > h.ctx.today:
            yield Found(
                "plan.measures",
                say(
                    "Money was paid for “{content}” before it was approved. Enter the approval date.",
                    content=v.draft.content,
                ),
                record=v.draft.id,
            )
        elif any(day is not None and day < v.draft.approved_on for day in (v.draft.done_on, v.draft.paid_on)):
            yield Found(
                "plan.measures",
                say(
                    "“{content}” was finished or paid before it was approved. Correct the dates.",
                    content=v.draft.content,
                ),
                record=v.draft.id,
            )


@rule("M13")
def training_then_work(h: HouseholdView, *, months: int) -> Iterator[Found]:
    """Who was trained has work half a year later (SZ-2.2.1)."""
    for v in h.measures:
        done = v.draft.done_on
        if done is None or "training" not in v.families or not v.draft.member_id:
            continue
        m = next((m for m in h.members if m.draft.id == v.draft.member_id), None)
        if m is None or m.works or m.on_post or m.student:
            continue
        if months_between(done, h.ctx.today) >= months:
            yield Found(
                "work_months",
                say(
                    "Trained more than {months} months ago and still without work. Offer some, or note why not.",
                    months=months,
                ),
                at=m.at,
                record=v.draft.id,
            )


@rule("M17")
def willing_but_without_help(h: HouseholdView) -> Iterator[Found]:
    """Who can work and said yes to it is helped to find some (JS-3.2.1); who did not say so is left in peace."""
    for m in h.members:
        if not m.able or m.works or m.on_post or m.student or not m.draft.id:
            continue
        said = [w for w in h.file.wishes if w.member_id == m.draft.id and w.kind in h.groups.wish_work and w.asked_on]
        newest = max(said, key=lambda wish: (wish.asked_on, wish.id), default=None)
        willing = newest is not None and newest.withdrawn_on is None and newest.answer in h.groups.answer_own_yes
        helped = any(
            v.draft.member_id == m.draft.id and v.draft.state in _STANDING and not v.families.isdisjoint(_WORK)
            for v in h.measures
        )
        if willing and not helped:
            yield Found(
                "plan.measures",
                say("Can work and wants to, but no measure helps to find work. Offer one that fits."),
                at=m.at,
            )
