"""The whole history as a workbook for inspectors: who changed what, when and why, with the chain's own digests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.exchange.fields import load_fields
from villagedesk.exchange.workbook import TextTable, write_text_tables
from villagedesk.records.schema import revision
from villagedesk.services.restricted import covered
from villagedesk.services.site import CHINA, Site
from villagedesk.store import lines
from villagedesk.text import say, tr
from villagedesk.values import Step, no_step

_RESTRICTED = ("T2", "T3")
_RESTRICTED_KINDS = ("income", "income_line", "income_card", "complainant", "person_request", "survey", "wish")
_COVERED = "•••"
_WIDTHS = (17, 10, 12, 7, 16, 22, 14, 20, 16, 24, 24, 20)


@dataclass(frozen=True)
class Words:
    """How the reader calls a verb, a kind of record and a field."""

    verb: Callable[[str], str]
    kind: Callable[[str], str]
    field: Callable[[str], str]


class Inspections:
    """What an inspector may take along.

    Restricted facts (ID numbers, income, health, who raised a concern, what somebody said of a wish) stay covered: that
    they were changed is told, not what they are.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def write_history(self, path: Path, words: Words, step: Step = no_step) -> int:
        """Write every change into ``path`` (.xlsx); returns how many. Raises Unavailable when it cannot be written.

        ``sequence`` and ``digest`` let anybody hold the sheet against the chain that ``verify`` proves.
        """
        with self._site.store.read() as connection:
            rows = list(self._rows(connection, words, step))
        headings = (tr("When"), tr("Who"), tr("Device"), tr("Sequence"), tr("Digest"), tr("What was done"), tr("Kind"),
                    tr("Record"), tr("Field"), tr("Before"), tr("After"), tr("Source"))  # fmt: skip
        table = TextTable(tr("History"), headings, _WIDTHS, rows)
        now = self._site.store.clock()
        notes = [
            (tr("Written"), f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}"),
            (tr("Covered"), str(say("Restricted facts are covered; the desk itself holds them."))),
        ]
        write_text_tables(path, [table], notes, now)
        return len(rows)

    def _rows(self, connection: Connection, words: Words, step: Step) -> Iterator[tuple[str, ...]]:
        restricted = {field.path for field in load_fields().fields.values() if field.tier in _RESTRICTED}
        spoken, refused = covered().columns, covered().rows
        stored = connection.execute(select(revision.c.hash, revision.c.line).order_by(revision.c.n)).all()
        for done, (digest, packed) in enumerate(stored, 1):
            line = lines.decode(lines.unpack(packed))
            head = (_when(line.at), line.author, line.device[-8:], str(line.seq), digest.hex()[:16])
            for change in line.changes:
                named = (words.verb(line.verb), words.kind(change.kind), change.record[-12:])
                for field, values in change.fields.items():
                    hidden = change.kind in _RESTRICTED_KINDS or f"{change.kind}.{field}" in restricted
                    hidden = hidden or field in spoken.get(change.kind, ())
                    told = refused.get(change.kind, {}).get(field, ())
                    before, after = (
                        _COVERED if value and (hidden or value in told) else _plain(value) for value in values
                    )
                    yield (*head, *named, words.field(field), before, after, line.reason)
            step(done, len(stored))


def _when(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(CHINA):%Y-%m-%d %H:%M}"


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
