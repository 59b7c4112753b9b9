"""The field dictionary: what a roster column may be called, what it holds and who may see it (DOMAIN §4.1–4.4, §8.2).

The dictionary is data (``resources/columns/fields.toml``); this module reads and checks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from villagedesk import resources
from villagedesk.exchange import shapes
from villagedesk.exchange.shapes import fault
from villagedesk.text import Text, say
from villagedesk.values import halfwidth

SCOPES = ("household", "member", "roster")
TIERS = ("T0", "T1", "T2", "T3")
PLAIN_TYPES = frozenset(
    ("text", "name", "serial", "date", "year", "integer", "hundredths", "boolean", "id_number", "phone", "county")
)
DROP_REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "bank": say("bank accounts are not kept here"),
        "politics": say("political standing and opinions about people are not kept here"),
        "religion": say("religion is not kept here"),
        "disease": say("names of illnesses are not kept here"),
        "family": say("family planning is not kept here"),
        "biometric": say("pictures and body features of people are not kept here"),
        "position": say("positions of people and houses are not kept here"),
        "conduct": say("offences, credit and stays abroad are not kept here"),
        "school": say("school and class of a child are not kept here"),
    }
)
_FIELD_KEYS = frozenset(
    (
        "label",
        "short",
        "labels",
        "tier",
        "type",
        "aliases",
        "words",
        "only",
        "fills",
        "key",
        "read",
        "least",
        "most",
        "source",
    )
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the dictionary.

    ``short``: the label where there is little room. ``least`` and ``most`` bound an integer, ``most`` also the number
    of codes; ``order`` is its place in the file.
    """

    scope: str
    name: str
    label: str
    short: str
    labels: Mapping[str, str]
    tier: str
    kind: str
    code_list: str
    aliases: tuple[str, ...]
    words: Mapping[str, str]
    only: tuple[str, ...]
    fills: str
    key: bool
    read: bool
    least: int | None
    most: int | None
    source: str
    order: int

    @property
    def path(self) -> str:
        """Scope and name, e.g. ``member.id_number``: how mapping and register files name the field."""
        return f"{self.scope}.{self.name}"

    def label_for(self, profile: str) -> str:
        """The heading under a profile."""
        return self.labels.get(profile, self.label)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Columns that are not stored at all, with the reason (DOMAIN §8.3)."""

    reason: Text
    headings: frozenset[str]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldDictionary:
    """All fields, the headings that find them, and what is left out."""

    fields: Mapping[str, Field]
    required: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str]
    dropped: tuple[Dropped, ...]
    headings: Mapping[str, Field]

    def find(self, heading: str) -> Field | None:
        """The field that a heading names, with or without its trailing bracket."""
        plain = plain_heading(heading)
        return self.headings.get(plain) or self.headings.get(_without_bracket(plain))

    def is_ignored(self, heading: str) -> bool:
        """Whether the column carries nothing of its own."""
        return plain_heading(heading) in self.ignored

    def drop_reason(self, heading: str) -> Text | None:
        """Why a column is not stored, None when nothing speaks against keeping it."""
        plain = plain_heading(heading)
        for rule in self.dropped:
            if plain in rule.headings or any(part in plain for part in rule.parts):
                return rule.reason
        return None


def plain_heading(heading: str) -> str:
    """A heading for comparing: half-width, without blanks, line breaks, asterisks and colons, small letters."""
    return re.sub(r"[\s*:]+", "", halfwidth(heading)).casefold()


def _without_bracket(plain: str) -> str:
    return re.sub(r"\([^()]*\)$", "", plain)


@lru_cache
def load_fields(path: Path | None = None) -> FieldDictionary:
    """Read and check the field dictionary. Raises Unreadable naming file, key and reason."""
    path = path or resources.path("columns", "fields.toml")
    raw = shapes.read_toml(path)
    shapes.only_keys(path, "", raw, frozenset((*SCOPES, "kinds", "ignored", "dropped")))
    fields = {field.path: field for scope in SCOPES for field in _read_scope(path, scope, raw)}
    ignored = shapes.texts_of(path, "ignored", shapes.table_of(path, "", raw, "ignored"), "headings")
    return FieldDictionary(
        fields=MappingProxyType(fields),
        required=MappingProxyType(_read_kinds(path, raw, fields)),
        ignored=frozenset(map(plain_heading, ignored)),
        dropped=_read_dropped(path, raw),
        headings=MappingProxyType(_index(path, fields)),
    )


def _read_scope(path: Path, scope: str, raw: shapes.Table) -> list[Field]:
    tables = shapes.table_of(path, "", raw, scope)
    found = [_read_field(path, scope, place, name, tables) for place, name in enumerate(tables)]
    names = {field.name for field in found}
    for field in found:
        if field.fills and field.fills not in names:
            raise fault(path, f"{field.path}.fills", say("there is no field “{name}”", name=field.fills))
    return found


def _read_field(path: Path, scope: str, order: int, name: str, tables: dict[str, Any]) -> Field:
    table = shapes.table_of(path, scope, tables, name)
    where = f"{scope}.{name}"
    shapes.only_keys(path, where, table, _FIELD_KEYS)
    kind, _, code_list = shapes.text_of(path, where, table, "type").partition(":")
    if (kind not in PLAIN_TYPES or code_list) and not (kind in {"code", "codes"} and code_list):
        raise fault(path, f"{where}.type", say("there is no type “{name}”", name=table["type"]))
    tier = shapes.text_of(path, where, table, "tier")
    if tier not in TIERS:
        raise fault(path, f"{where}.tier", say("the tier is T0, T1, T2 or T3"))
    return Field(
        scope=scope,
        name=name,
        label=shapes.text_of(path, where, table, "label"),
        short=shapes.text_of(path, where, table, "short", ""),
        labels=MappingProxyType(shapes.words_of(path, where, table, "labels")),
        tier=tier,
        kind=kind,
        code_list=code_list,
        aliases=shapes.texts_of(path, where, table, "aliases"),
        words=MappingProxyType(shapes.words_of(path, where, table, "words")),
        only=shapes.texts_of(path, where, table, "only"),
        fills=shapes.text_of(path, where, table, "fills", ""),
        key=shapes.flag_of(path, where, table, "key", default=False),
        read=shapes.flag_of(path, where, table, "read", default=True),
        least=shapes.whole_of(path, where, table, "least"),
        most=shapes.whole_of(path, where, table, "most"),
        source=shapes.text_of(path, where, table, "source"),
        order=order,
    )


def _read_kinds(path: Path, raw: shapes.Table, fields: Mapping[str, Field]) -> dict[str, tuple[str, ...]]:
    table = shapes.table_of(path, "", raw, "kinds")
    kinds = {kind: shapes.texts_of(path, "kinds", table, kind) for kind in ("persons", "households")}
    for kind, wanted in kinds.items():
        for name in wanted:
            if name not in fields:
                raise fault(path, f"kinds.{kind}", say("there is no field “{name}”", name=name))
    return kinds


def _read_dropped(path: Path, raw: shapes.Table) -> tuple[Dropped, ...]:
    rules = raw.get("dropped", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise fault(path, "dropped", say("a list of tables is needed here"))
    return tuple(_read_drop_rule(path, rule) for rule in rules)


def _read_drop_rule(path: Path, rule: shapes.Table) -> Dropped:
    shapes.only_keys(path, "dropped", rule, frozenset(("reason", "parts", "headings", "source")))
    reason = shapes.text_of(path, "dropped", rule, "reason")
    if reason not in DROP_REASONS:
        raise fault(path, "dropped.reason", say("there is no reason “{name}”", name=reason))
    headings = map(plain_heading, shapes.texts_of(path, "dropped", rule, "headings"))
    parts = map(plain_heading, shapes.texts_of(path, "dropped", rule, "parts"))
    return Dropped(DROP_REASONS[reason], frozenset(headings), tuple(parts))


def _index(path: Path, fields: Mapping[str, Field]) -> dict[str, Field]:
    """Heading → field. A heading may name one field only, or a roster would be read by luck."""
    index: dict[str, Field] = {}
    for field in fields.values():
        if not field.read:
            continue
        for heading in (field.label, *field.labels.values(), *field.aliases):
            plain = plain_heading(heading)
            if index.setdefault(plain, field) is not field:
                raise fault(
                    path, field.path, say("the heading “{heading}” already names another field", heading=heading)
                )
    return index
