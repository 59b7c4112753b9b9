"""Who may hold which role of a team, and what a team lacks by its profile (GZ-3.2, SZ-2.10.1, JS-7.2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from villagedesk.drafts.team import TeamMemberDraft
from villagedesk.errors import Problem
from villagedesk.policy.pack import Pack
from villagedesk.text import Text, say

LEADER, FIRST_SECRETARY = "leader", "first_secretary"
ONE_ONLY = frozenset({LEADER, FIRST_SECRETARY})
"""Roles that one person at a time holds."""


def member_problems(pack: Pack, draft: TeamMemberDraft, others: Sequence[TeamMemberDraft]) -> Iterator[Problem]:
    """What keeps a member from being saved beside the ``others``."""
    if not draft.name.strip():
        yield Problem(say("Give the member's name."), "name")
    yield from _role_problems(pack, draft)
    yield from _time_problems(draft)
    for other in others:
        if _together(draft, other):
            yield from _clashes(pack, draft, other)


def _role_problems(pack: Pack, draft: TeamMemberDraft) -> Iterator[Problem]:
    roles = pack.team.roles
    if draft.role not in roles:
        yield Problem(say("Choose the role."), "role")
    if draft.also and (draft.also not in roles or draft.also == draft.role):
        yield Problem(say("Choose another role as the second one, or none."), "also")
    if draft.also and {draft.role, draft.also} <= set(pack.team.apart):
        yield Problem(_kept_apart(pack), "also", "GZ-3.2")


def _kept_apart(pack: Pack) -> Text:
    titles = "、".join(pack.team.roles[role] for role in pack.team.apart)
    return say("In this scheme nobody holds two of these roles: {titles}. Choose two persons.", titles=titles)


def _time_problems(draft: TeamMemberDraft) -> Iterator[Problem]:
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        yield Problem(say("The service ends before it begins. Correct the dates."), "ends_on")
    if draft.ends_on and not draft.end_reason.strip():
        yield Problem(say("Say why the member leaves the team."), "end_reason", "JS-7.2.2")


def _together(one: TeamMemberDraft, other: TeamMemberDraft) -> bool:
    """Whether both serve on some day."""
    first, last = date.min, date.max
    return (one.starts_on or first) <= (other.ends_on or last) and (other.starts_on or first) <= (one.ends_on or last)


def _clashes(pack: Pack, draft: TeamMemberDraft, other: TeamMemberDraft) -> Iterator[Problem]:
    mine, theirs = {draft.role, draft.also} - {""}, {other.role, other.also} - {""}
    for role in sorted(mine & theirs & ONE_ONLY):
        text = say("{name} is {title} at that time. End that service first.", name=other.name,
                   title=pack.team.roles.get(role, role))  # fmt: skip
        yield Problem(text, "role")
    apart = set(pack.team.apart)
    if draft.name.strip() == other.name.strip() and mine & apart and theirs & apart and not mine & theirs & ONE_ONLY:
        yield Problem(_kept_apart(pack), "role", "GZ-3.2")


def team_problems(pack: Pack, serving: Sequence[TeamMemberDraft], *, deep: bool = False) -> Iterator[Problem]:
    """What the serving members lack by the profile; more are asked for in a village of ``deep`` poverty (SZ-2.10.1)."""
    rules = pack.team
    least = max(rules.minimum, rules.minimum_deep) if deep else rules.minimum
    if len(serving) < least:
        text = say("The team has {n} {n:member|members}, the scheme asks for {least}.", n=len(serving), least=least)
        yield Problem(text, "", "X09")
    held = {role for member in serving for role in (member.role, member.also)}
    for role in (LEADER, FIRST_SECRETARY):
        if role in rules.roles and role not in held:
            yield Problem(say("The team has no {title}.", title=rules.roles[role]), "role", "X09")


def last_of_years(starts_on: date, years: int) -> date:
    """The last day of so many years from a day on."""
    leap = starts_on.month == 2 and starts_on.day == 29
    ends = starts_on.replace(year=starts_on.year + years, day=28 if leap else starts_on.day)
    return ends if leap else ends - timedelta(days=1)
