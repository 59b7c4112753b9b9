"""Rules M01–M06, M09, M12: does the plan answer what the household needs and wants."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.policy.wishes import carried
from villagedesk.text import say

DEVELOPMENT = ("industry", "employment", "finance", "public_post")
"""The four kinds of help that let people earn (监测帮扶措施 01–04)."""

_DIBAO = say("minimum living allowance")
_TEKUN = say("support for the destitute")
_DISABILITY = say("disability allowance")


@rule("M01")
def consent(h: HouseholdView) -> Iterator[Found]:
    """The household agreed to its plan, and each person to what concerns him or her (N-9.1, DOMAIN §8.5)."""
    if h.plan is not None and h.plan.state not in h.groups.plan_open and h.plan.agreed_on is None:
        yield Found(
            "plan.agreed_on",
            say("The plan is under way without the household's signature. Ask for it."),
            record=h.plan.id,
        )
    for v in h.measures:
        if v.running and not carried(h.ctx.wishes(v.draft), v.draft, h.file.wishes):
            yield Found(
                "plan.measures",
                say("“{content}” needs the wish of the person concerned. Ask and record it.", content=v.draft.content),
                record=v.draft.id,
            )


@rule("M02")
def causes_answered(h: HouseholdView) -> Iterator[Found]:
    """Every cause has a measure that answers it; one the household refused counts, or its no would be a mark (§8.5)."""
    if h.plan is None or not h.plan.measures:
        return
    offered = h.plan.measures
    for cause in dict.fromkeys(h.causes):
        if not any(measure.cause == cause or cause in h.ctx.answers.get(measure.category, ()) for measure in offered):
            yield Found(
                "plan.measures",
                say(
                    "No measure answers the cause “{cause}”. Add one, or correct the cause.",
                    cause=h.ctx.word("cause", cause),
                ),
                record=h.plan.id,
            )


@rule("M03")
def only_protection(h: HouseholdView) -> Iterator[Found]:
    """A household that can work gets more than allowances."""
    running = [v for v in h.measures if v.running and v.families]
    if (
        h.able
        and running
        and all(v.families <= {"protection", "dibao", "tekun", "disability_subsidy"} for v in running)
    ):
        yield Found("plan.measures", say("This household can work, but receives only allowances. Add help to earn."))


@rule("M04")
def no_development(h: HouseholdView) -> Iterator[Found]:
    """A household that can work and has not exited gets help to earn."""
    if (
        h.able
        and not h.exited
        and h.plan is not None
        and not any(not v.families.isdisjoint(DEVELOPMENT) for v in h.measures)
    ):
        yield Found(
            "plan.measures",
            say("This household can work, but the plan holds no help to earn. Add it, or note why."),
            record=h.plan.id,
        )


@rule("M05")
def development_in_name(h: HouseholdView) -> Iterator[Found]:
    """Help to earn is more than a training course."""
    running = [v for v in h.measures if v.running and not v.families.isdisjoint((*DEVELOPMENT, "training"))]
    if running and all("training" in v.families for v in running):
        yield Found("plan.measures", say("The help to earn consists of training alone. Add what follows from it."))


@rule("M06")
def allowances_in_plan(h: HouseholdView) -> Iterator[Found]:
    """Allowances among the measures go with members who receive them."""
    if h.plan is None and not h.enjoyed:
        return
    facts = (
        ("dibao", any(m.draft.dibao for m in h.members), _DIBAO),
        ("tekun", any(m.draft.tekun for m in h.members), _TEKUN),
        ("disability_subsidy", any(m.disabled or m.id.certificate for m in h.members), _DISABILITY),
    )
    for family, entitled, name in facts:
        if h.enjoys(family) and not entitled:
            yield Found(
                "plan.measures",
                say("The measures include the {name}, but no member is recorded for it. Check both.", name=name),
            )
        elif family != "disability_subsidy" and entitled and h.plan is not None and not h.enjoys(family):
            yield Found(
                "plan.measures", say("A member receives the {name}, but the measures do not say so. Add it.", name=name)
            )


@rule("M09")
def late_relocation(h: HouseholdView, *, year: int) -> Iterator[Found]:
    """Relocation ended; households identified later cannot have it."""
    if h.draft.identified_year is not None and h.draft.identified_year >= year:
        for v in h.measures:
            if "relocation" in v.families:
                yield Found(
                    "plan.measures",
                    say("Identified in {year} or later, so there is no relocation. Check the measure.", year=year),
                    record=v.draft.id,
                )


@rule("M12")
def few_measures(h: HouseholdView, *, least: int, exit_year: int) -> Iterator[Found]:
    """The plan holds as many measures as the profile asks for, more in the year of exit (P40)."""
    if h.plan is None:
        return
    wanted = exit_year if h.exit is not None and h.exit.year == h.plan.year else least
    if len(h.plan.measures) < wanted:
        yield Found(
            "plan.measures",
            say(
                "The plan holds {count} {count:measure|measures}, {wanted} are asked for.",
                count=len(h.plan.measures),
                wanted=wanted,
            ),
            record=h.plan.id,
        )


@rule("M16")
def benefit_after_refusal(h: HouseholdView, *, days: int) -> Iterator[Found]:
    """A refusal costs nobody a benefit: none ends soon after it (DOMAIN §8.5)."""
    refused = [wish.asked_on for wish in h.file.wishes if wish.answer in h.groups.answer_no and wish.asked_on]
    for v in h.measures if refused else ():
        early = v.draft.due_on is not None and v.draft.done_on is not None and v.draft.done_on < v.draft.due_on
        ended = v.draft.done_on if v.draft.state == "withdrawn" or (v.draft.state == "done" and early) else None
        if ended is not None and any(0 <= (ended - day).days <= days for day in refused):
            yield Found(
                "plan.measures",
                say(
                    "“{content}” ended within {days} days of a refusal. A refusal must cost nothing: "
                    "note the true reason.",
                    content=v.draft.content,
                    days=days,
                ),
                record=v.draft.id,
            )
