"""Order rules of a sign-off: the dates along the chain of signers, and who may hold which role (DOMAIN §3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from villagedesk.policy.cases import ExitCase
from villagedesk.policy.gates import Gate, registered
from villagedesk.policy.notices import Finding
from villagedesk.policy.procedures import places, procedure
from villagedesk.text import say
from villagedesk.values import halfwidth

ORDER_RULES: dict[str, Gate[ExitCase]] = {}


def _dates(case: ExitCase, level: str) -> list[date]:
    roles = {role.key for role in case.preset.roles.values() if role.level == level}
    return [mark.signed_on for mark in case.facts.signatures if mark.role in roles and mark.signed_on]


_POINTS = "·•・‧∙⋅."  # between the parts of a name, as keyboards give them
_SIGN_AGAIN = say("Correct the date from the paper, or have the sheet signed again in order.")


@registered(ORDER_RULES)
def household_before_village(case: ExitCase) -> Iterator[Finding]:
    """The household does not sign after the village."""
    household, village = _dates(case, "household"), _dates(case, "village")
    if household and village and max(household) > min(village):
        yield say("The household signed after the village."), "signatures.signed_on", _SIGN_AGAIN


@registered(ORDER_RULES)
def township_last(case: ExitCase) -> Iterator[Finding]:
    """The township signs last."""
    township = _dates(case, "township")
    others = [mark.signed_on for mark in case.facts.signatures if mark.signed_on]
    if township and min(township) < max(others):
        yield say("The township signed before others did."), "signatures.signed_on", _SIGN_AGAIN


@registered(ORDER_RULES)
def not_before_evaluation(case: ExitCase) -> Iterator[Finding]:
    """No mark is older than the villagers' meeting."""
    held = case.facts.evaluated_on
    if held and any(mark.signed_on and mark.signed_on < held for mark in case.facts.signatures):
        yield say("A signature is older than the villagers' meeting."), "signatures.signed_on", _SIGN_AGAIN


@registered(ORDER_RULES)
def within_term(case: ExitCase) -> Iterator[Finding]:
    """No date lies outside the procedure's window or in the future."""
    facts = case.facts
    dates = [(name, getattr(facts, name)) for name in _STEPS]
    dates += [("income.locked_on", facts.income_locked_on)]
    dates += [("signatures.signed_on", mark.signed_on) for mark in facts.signatures]
    first, last = facts.term_from or date.min, min(facts.term_to or date.max, facts.today)
    wrong = next((name for name, day in dates if day and not first <= day <= last), None)
    if wrong:
        text = say("A date of the case lies in the future or outside the term.")
        yield text, wrong, say("Compare the dates with the papers and correct them.")


@registered(ORDER_RULES)
def steps_in_order(case: ExitCase) -> Iterator[Finding]:
    """No step of the case is dated before one that has to come first (X01)."""
    facts, place = case.facts, places(procedure(case.pack, "exit"))
    for name, earlier in _after(place).items():
        day = _day(case, name)
        latest = max((each for each in (_day(case, one) for one in earlier) if each), default=None)
        if day and latest and day < latest:
            text = say("A step is dated {day}, before one of {before} that comes first.", day=day, before=latest)
            yield text, _FIELD.get(name, name), say("Compare both with the papers and correct the wrong one.")
    if facts.reported_on and facts.notice_ends_on and facts.reported_on <= facts.notice_ends_on:
        text = say("The report is dated {day}; the notice hung until {end}.", day=facts.reported_on,
                   end=facts.notice_ends_on)  # fmt: skip
        yield text, "reported_on", say("Enter the day on which it was really sent.")
    yield from _early_marks(case, place)


def _day(case: ExitCase, name: str) -> date | None:
    """The date of a step; of the signing, its last one."""
    if name == "signatures":
        return max((mark.signed_on for mark in case.facts.signatures if mark.signed_on), default=None)
    day: date | None = getattr(case.facts, name)
    return day


def _after(place: Mapping[str, int]) -> dict[str, list[str]]:
    """Date of a case → the dates that come before it, or on the same day, in the order in force."""
    found: dict[str, list[str]] = {}
    for pair in _PAIRS:
        turned = place.get(_VERBS[pair[0]], 0) < place.get(_VERBS[pair[1]], 0)
        later, earlier = reversed(pair) if turned else pair
        found.setdefault(later, []).append(earlier)
    return found


