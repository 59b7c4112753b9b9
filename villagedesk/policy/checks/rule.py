"""The shape of a rule: a pure function of a view, registered under its id, whose numbers are keyword arguments.

``@rule("A07") def sex_matches_id(m: MemberView) -> Iterator[Found]`` looks at one member; rules of scope ``household``
take a :class:`~villagedesk.policy.checks.view.HouseholdView`, of scope ``village`` a ``VillageView``. Keyword-only
arguments are the parameters of ``rules.toml``, by the same names. A rule yields what it finds and never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from villagedesk.text import Text

if TYPE_CHECKING:
    from villagedesk.policy.checks.view import HouseholdView


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a rule found; the runner adds the rule and whose it is."""

    field: str  # draft field: "birth", "income.lines", "plan.agreed_on", "exit.signatures", "village.…"
    text: Text
    mild: bool = False  # this case of an E rule is only suspicious
    record: str = ""  # id of the plan, measure, statement, notice … meant, "" for the household or member
    at: int | None = None  # place in household.members, for household and village rules that point at a person
    household: HouseholdView | None = None  # for village rules


Rule = Callable[..., Iterator[Found]]
_Function = TypeVar("_Function", bound=Rule)
_FUNCTIONS: dict[str, Rule] = {}


def rule(rule_id: str) -> Callable[[_Function], _Function]:
    """Register the function under its id of DOMAIN §7."""

    def register(function: _Function) -> _Function:
        if rule_id in _FUNCTIONS:
            raise ValueError(rule_id)
        _FUNCTIONS[rule_id] = function
        return function

    return register


def registered() -> Mapping[str, Rule]:
    """Rule id → function, of every rule module imported so far."""
    return _FUNCTIONS
