"""What a kind of measure asks for: facts to be known before it starts and before it ends, all of them pack data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.errors import Problem
from villagedesk.policy.pack import MeasureField, Pack
from villagedesk.policy.wishes import newest_wish, wish_kinds
from villagedesk.text import say


def fields_of(pack: Pack, measure: MeasureDraft) -> tuple[MeasureField, ...]:
    """The further facts this measure asks for: those of its kind, and those of a wish it rests on (§8.5)."""
    category, rule = pack.measures.get(measure.category), pack.wishes.get(measure.wish_kind)
    names = dict.fromkeys((*(category.fields if category else ()), *(rule.before if rule else ())))
    return tuple(pack.measure_fields[name] for name in names)


def newest(plans: Iterable[PlanDraft]) -> tuple[PlanDraft, ...]:
    """The last version of each of these plans."""
    found: dict[tuple[str, int, str], PlanDraft] = {}
    for plan in plans:
        key = (plan.household_id, plan.year, plan.horizon)
        if key not in found or found[key].version < plan.version:
            found[key] = plan
    return tuple(found.values())


def missing_before(pack: Pack, measure: MeasureDraft, wishes: Sequence[WishDraft]) -> Iterator[Problem]:
    """Facts that must be known before the measure starts: those of its kind, and of the wish it rests on (§8.5)."""
    category = pack.measures.get(measure.category)
    wish = newest_wish(wish_kinds(pack, measure), measure.member_id, wishes)
    rule = pack.wishes.get(wish.kind) if wish else None
    names = dict.fromkeys((*(category.before if category else ()), *(rule.before if rule else ())))
    for field in _unknown(pack, measure, names):
        yield Problem(say("Enter “{title}” before this begins.", title=field.title), field.key)


def missing_at_end(pack: Pack, measure: MeasureDraft) -> Iterator[Problem]:
    """Facts that must be known before the measure is finished or its reward paid."""
    category = pack.measures.get(measure.category)
    for field in _unknown(pack, measure, category.at_end if category else ()):
        yield Problem(say("Enter “{title}” before this ends.", title=field.title), field.key)


def _unknown(pack: Pack, measure: MeasureDraft, names: Sequence[str] | dict[str, None]) -> Iterator[MeasureField]:
    for name in names:
        if getattr(measure, name) in (None, "", False) or (name == "amount" and not measure.amount):
            yield pack.measure_fields[name]