def _early_marks(case: ExitCase, place: Mapping[str, int]) -> Iterator[Finding]:
    """Nobody signs before the check at the door, or before the household answered, where these come first."""
    first = min((mark.signed_on for mark in case.facts.signatures if mark.signed_on), default=None)
    signing = place.get("sign", len(place))
    earlier = [name for name in ("verified_on", "answered_on") if place.get(_VERBS[name], 0) < signing]
    known = max((day for day in (_day(case, name) for name in earlier) if day), default=None)
    if first and known and first < known:
        text = say("A mark is dated {day}, before a step of {before} that comes first.", day=first, before=known)
        yield text, "signatures.signed_on", _SIGN_AGAIN


_VERBS = {
    "verified_on": "verify", "evaluated_on": "evaluate", "answered_on": "acknowledge", "signatures": "sign",
    "posted_on": "post", "reported_on": "report", "replied_on": "approve", "announced_on": "announce",
    "marked_on": "mark",
}  # fmt: skip
"""Date of a case → the step of the procedure that it belongs to."""
_STEPS = tuple(name for name in _VERBS if name != "signatures")
_FIELD = {"signatures": "signatures.signed_on"}
_PAIRS = (
    ("evaluated_on", "verified_on"), ("answered_on", "verified_on"), ("posted_on", "evaluated_on"),
    ("posted_on", "answered_on"), ("posted_on", "signatures"), ("reported_on", "posted_on"),
    ("replied_on", "reported_on"), ("announced_on", "replied_on"), ("marked_on", "announced_on"),
)  # fmt: skip
"""Dates of which one comes before the other, the later named first; the order in force may turn a pair."""


@registered(ORDER_RULES)
def along_the_chain(case: ExitCase) -> Iterator[Finding]:
    """The dates do not decrease along the chain of signers."""
    latest = date.min
    for role in case.preset.roles.values():
        dates = [mark.signed_on for mark in case.facts.signatures if mark.role == role.key and mark.signed_on]
        if dates and min(dates) < latest:
            text = say("{role} signed before somebody earlier in the chain.", role=role.title)
            yield text, "signatures.signed_on", _SIGN_AGAIN
        latest = max([latest, *dates])


@registered(ORDER_RULES)
def one_role_each(case: ExitCase) -> Iterator[Finding]:
    """Nobody holds two roles on one sheet; a helper who leads the team is :func:`helper_leads_team`'s business."""
    for person, roles in _doubled(case):
        if not _helper_and_team(case, roles):
            titles = "、".join(case.preset.roles[role].title for role in roles if role in case.preset.roles)
            text = say("{person} signed in two roles: {roles}.", person=person, roles=titles)
            yield text, "signatures.person", say("Let another person of that office sign, or ask the township.")


@registered(ORDER_RULES)
def helper_leads_team(case: ExitCase) -> Iterator[Finding]:
    """The helper of the household is the leader of the team: known to happen, and noted (DOMAIN §3.4)."""
    for person, roles in _doubled(case):
        if _helper_and_team(case, roles):
            text = say("{person} signed as helper and for the team.", person=person)
            yield text, "signatures.person", say("Note why; the township will ask.")


def _doubled(case: ExitCase) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who signed in several roles, for himself or in another's place, and in which."""
    roles: dict[str, dict[str, None]] = {}
    names: dict[str, str] = {}
    for mark in case.facts.signatures:
        for name in filter(str.strip, (mark.person, mark.proxy)):
            names.setdefault(_bare(name), name.strip())
            roles.setdefault(_bare(name), {})[mark.role] = None
    yield from ((names[hand], tuple(held)) for hand, held in roles.items() if len(held) > 1)


def _bare(name: str) -> str:
    """A name without blanks and points, however it was typed."""
    return "".join(letter for letter in halfwidth(name) if not letter.isspace() and letter not in _POINTS)


def _helper_and_team(case: ExitCase, roles: tuple[str, ...]) -> bool:
    levels = {case.preset.roles[role].level for role in roles if role in case.preset.roles}
    return levels == {"helper", "team"}
