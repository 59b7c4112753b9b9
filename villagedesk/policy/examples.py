"""The example households of a pack: what the pack itself says must come out, run whenever the pack is checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.errors import Refused
from villagedesk.policy.criteria import Result, assess
from villagedesk.policy.income import reckon
from villagedesk.policy.pack import Pack
from villagedesk.policy.shape import Faults, build
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class Example:
    """A household, its statement, and the results the pack must give. ``totals`` are fen."""

    key: str
    title: str
    year: int
    day: date
    household: HouseholdDraft
    members: tuple[MemberDraft, ...]
    expect: Mapping[str, Result]
    income: IncomeDraft | None = None
    totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Examples:
    examples: Mapping[str, Example] = field(default_factory=dict)


def check_examples(file: Path, pack: Pack, faults: Faults) -> None:
    """Run the examples of a pack file; each deviation is a fault. A pack that can be chosen has at least one."""
    tree = tomllib.loads(file.read_text("utf-8")).get("examples", {})
    found = build(_Examples, {"examples": tree}, "", faults)
    if found is None:
        return
    if not found.examples and not pack.pack.abstract:
        faults.add("examples", say("a pack carries at least one example household"))
    for example in found.examples.values():
        _run(example, pack, faults)


def _run(example: Example, pack: Pack, faults: Faults) -> None:
    household = replace(example.household, members=example.members)
    path = f"examples.{example.key}"
    try:
        results = {a.key: a.result for a in assess(pack, household, example.income, example.year, example.day)}
        totals = reckon(example.income, pack) if example.income else None
    except Refused as refused:
        faults.add(path, refused.text)
        return
    for key, result in example.expect.items():
        _compare(faults, f"{path}.expect.{key}", result, results.get(key))
    for key, fen in example.totals.items():
        _compare(faults, f"{path}.totals.{key}", fen, getattr(totals, key, None))


def _compare(faults: Faults, path: str, expected: object, got: object) -> None:
    if expected != got:
        faults.add(path, say("the pack says {expected}, but {got} comes out", expected=expected, got=got))
