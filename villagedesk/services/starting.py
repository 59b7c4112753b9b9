"""What keeps a measure from beginning: the plan's signature, the wish of the person concerned, the person's age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.errors import Problem
from villagedesk.policy.cases import Blocker
from villagedesk.policy.measures import fields_of, missing_before
from villagedesk.policy.pack import MeasureCategory, Pack
from villagedesk.policy.wishes import measure_blockers, newest_wish, wish_kinds
from villagedesk.services.asking import member_of, paper_problems
from villagedesk.services.consent import wishes_of
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.text import say
from villagedesk.values import age_on

_CANNOT_WORK = frozenset({"03", "04"})  # list labour


def start_problems(
    site: Site, connection: Connection, measure: MeasureDraft, plan: PlanDraft, on: date
) -> Iterator[Problem]:
    """What keeps ``measure`` of ``plan`` from beginning on a day; nothing when it may begin."""
    if plan.agreed_on is None:
        yield Problem(say("The household has not signed the plan yet. Let it sign first."), "agreed_on")
    elif on < plan.agreed_on:
        yield Problem(say("The measure would begin before the household signed the plan."), "starts_on")
    if measure.accepted is False or (plan.agreed_on and measure.state == "planned" and measure.accepted is None):
        yield Problem(say("The household has not agreed to this line. Ask it with a new version of the plan."), "state")
    if measure.state != "planned":
        yield Problem(say("Only a planned measure can be started."), "state")
    if on > site.today():
        yield Problem(say("The day lies in the future. Begin the measure when it begins."), "starts_on")
    if measure.due_on is not None and measure.due_on <= on and "loan_state" in _asked(site.profile, measure):
        yield Problem(say("The loan would be due before it begins. Correct the day it is due in the plan."), "due_on")
    household = one(connection, plan.household_id)
    yield from _wish_problems(site.profile, connection, measure, household, on)
    category = site.profile.measures.get(measure.category)
    if category and category.able_only:
        yield from _able_problems(measure, category, household, on)


def _asked(pack: Pack, measure: MeasureDraft) -> set[str]:
    return {field.key for field in fields_of(pack, measure)}


def _wish_problems(
    pack: Pack, connection: Connection, measure: MeasureDraft, household: HouseholdDraft, on: date
) -> Iterator[Problem]:
    wishes = wishes_of(connection, household.id)
    found = measure_blockers(pack, measure, household, wishes, on)
    yield from map(blocker_problem, found)
    yield from missing_before(pack, measure, wishes)
    wish = newest_wish(wish_kinds(pack, measure), measure.member_id, wishes)
    if wish is not None and not found:
        yield from paper_problems(pack, wish)


def blocker_problem(blocker: Blocker) -> Problem:
    """A blocker as the problem of a form."""
    text = say("{what} {remedy}", what=blocker.text, remedy=blocker.remedy)
    return Problem(text, blocker.field, blocker.key)


def _able_problems(
    measure: MeasureDraft, category: MeasureCategory, household: HouseholdDraft, on: date
) -> Iterator[Problem]:
    member = member_of(household, measure.member_id)
    if member is None:
        return
    if member.labour in _CANNOT_WORK:
        text = say(
            "{name} has no capacity for work; “{title}” is not for this person.", name=member.name, title=category.title
        )
        yield Problem(text, "member_id", "N-4.1")
    if member.birth is None or age_on(member.birth, on) < category.min_age:
        words = {"name": member.name, "age": category.min_age}
        text = say("{name} is younger than {age}, or the birth date is not entered; this is not for minors.", **words)
        yield Problem(text, "member_id", "A32")
