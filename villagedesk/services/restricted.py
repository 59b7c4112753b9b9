"""What the tiers T2 and T3 are made of in the records: all that a village cadre does not read (DOMAIN §8.2)."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from villagedesk import resources
from villagedesk.exchange.fields import load_fields
from villagedesk.records.schema import RECORDS
from villagedesk.store.covers import Covered

TIERS = ("T2", "T3")


@lru_cache
def covered() -> Covered:
    """The kinds of record that stay closed and, of the others, the columns that do."""
    said = tomllib.loads(_FILE.read_text("utf-8"))
    shown: dict[str, list[str]] = said["shown"]
    tiered = [field for field in load_fields().fields.values() if field.tier in TIERS]
    return Covered(
        kinds=frozenset(RECORDS) - frozenset(shown),
        columns={
            kind: frozenset(columns) | {field.name for field in tiered if field.scope == kind}
            for kind, columns in shown.items()
        },
        settings=frozenset(said["settings"]),
        rows={kind: {name: tuple(values) for name, values in by.items()} for kind, by in said["hidden"].items()},
    )


_FILE = resources.path("columns", "restricted.toml")
