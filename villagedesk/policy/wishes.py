"""Voluntary means voluntary: what must be true before a measure becomes active (DOMAIN §8.5, N-9.1).

A refusal closes the line and leaves no mark; nothing here counts, ranks or reports refusals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import MeasureDraft, WishDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.needs import BEFORE_SCHOOL, NOT_STUDENT
from villagedesk.policy.notices import Finding
from villagedesk.policy.pack import Pack, WishRule
from villagedesk.text import Text, say
from villagedesk.values import age_on

YES = frozenset({"1", "3"})  # list wish_answer: willing, willing on conditions
NO = "2"
CONDITIONAL = "3"
CANNOT_SPEAK = "5"
_CARRIES = YES | {CANNOT_SPEAK}
_CONCERN = ("member_id", "category", "part", "wish_kind")
ANY_MEASURE = "99"  # list wish_kind: other measures
ADULT = 18


def wish_kinds(pack: Pack, measure: MeasureDraft) -> tuple[str, ...]:
    """The kinds of wish of which one must stand before the measure becomes active; empty when none is needed.

    A measure may name a kind of its own only where its category asks for none, or for that one: naming another would
    lead around the category's. "Other measures" are enough for the parts of a category that the pack lists.
    """
    category = pack.measures.get(measure.category)
    asked = (*category.wishes, *category.part_wishes.get(measure.part, ())) if category else ()
    if category and category.wishes and measure.part in category.other_wish:
        asked = (*asked, ANY_MEASURE)
    if measure.wish_kind and (not asked or measure.wish_kind in asked):
        return (measure.wish_kind,)
    return asked


def same_concern(measure: MeasureDraft, other: MeasureDraft) -> bool:
    """Whether two states of a measure rest on the same wish: same person, kind and part."""
    return all(getattr(measure, name) == getattr(other, name) for name in _CONCERN)


def carried(kinds: Sequence[str], measure: MeasureDraft, wishes: Sequence[WishDraft]) -> bool:
    """Whether what runs still rests on the person's own word: the newest answer is a yes, or none is needed.

    Nothing runs that the household refused when it signed its plan.
    """
    if measure.accepted is False:
        return False
    wish = newest_wish(kinds, measure.member_id, wishes)
    return not kinds or (wish is not None and wish.withdrawn_on is None and wish.answer in _CARRIES)


def measure_blockers(
    pack: Pack, measure: MeasureDraft, household: HouseholdDraft, wishes: Sequence[WishDraft], today: date
) -> tuple[Blocker, ...]:
    """What stands in the way of carrying out a measure; empty when it needs no wish or the wish stands."""
    kinds = wish_kinds(pack, measure)
    if not kinds:
        return ()
    findings = _findings(pack, kinds, measure, household, wishes, today)
    return tuple(Blocker("wish", True, *finding) for finding in findings)


def _findings(
    pack: Pack,
    kinds: tuple[str, ...],
    measure: MeasureDraft,
    household: HouseholdDraft,
    wishes: Sequence[WishDraft],
    today: date,
) -> Iterator[Finding]:
    member = next((m for m in household.living if m.id and m.id == measure.member_id), None)
    if member is None:
        text = say("The measure does not say whom it concerns.")
        yield text, "member_id", say("Choose the person; nobody decides for another adult.")
        return
    wish = newest_wish(kinds, member.id, wishes)
    if wish is None:
        yield _named(say("was not asked"), member), "wishes", say("Ask the person and record the wish first.")
        return
    rule = pack.wishes.get(wish.kind) or WishRule(wish.kind)
    yield from _wish_findings(rule, wish, member, today)
    yield from _person_findings(rule, member, today)


def newest_wish(kinds: Sequence[str], member_id: str, wishes: Sequence[WishDraft]) -> WishDraft | None:
    """The last answer of a person about one of these kinds: it is the one that counts."""
    asked = [wish for wish in wishes if wish.member_id == member_id and wish.kind in kinds and wish.asked_on]
    return max(asked, key=lambda one: (one.asked_on or date.min, one.id), default=None)


def _named(what: Text, member: MemberDraft) -> Text:
    return say("{name} {what}.", name=member.name, what=what)


def _wish_findings(rule: WishRule, wish: WishDraft, member: MemberDraft, today: date) -> Iterator[Finding]:
    if wish.withdrawn_on is not None:
        yield _named(say("withdrew the wish"), member), "wishes", say("Close the line; no reason is needed.")
        return
    if not _said_yes(rule, wish, member, today):
        yield _named(say("has not said yes"), member), "wishes", say("Close the line, or ask again later.")
        return
    ready = (wish.asked_on or today) + timedelta(
        days=max(rule.cooling_days, wish.cooling_days if rule.cooling_days else 0)
    )
    if today < ready:
        yield say("The days to think it over last until {day}.", day=ready), "wishes", say("Start after that day.")
    if rule.askers > 1 and not (wish.asked_by and wish.second_asker):
        yield say("Two persons must ask about this."), "wishes", say("Ask again together and record both.")
    if rule.alternatives and not wish.alternatives.strip():
        text = say("No alternative was offered.")
        yield text, "wishes", say("Offer one nearby, or note why there is none.")


def _said_yes(rule: WishRule, wish: WishDraft, member: MemberDraft, today: date) -> bool:
    """The person's own yes, beside the guardian's for a child.

    A guardian's recorded words stand for somebody who cannot express a wish, unless the kind asks for the own answer.
    """
    if wish.answer == CANNOT_SPEAK:
        return not rule.own_answer and bool(wish.guardian and wish.own_words.strip())
    child = member.birth is not None and age_on(member.birth, today) < ADULT
    return wish.answer in YES and (bool(wish.guardian) if child else True)


def _person_findings(rule: WishRule, member: MemberDraft, today: date) -> Iterator[Finding]:
    if rule.min_age and (member.birth is None or age_on(member.birth, today) < rule.min_age):
        text = say(
            "{name} is younger than {age}, or the birth date is not entered.", name=member.name, age=rule.min_age
        )
        yield text, "members.birth", say("This measure is not for children.")
    if not rule.students and member.schooling not in {"", NOT_STUDENT, *BEFORE_SCHOOL}:
        text = say("{name} is at school.", name=member.name)
        yield text, "members.schooling", say("This measure is not for pupils and students.")
