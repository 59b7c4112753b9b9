"""Rules A09–A13, A54: a member's place in the family, and facts every member has."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.person_view import MemberView
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say
from villagedesk.values import age_on


@rule("A09")
def relation_known(m: MemberView) -> Iterator[Found]:
    """The relation to the head is filled in from the list."""
    if not m.draft.relation:
        yield Found("relation", say("The relation to the head of the household is missing. Choose one."))
    elif not m.ctx.allowed("relation", m.draft.relation):
        yield Found("relation", say("This relation to the head is not on the list of the year. Choose another."))


@rule("A10")
def relation_and_sex(m: MemberView) -> Iterator[Found]:
    """A son is male, a daughter female, and so on."""
    daughter = m.draft.sex == "1" and m.draft.relation in m.groups.relation_female
    if daughter or (m.draft.sex == "2" and m.draft.relation in m.groups.relation_male):
        yield Found("relation", say("The relation to the head does not fit the sex. Check which one is right."))


@rule("A11")
def relation_and_age(h: HouseholdView, *, parent_years: int, grandparent_years: int) -> Iterator[Found]:
    """Parents and grandparents are older than the head by some years, children younger."""
    if len(h.heads) != 1 or h.heads[0].birth is None:
        return
    head = h.heads[0].birth
    for m in h.members:
        if m.birth is None or (m.birth > head and m.draft.relation in h.groups.relation_child):
            continue
        older = age_on(m.birth, head)
        if m.draft.relation in h.groups.relation_parent and older < parent_years:
            yield Found(
                "relation",
                say(
                    "A parent of the head must be at least {years} years older. Check both birth dates.",
                    years=parent_years,
                ),
                at=m.at,
            )
        elif m.draft.relation in h.groups.relation_grandparent and older < grandparent_years:
            yield Found(
                "relation",
                say(
                    "A grandparent of the head must be at least {years} years older. Check both birth dates.",
                    years=grandparent_years,
                ),
                at=m.at,
            )
        elif m.draft.relation in h.groups.relation_child:
            yield Found("relation", say("A child is not older than the head. Check relation and birth dates."), at=m.at)


@rule("A12")
def ethnic_word(m: MemberView) -> Iterator[Found]:
    """The ethnic group is a word of GB/T 3304; the state form asks for it."""
    if not m.draft.ethnic:
        yield Found("ethnic", say("The ethnic group is missing; the state form asks for it. Copy it from the ID card."))
    elif not m.ctx.allowed("ethnic", m.draft.ethnic):
        yield Found("ethnic", say("This ethnic group is not a word of the standard list. Choose one from the list."))


@rule("A13")
def health_known(m: MemberView) -> Iterator[Found]:
    """The health status is filled in; well excludes the rest."""
    if not m.draft.health:
        yield Found("health", say("The health status is missing. Choose one."))
    elif not m.well and not m.groups.health_well.isdisjoint(m.draft.health):
        yield Found("health", say("Well and another health status exclude each other. Keep one."))


@rule("A54")
def required_fields(m: MemberView, *, required: tuple[str, ...]) -> Iterator[Found]:
    """Fields which only this profile requires of every member."""
    for name in required:
        if getattr(m.draft, name, None) in (None, "", ()):
            yield Found(name, say("This field is required here. Ask at the next visit and fill it in."))


@rule("A55")
def gone_members(h: HouseholdView) -> Iterator[Found]:
    """Who left is off the list from that day, and out of the head-count reckoned later."""
    for at, draft in enumerate(h.draft.members):
        if draft.left_on is None and draft.left_reason:
            yield Found(
                "left_on",
                say("{name} is marked as gone, but the day is missing. Enter the day.", name=draft.name),
                at=at,
            )
        elif draft.left_on is not None and draft.left_on > h.ctx.today:
            yield Found("left_on", say("The day on which {name} left lies ahead. Correct it.", name=draft.name), at=at)
    if h.income is not None and (counted := gone_but_counted(h)):
        yield Found(
            "income.persons",
            say(
                "The income statement still counts {count} who left before it was reckoned. "
                "Correct the number of persons.",
                count=counted,
            ),
            record=h.income.draft.id,
        )


def gone_but_counted(h: HouseholdView) -> int:
    """How many of the newest statement's persons had left the household when it was reckoned."""
    if h.income is None or h.income.draft.reckoned_on is None:
        return 0
    day = h.income.draft.reckoned_on
    present = len(h.members) + sum(1 for _, m in h.gone if m.left_on is not None and m.left_on > day)
    left = sum(1 for _, m in h.gone if m.left_on is not None and m.left_on <= day)
    excess = h.income.draft.persons - present
    return excess if 0 < excess <= left else 0
