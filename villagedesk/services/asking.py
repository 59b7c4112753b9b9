"""Whether a person was asked as the wish rules demand (DOMAIN §8.5): checked before a wish is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import WishDraft
from villagedesk.errors import Problem
from villagedesk.policy.needs import NOT_STUDENT
from villagedesk.policy.pack import Pack, WishRule
from villagedesk.policy.wishes import ADULT, CANNOT_SPEAK, CONDITIONAL
from villagedesk.text import say
from villagedesk.values import age_on


def wish_problems(pack: Pack, wish: WishDraft, household: HouseholdDraft, today: date) -> Iterator[Problem]:
    """What keeps an answer from being recorded."""
    rule = pack.wishes.get(wish.kind)
    member = member_of(household, wish.member_id)
    if rule is None:
        yield Problem(say("Choose what the wish is about."), "kind")
        return
    if member is None:
        yield Problem(say("Choose the person who was asked. Nobody answers for another adult."), "member_id")
        return
    yield from _asking_problems(wish, rule, today)
    yield from _person_problems(wish, rule, member, today)


def paper_problems(pack: Pack, wish: WishDraft) -> Iterator[Problem]:
    """What the paper of a wish still lacks before something rests on it: the person's mark, the copy left with it."""
    rule = pack.wishes.get(wish.kind)
    if rule is None or not rule.cooling_days:
        return
    if not wish.mark:
        yield Problem(say("The person has not marked the paper of the wish. Have it signed or handprinted."), "mark")
    if not wish.copy_given:
        yield Problem(say("The person has no copy of the wish yet. Leave one at home."), "copy_given")


def member_of(household: HouseholdDraft, member_id: str) -> MemberDraft | None:
    """The living member with this id."""
    return next((member for member in household.living if member.id and member.id == member_id), None)


def _asking_problems(wish: WishDraft, rule: WishRule, today: date) -> Iterator[Problem]:
    if wish.asked_on is None:
        yield Problem(say("Enter the day the person was asked."), "asked_on")
    elif wish.asked_on > today:
        yield Problem(say("The day of asking lies in the future. Correct the date."), "asked_on")
    if not wish.asked_by.strip():
        yield Problem(say("Enter who asked."), "asked_by")
    if rule.askers > 1 and wish.second_asker.strip() in {"", wish.asked_by.strip()}:
        yield Problem(say("Two persons ask about this together. Enter the second one."), "second_asker")
    if rule.alternatives and not wish.alternatives.strip():
        yield Problem(say("Enter what else was offered nearby, or why there was nothing."), "alternatives")
    if wish.answer == CONDITIONAL and not wish.conditions.strip():
        yield Problem(say("Write down the conditions the person sets."), "conditions")
    if not wish.answer:
        yield Problem(say("Enter the answer; “undecided” is one."), "answer")
    if wish.cooling_days < rule.cooling_days:
        text = say("The person has at least {days} days to think it over.", days=rule.cooling_days)
        yield Problem(text, "cooling_days")


def _person_problems(wish: WishDraft, rule: WishRule, member: MemberDraft, today: date) -> Iterator[Problem]:
    age = age_on(member.birth, today) if member.birth else None
    if age is not None and age < rule.min_age:
        yield Problem(say("{name} is too young for this and is not asked.", name=member.name), "member_id")
    if not rule.students and member.schooling not in {"", NOT_STUDENT}:
        yield Problem(say("{name} is at school and is not asked about this.", name=member.name), "member_id")
    if wish.answer == CANNOT_SPEAK and not wish.guardian.strip():
        yield Problem(say("Enter the guardian who spoke for the person."), "guardian")
    if wish.guardian.strip() and wish.answer != CANNOT_SPEAK and not (age is not None and age < ADULT):
        text = say("An adult answers for himself or herself. Remove the guardian or change the answer.")
        yield Problem(text, "guardian")
