"""Splitting money by shares without losing a fen (GZ-11.4: 6:3:1, GZ-11.1: 100/70/30; JS-3.4.1)."""

from __future__ import annotations

from collections.abc import Mapping

from villagedesk.policy.pack import FundRule


def split(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """``total`` fen divided in proportion to ``shares``; the parts sum to the total exactly.

    Each part is cut down to whole fen; the fen left over go one each to the largest cut-off fractions, earlier shares
    first. Raises ValueError for a negative total or without a positive share.
    """
    whole = sum(shares.values())
    if total < 0 or whole <= 0 or min(shares.values()) < 0:
        raise ValueError("money is split by positive shares")
    parts = {name: total * share // whole for name, share in shares.items()}
    by_fraction = sorted(shares, key=lambda name: -(total * shares[name] % whole))
    for name in by_fraction[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def distribute(total: int, holders: Mapping[str, int]) -> dict[str, int]:
    """``total`` fen shared out to the holders of shares, whatever order they are given in.

    As :func:`split`, but equal fractions are served by the holders' keys, so that every laptop reckons the same.
    Raises ValueError as :func:`split` does.
    """
    return split(total, dict(sorted(holders.items())))


def parts_due(rule: FundRule, year: int, persons: int) -> dict[str, int]:
    """What each part of a rule comes to in a year, in fen; a rule with instalments has the one of that year only."""
    if rule.shares:
        return split(rule.total * (persons if rule.per == "person" else 1), rule.shares)
    if str(year) in rule.amounts:
        return {str(year): rule.amounts[str(year)]}
    by_year = all(part.isdigit() for part in rule.amounts)
    return {} if by_year else dict(rule.amounts)
