"""The field list of the household file as the window uses it: words, code lists and units by field name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from villagedesk.drafts.form import HOUSEHOLD, LIVING, MEMBER, FieldSpec, Section
from villagedesk.text import Text

__all__ = ["CODES", "HOUSEHOLD", "HUNDREDTHS", "LABELS", "LIVING", "MEMBER", "FieldSpec", "Section", "open_to"]


def open_to(sections: Iterable[Section], closed: frozenset[str]) -> Iterator[Section]:
    """The sections without the fields that are ``closed`` to somebody; a section of which none is left goes too."""
    for section in sections:
        kept = tuple(field for field in section.fields if field.name not in closed)
        if kept:
            yield replace(section, fields=kept)


LABELS: dict[str, Text] = {
    spec.name: spec.label for part in (MEMBER, LIVING, HOUSEHOLD) for section in part for spec in section.fields
}
"""Field name → label, for histories, conflicts and findings."""

CODES: dict[str, str] = {
    spec.name: spec.codes
    for part in (MEMBER, LIVING, HOUSEHOLD)
    for section in part
    for spec in section.fields
    if spec.codes
}
"""Field name → its code list."""

HUNDREDTHS: frozenset[str] = frozenset(
    spec.name for part in (LIVING,) for section in part for spec in section.fields if spec.kind == "hundredths"
)
"""Fields stored in hundredths."""
