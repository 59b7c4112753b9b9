"""Rules H11–H17, H29, H30: dwelling, water, land and relocation of a household."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say

_MENDS = ("housing", "relocation")


@rule("H11")
def living_conditions(h: HouseholdView, *, required: tuple[str, ...]) -> Iterator[Found]:
    """What the yearly form asks of every household is filled in."""
    for name in required:
        if getattr(h.draft, name, None) in (None, ""):
            yield Found(
                name, say("This field is empty; the yearly form needs it. Ask at the next visit and fill it in.")
            )


@rule("H12")
def land_sizes(h: HouseholdView, *, most: Mapping[str, int]) -> Iterator[Found]:
    """Land is not negative and not larger than a family can have; bounds in mu."""
    for name, limit in most.items():
        size = getattr(h.draft, name, None)
        if size is not None and not 0 <= size <= limit * 100:
            yield Found(
                name, say("The land must lie between 0 and {limit} mu. Check the number and the unit.", limit=limit)
            )


@rule("H13")
def road_distance(h: HouseholdView, *, kilometres: int) -> Iterator[Found]:
    """Few houses are far from the village's main road."""
    if h.draft.road_distance is not None and h.draft.road_distance > kilometres * 100:
        yield Found(
            "road_distance",
            say("More than {kilometres} km to the main road. Check whether metres were meant.", kilometres=kilometres),
        )


@rule("H14")
def dwelling_grade(h: HouseholdView) -> Iterator[Found]:
    """A dangerous house has its grade, and no exit check calls it safe."""
    if h.draft.dwelling in h.groups.dwelling_ungraded:
        yield Found(
            "dwelling", say("The house is called dangerous without a grade. Enter grade C or D from the report.")
        )
    if h.exit is None or h.draft.dwelling not in h.groups.dwelling_danger | h.groups.dwelling_ungraded:
        return
    for check in h.exit.checks:
        if check.criterion in h.ctx.housing_criteria and check.result == "met":
            yield Found(
                "exit.checks",
                say("The house is recorded as dangerous, but the exit check calls it safe."),
                record=h.exit.id,
            )


@rule("H29")
def dwelling_check_due(h: HouseholdView, *, days: int) -> Iterator[Found]:
    """The house was looked at within the profile's period (住房安全动态监测, SZ-2.3.1)."""
    last = h.draft.dwelling_checked_on
    if last is None or (h.ctx.today - last).days > days:
        yield Found(
            "dwelling_checked_on",
            say("Nobody has looked at the house for {days} days. Do so at the next visit.", days=days),
        )


@rule("H30")
def dangerous_without_measure(h: HouseholdView) -> Iterator[Found]:
    """A dangerous house has its measure; the worst are mended first by what they are, not by a rank (GZ-6.4)."""
    danger = h.groups.dwelling_danger | h.groups.dwelling_ungraded
    if h.plan is None or h.draft.dwelling not in danger:
        return
    if not any(not v.families.isdisjoint(_MENDS) for v in h.measures if v.draft.state not in {"declined", "withdrawn"}):
        yield Found(
            "plan.measures",
            say("The house is dangerous and the plan has no measure for it. Add one, or note why."),
            record=h.plan.id,
        )


@rule("H15")
def dwelling_area(h: HouseholdView, *, least: int, most: int, person: int) -> Iterator[Found]:
    """A house has a likely size, a new one at most 25 m² a person (P47); in m²."""
    area, new = h.draft.dwelling_area, h.draft.relocation_area
    if area is not None and not least * 100 <= area <= most * 100:
        yield Found(
            "dwelling_area",
            say("The house should have {least} to {most} m². Check the number.", least=least, most=most),
        )
    if new is not None and h.members and new > person * 100 * len(h.members):
        yield Found(
            "relocation_area",
            say("The new house has more than {person} m² a person, the limit for relocation.", person=person),
        )


@rule("H16")
def relocation_fields(h: HouseholdView) -> Iterator[Found]:
    """Relocation details stand with a relocated household and with nobody else, and it wished to move (XJ-7.4)."""
    d = h.draft
    details = bool(d.relocation_way or d.settlement or d.settlement_place or d.relocation_area or d.moved_in_on)
    if details and not d.relocated:
        yield Found("relocated", say("Relocation details are filled in, but the household is not marked as relocated."))
    if d.relocated and not (d.relocation_way and d.settlement):
        yield Found(
            "relocation_way", say("The household is marked as relocated. Fill in how and where it was settled.")
        )
    if d.relocated and not any(_wished_to_move(h, wish.kind, wish.answer) for wish in h.file.wishes):
        yield Found("relocated", say("There is no record that the household wished to move. Ask and record the wish."))


def _wished_to_move(h: HouseholdView, kind: str, answer: str) -> bool:
    return kind in h.groups.wish_relocation and answer in h.groups.answer_yes


@rule("H17")
def relocated_without_work(h: HouseholdView, *, months: int) -> Iterator[Found]:
    """In a relocated household with labour somebody has steady work (N-3.2)."""
    if not h.draft.relocated or not h.able:
        return
    if not any((m.draft.work_months or 0) + (m.draft.post_months or 0) >= months for m in h.members):
        yield Found(
            "members",
            say(
                "A relocated household in which nobody has had work for {months} months. "
                "Offer work nearby, or note why not.",
                months=months,
            ),
        )
