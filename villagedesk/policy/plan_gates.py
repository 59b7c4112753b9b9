"""What stands in the way of the steps of a plan (DOMAIN §5.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import is_able
from villagedesk.policy.gates import Gate, blockers, registered
from villagedesk.policy.notices import Finding
from villagedesk.policy.pack import Pack
from villagedesk.policy.wishes import measure_blockers, wish_kinds
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan with the household it is for and the wishes on record."""

    pack: Pack
    plan: PlanDraft
    household: HouseholdDraft
    wishes: tuple[WishDraft, ...]
    today: date


PLAN_GATES: dict[str, Gate[PlanFacts]] = {}


def plan_blockers(facts: PlanFacts) -> tuple[Blocker, ...]:
    """What stands in the way of a plan."""
    return blockers(PLAN_GATES, facts)


@registered(PLAN_GATES)
def wishes_asked(facts: PlanFacts) -> Iterator[Finding]:
    """The household was asked before the plan was made (N-9.1), each person where a measure concerns that person."""
    if not facts.wishes:
        yield say("No wish of the household is recorded."), "wishes", say("Ask the household and record its wish.")
    for measure in _standing(facts):
        kinds = wish_kinds(facts.pack, measure)
        if kinds and not any(wish.member_id == measure.member_id and wish.kind in kinds for wish in facts.wishes):
            text = say("For “{content}” the person concerned was not asked.", content=measure.content)
            yield text, "wishes", say("Ask the person and record the answer.")


@registered(PLAN_GATES)
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


@registered(PLAN_GATES)
def livelihood(facts: PlanFacts) -> Iterator[Finding]:
    """A household able to work has a livelihood line (XJ-5.1), unless it declined one."""
    tree = facts.pack.measures
    has_line = any(m.category in tree and tree[m.category].livelihood for m in facts.plan.measures)
    if is_able(facts.household) and not (has_line or facts.plan.livelihood.strip()):
        text = say("The household can work, but the plan has no livelihood line.")
        yield text, "livelihood", say("Add one the household wants, or note what it lives on.")


@registered(PLAN_GATES)
def consent(facts: PlanFacts) -> Iterator[Finding]:
    """The household signed the plan."""
    if facts.plan.agreed_on is None or not facts.plan.agreed_by:
        text = say("The household's agreement is not recorded.")
        yield text, "agreed_on", say("Have the plan signed, with any part it refuses written down.")


@registered(PLAN_GATES)
def wishes_given(facts: PlanFacts) -> Iterator[Finding]:
    """No measure is active whose person has not said yes (DOMAIN §8.5)."""
    for measure in _standing(facts):
        if measure.state in {"active", "done"}:
            found = measure_blockers(facts.pack, measure, facts.household, facts.wishes, facts.today)
            yield from ((blocker.text, blocker.field, blocker.remedy) for blocker in found)


@registered(PLAN_GATES)
def effect(facts: PlanFacts) -> Iterator[Finding]:
    """The yearly effect is written down and signed by the household."""
    if not facts.plan.effect.strip() or facts.plan.effect_on is None:
        text = say("The year's effect is not confirmed by the household.")
        yield text, "effect", say("Write it down, read it out and have it signed.")
