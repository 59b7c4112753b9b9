"""The arithmetic of a village representatives' meeting (DOMAIN §5.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from villagedesk.errors import Problem
from villagedesk.policy.pack_steps import QuorumRule
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class Vote:
    """Heads counted at a meeting on one matter."""

    due: int
    present: int
    agree: int
    against: int = 0
    abstain: int = 0
    recused: int = 0  # present, but stepped out of this vote (回避)


_NAMES = re.compile(r"[、，,;；\s]+")


def heads(names: str) -> int:
    """How many persons a line of names holds."""
    return len([name for name in _NAMES.split(names) if name])


def presence_problems(rule: QuorumRule, due: int, present: int) -> tuple[Problem, ...]:
    """Why so many persons present cannot decide; empty when they can."""
    problems = []
    if present > due:
        problems.append(Problem(say("More persons present than due. Correct the numbers."), "present"))
    top, bottom = rule.present
    if due < 1 or present * bottom < due * top:
        text = say("Only {present} of {due} were present; {top}/{bottom} are needed. Hold the meeting again.",
                   present=present, due=due, top=top, bottom=bottom)  # fmt: skip
        problems.append(Problem(text, "present"))
    return tuple(problems)


def quorum_problems(rule: QuorumRule, vote: Vote) -> tuple[Problem, ...]:
    """Why the vote does not carry; empty when it does. Fractions are compared as cross-products."""
    problems = list(presence_problems(rule, vote.due, vote.present))
    if vote.agree + vote.against + vote.abstain + vote.recused != vote.present:
        problems.append(Problem(say("The votes do not add up to the persons present. Count them again."), "votes_for"))
    top, bottom = rule.agree
    if vote.agree * bottom <= vote.present * top:
        text = say("Only {agree} of {present} agreed; more than {top}/{bottom} are needed.",
                   agree=vote.agree, present=vote.present, top=top, bottom=bottom)  # fmt: skip
        problems.append(Problem(text, "votes_for"))
    return tuple(problems)
