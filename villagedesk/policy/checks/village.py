"""Rules that need all households: A04, A53, H19, H23, M15, X04. Each builds one index."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from villagedesk.policy.checks.person_view import MemberView
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView, VillageView
from villagedesk.text import say
from villagedesk.values import halfwidth

_Entry = TypeVar("_Entry")


def _shared(pairs: Iterable[tuple[str, _Entry]]) -> Iterator[list[_Entry]]:
    """The entries that share a key, key by key; empty keys share nothing."""
    index: dict[str, list[_Entry]] = defaultdict(list)
    for key, entry in pairs:
        if key:
            index[key].append(entry)
    return (entries for entries in index.values() if len(entries) > 1)


@rule("A04")
def id_used_twice(v: VillageView) -> Iterator[Found]:
    """No resident number belongs to two people, nor one person to two households."""
    people = ((m.id.core, (h, m)) for h in v.households for m in h.members)
    for entries in _shared(people):
        for (h, m), (_, other) in zip(entries, (*entries[1:], entries[0]), strict=True):
            yield Found(
                "id_number",
                say("{name} has the same ID number. Keep the person in one household.", name=other.draft.name),
                at=m.at,
                household=h,
            )


@rule("A53")
def phone_shared(v: VillageView) -> Iterator[Found]:
    """One mobile number does not serve several households, nor people in different counties."""
    people = ((halfwidth(m.draft.phone), (h, m)) for h in v.households for m in h.members if m.draft.phone)
    for entries in _shared(people):
        if len({h.draft.id or h.draft.no for h, _ in entries}) > 1 or _far_apart([m for _, m in entries]):
            for h, m in entries:
                yield Found(
                    "phone",
                    say("This number also stands with another person elsewhere. Check whose it is."),
                    at=m.at,
                    household=h,
                )


def _far_apart(members: list[MemberView]) -> bool:
    return len({m.draft.work_place for m in members if m.draft.work_place}) > 1


@rule("H19")
def too_many_households(v: VillageView, *, max_households: int) -> Iterator[Found]:
    """A helper has time for a few households (P49d)."""
    helped = defaultdict(list)
    for h in v.households:
        for helper in {
            p.helper_id for p in h.file.pairings if p.helper_id and _runs(p.starts_on, p.ends_on, v.ctx.today)
        }:
            helped[helper].append(h)
    names = {helper.id: helper.name for helper in v.file.helpers}
    for helper, households in helped.items():
        for h in households[max_households:]:
            yield Found(
                "pairings",
                say(
                    "{name} is paired with {count} households. Keep to {most} at most.",
                    name=names.get(helper, ""),
                    count=len(households),
                    most=max_households,
                ),
                household=h,
            )


def _runs(starts: date | None, ends: date | None, day: date) -> bool:
    return (starts or day) <= day <= (ends or day)


@rule("H23")
def same_dwelling(v: VillageView) -> Iterator[Found]:
    """Two files with one house or one telephone may be one family that was split."""
    houses = ((f"{h.draft.group}|{h.draft.address}" if h.draft.address else "", h) for h in v.households)
    phones = ((halfwidth(h.draft.phone), h) for h in v.households)
    for name, entries in (("address", _shared(houses)), ("phone", _shared(phones))):
        for households in entries:
            for h, other in zip(households, (*households[1:], households[0]), strict=True):
                yield Found(
                    name,
                    say("Household {no} has the same. Check whether they are one family.", no=other.draft.no),
                    household=h,
                )


@rule("M15")
def copied_plans(v: VillageView, *, households: int) -> Iterator[Found]:
    """Plans are written for each household, not copied."""
    plans = ((_plan_text(h), h) for h in v.households)
    for entries in _shared(plans):
        for h in entries if len(entries) > households else ():
            yield Found(
                "plan.measures",
                say("{count} households have this very plan. Write what fits this one.", count=len(entries)),
                household=h,
                record=h.plan.id if h.plan else "",
            )


def _plan_text(h: HouseholdView) -> str:
    if h.plan is None:
        return ""
    return "|".join((h.plan.needs, h.plan.goals, h.plan.livelihood, *(m.content for m in h.plan.measures))).strip("|")


@rule("X04")
def notice_lists_cases(v: VillageView) -> Iterator[Found]:
    """A notice lists exactly the cases that say they were posted on it, each once."""
    cases = {case.id: (h, case) for h in v.households for case in h.file.exits if case.id}
    posted = {(notice.id, case_id) for notice in v.file.notices for case_id in notice.case_ids}
    known = {notice.id for notice in v.file.notices}
    for h, case in cases.values():
        if case.notice_id in known and (case.notice_id, case.id) not in posted:
            yield Found(
                "exit.notice_id",
                say("This case is not on the notice it names. Correct one of them."),
                household=h,
                record=case.id,
            )
    for notice in v.file.notices:
        twice = {case_id for case_id, times in Counter(notice.case_ids).items() if times > 1}
        for case_id in sorted(twice & set(cases)):
            yield Found(
                "notice.case_ids",
                say("This household stands on the notice twice, so its totals are wrong."),
                household=cases[case_id][0],
                record=notice.id,
            )
