"""A file that would close a great part of a village's households is not let in by itself (PEERS §2.42)."""

from __future__ import annotations

from villagedesk.errors import Refused
from villagedesk.text import say

_MANY = 10
_SHARE = 5


class Emptying(Refused):
    """The file closes so many households that a person has to say that it is meant."""


def demand_not_emptied(before: int, after: int) -> None:
    """Raise Emptying when a file closes more than ten households and more than a fifth of them."""
    closed = before - after
    if closed > _MANY and closed * _SHARE > before:
        raise Emptying(
            say(
                "This file closes {n} of {all} {all:household|households}. It waits until the village "
                "has said that it is meant.",
                n=closed,
                all=before,
            )
        )
