"""A printed sheet as it was: its words, and for one that comes back signed, where its places are (DESIGN §5.3)."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

import orjson

from villagedesk.documents.blocks import Column
from villagedesk.documents.paper import Paper
from villagedesk.documents.sheet import Cell, Look, RenderedPaper, Sheet, Stamp


@dataclass(frozen=True)
class Place:
    """A place to mark on a printed page, in millimetres, and what it is for.

    ``kind``: sign, hand or date. ``item`` is "" where one mark covers the row.
    """

    role: str
    item: str
    kind: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Altered:
    """A place of a registered paper that the data fill differently now."""

    field: str  # as the paper names it
    then: str
    now: str


def freeze(
    sheet: Sheet,
    rendered: RenderedPaper,
    terms: Mapping[str, str],
    rows: Sequence[tuple[str, str]] = (),
    template: str = "",
) -> str:
    """A sheet with the profile's words as JSON, so that it can be printed again word for word.

    The words of its pages are kept too: only they tell later what a changed template said then.

    ``rows``: role and item of each signer's row; with them the places to mark are kept, so that a later version of the
    template does not move them. ``template``: the id of the text it is printed by.
    """
    places = [asdict(place) for cell in rendered.cells for place in _place(cell, rows)]
    more = {"terms": dict(terms), "said": _packed(rendered.texts), **({"places": places} if places else {})}
    more |= {"template": template} if template else {}
    return orjson.dumps({**asdict(sheet), **more}).decode()


def terms_of(text: str) -> dict[str, str]:
    """The profile's words at the time of printing."""
    terms: dict[str, str] = orjson.loads(text).get("terms", {})
    return terms


def template_of(text: str) -> str:
    """The id of the text a sheet was printed by; "" for one printed before texts were kept."""
    found: str = orjson.loads(text).get("template", "")
    return found


def said_in(text: str) -> tuple[str, ...]:
    """The words that stood on the pages, piece by piece; empty for a paper printed before they were kept."""
    packed: str = orjson.loads(text).get("said", "")
    return tuple(zlib.decompress(b64decode(packed)).decode().split("\n")) if packed else ()


def _packed(texts: Sequence[str]) -> str:
    return b64encode(zlib.compress("\n".join(texts).encode(), 9)).decode()


def differences(paper: Paper, then: Sheet, now: Sheet) -> tuple[Altered, ...]:
    """Where two sheets of one paper say something else, in the paper's order."""
    names = dict.fromkeys((*then.fields, *now.fields))
    said = [(paper.fields.get(name, name), then.fields.get(name, ""), now.fields.get(name, "")) for name in names]
    for table, columns in paper.tables.items():
        pairs = zip_longest(then.tables.get(table, ()), now.tables.get(table, ()), fillvalue=())
        for number, (before, after) in enumerate(pairs, 1):
            cells = zip_longest(columns, before, after, fillvalue="")
            said += [
                (f"{column.heading} {number}", old, new) for column, old, new in cells if isinstance(column, Column)
            ]
    return tuple(Altered(*each) for each in said if each[1] != each[2])


def thaw(text: str) -> Sheet:
    """A sheet from its JSON."""
    raw = orjson.loads(text)
    stamp = raw["stamp"]
    made_at = datetime.fromisoformat(stamp["made_at"])
    stamped = Stamp(
        stamp["document_id"], stamp["notice_no"], date.fromisoformat(stamp["data_date"]), made_at, stamp["digest"]
    )
    tables = {name: tuple(tuple(row) for row in rows) for name, rows in raw["tables"].items()}
    return Sheet(raw["paper"], raw["fields"], tables, stamped, Look(**raw.get("look", {})))


def places_of(text: str) -> tuple[Place, ...]:
    """The places to mark of a frozen sheet; empty for one that is not signed cell by cell."""
    raw: list[dict[str, Any]] = orjson.loads(text).get("places", [])
    return tuple(Place(**place) for place in raw)


def _place(cell: Cell, rows: Sequence[tuple[str, str]]) -> Sequence[Place]:
    kind, _, number = cell.name.partition(".")
    if not number.isdigit() or int(number) > len(rows):
        return ()
    role, item = rows[int(number) - 1]
    return (Place(role, item, kind, cell.page, cell.x, cell.y, cell.width, cell.height),)
