"""Exit criteria of a village: figures held against the pack's amounts, as cross-products (DOMAIN §2, §5.4)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Literal

from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.pack import Pack, VillageCriterion
from villagedesk.text import say

_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}


VILLAGE_GATES = frozenset({"indicators", "notice_hangs"})
"""What the steps of a village's exit heed of its own, beside the days of its notice and the objections to it."""


def assess_village(pack: Pack, figures: Mapping[str, int | bool | None]) -> tuple[Assessment, ...]:
    """Every exit criterion of the village held against its figures (money in fen, yes-or-no as bool).

    A criterion whose figure, or the figure it is a percentage of, is missing stays unknown.
    """
    return tuple(_assessment(criterion, figures) for criterion in pack.village_exit.values())


def village_blockers(pack: Pack, figures: Mapping[str, int | bool | None]) -> tuple[Blocker, ...]:
    """The hard indicators that are not reached or empty, for the village's exit procedure."""
    return tuple(
        Blocker("indicators", True, say("“{text}” is not reached or empty.", text=a.text), a.mend, a.because)
        for a in assess_village(pack, figures)
        if a.hard and a.result != "met"
    )


def _assessment(criterion: VillageCriterion, figures: Mapping[str, int | bool | None]) -> Assessment:
    missing = [name for name in (criterion.field, criterion.of) if name and figures.get(name) is None]
    if missing:
        because = say("The figure is missing. Enter it with its source.")
        return Assessment(criterion.key, criterion.text, "unknown", because, missing[0], criterion.hard)
    result: Literal["met", "unmet"] = "met" if _reached(criterion, figures) else "unmet"
    because = say("The figure entered is {figure}.", figure=figures[criterion.field])
    return Assessment(criterion.key, criterion.text, result, because, criterion.field, criterion.hard)


def _reached(criterion: VillageCriterion, figures: Mapping[str, int | bool | None]) -> bool:
    figure = figures[criterion.field] or 0
    if criterion.op == "yes":
        return bool(figure)
    if criterion.of:
        return _COMPARE[criterion.op](figure * 100, criterion.amount * (figures[criterion.of] or 0))
    return _COMPARE[criterion.op](figure, criterion.amount)
