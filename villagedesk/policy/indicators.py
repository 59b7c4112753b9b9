"""The yearly figures of a village as data: ``resources/policy/indicators.toml`` (DOMAIN §4.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from villagedesk import resources
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Unreadable
from villagedesk.policy.shape import Faults, build, parsed
from villagedesk.text import say

YES_NO = "是否"
MONEY = "元"
HUNDREDTHS = frozenset({"亩", "公里", "%"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure. ``unit`` also tells how it is kept (see the file); ``counted`` names a function of ``COUNTS``."""

    key: str
    title: str
    unit: str
    alias: str = ""
    counted: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """Figures under one heading."""

    key: str
    title: str
    source: str
    items: Mapping[str, Indicator]


@dataclass(frozen=True, slots=True)
class _Sheet:
    groups: Mapping[str, IndicatorGroup]


Count = Callable[[Iterable[HouseholdDraft], frozenset[str]], int]


def _poor(households: Iterable[HouseholdDraft], exited: frozenset[str]) -> list[HouseholdDraft]:
    return [each for each in households if not each.removed_reason and each.state and each.state not in exited]


COUNTS: Mapping[str, Count] = MappingProxyType(
    {
        "groups": lambda households, _: len({each.group for each in households if each.group}),
        "poor_households": lambda households, exited: len(_poor(households, exited)),
        "poor_persons": lambda households, exited: sum(len(each.living) for each in _poor(households, exited)),
    }
)
"""What can be counted from the household files; the second argument holds the states of those who have left poverty."""


@lru_cache
def indicator_groups() -> Mapping[str, IndicatorGroup]:
    """The groups in the order of the form."""
    return read_indicators(resources.path("policy", "indicators.toml"))


@lru_cache
def indicators() -> Mapping[str, Indicator]:
    """Key → indicator, in the order of the form."""
    return MappingProxyType({key: item for group in indicator_groups().values() for key, item in group.items.items()})


def read_indicators(file: Path) -> Mapping[str, IndicatorGroup]:
    """Read and check an indicator file. Raises Unreadable naming file, key and reason."""
    faults = Faults(file.name)
    tree = parsed(file, faults)
    sheet = build(_Sheet, {"groups": tree}, "", faults)
    seen: set[str] = set()
    for group in sheet.groups.values() if sheet else ():
        for key, item in group.items.items():
            if key in seen:
                faults.add(f"{group.key}.{key}", say("this figure stands in another group already"))
            if item.counted and item.counted not in COUNTS:
                faults.add(f"{group.key}.{key}.counted", say("“{name}” does not exist", name=item.counted))
            seen.add(key)
    if sheet is None or faults.problems:
        raise Unreadable(faults.problems[0].text)
    return sheet.groups
