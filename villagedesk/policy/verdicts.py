"""What a criterion rule looks at and what it answers; the registry of rules by the names that packs use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.policy.pack import Criterion, Pack
from villagedesk.text import Text, say

Result = Literal["met", "unmet", "unknown"]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules look at: a household and its statement, judged for ``year`` on ``day``."""

    pack: Pack
    household: HouseholdDraft
    income: IncomeDraft | None
    year: int
    day: date
    province: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule finds, before the criterion's own words are put to it."""

    result: Result
    because: Text
    mend: str


Rule = Callable[[CaseFacts, Criterion], Verdict]
RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a criterion rule under the name that packs use."""

    def keep(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return keep


def either(*facts: bool | None) -> bool | None:
    """True when one is; False when all are known not to be; None otherwise."""
    if True in facts:
        return True
    return None if None in facts else False


def everybody(
    members: tuple[MemberDraft, ...], has: Callable[[MemberDraft], bool | None], mend: str, what: Text
) -> Verdict:
    """Whether each member has ``what``: unmet names those without, unknown those not asked yet."""
    if not members:
        return Verdict("unknown", say("The household has no members yet. Enter them."), "members")
    without = [member.name for member in members if has(member) is False]
    if without:
        text = say("Without {what}: {names}. Put it in order before going on.", what=what, names="、".join(without))
        return Verdict("unmet", text, mend)
    unasked = [member.name for member in members if has(member) is None]
    if unasked:
        return Verdict("unknown", say("{what}: not asked yet of {names}.", what=what, names="、".join(unasked)), mend)
    return Verdict("met", say("{what}: everybody has it.", what=what), mend)
