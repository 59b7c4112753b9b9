"""Gates: each is a function that yields what stands in the way of a step, known by its own name.

Packs call the blockers and order rules of an exit by these names, procedures their guards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from villagedesk.policy.cases import Blocker
from villagedesk.policy.notices import Finding

F = TypeVar("F")

Gate = Callable[[F], Iterator[Finding]]
"""From the facts of a case, of whatever kind, to what is amiss with it."""


def registered(registry: dict[str, Gate[F]]) -> Callable[[Gate[F]], Gate[F]]:
    """Register a gate under its own name."""

    def keep(gate: Gate[F]) -> Gate[F]:
        registry[gate.__name__] = gate
        return gate

    return keep


def blockers(registry: Mapping[str, Gate[F]], facts: F) -> tuple[Blocker, ...]:
    """What stands in the way, gate by gate: all of it is hard."""
    return tuple(Blocker(key, True, *finding) for key, gate in registry.items() for finding in gate(facts))
