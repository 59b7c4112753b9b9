"""Splitting money by shares without losing a fen (GZ-11.4: 6:3:1, GZ-11.1: 100/70/30)."""

from __future__ import annotations

from collections.abc import Mapping


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
