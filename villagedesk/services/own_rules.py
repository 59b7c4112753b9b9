"""What is demanded of a paper file of the county's own before it is taken (DOMAIN §6.3, §8.2).

It may ask for less than the shipped paper, never for more, and nothing private goes on a board.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from villagedesk.documents.leaks import DENIED_WORDS
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import Wrong, load_papers, texts_of
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.exchange.fields import load_fields
from villagedesk.text import Text, say

_KEY = re.compile(r"[a-z][a-z0-9_]{2,39}")
_MUST_STAY = frozenset(
    ("start", "end", "objection_phone", "supervision_phone", "hotline", "issuer", "date", "approval_no")
)
"""What a notice may not lose: both dates, whom to ask, who issued it (DOMAIN §5.7, §6.1)."""
VILLAGE_FIELDS = ("village", "township", "county", "year", "made_on", "issuer", "phone", "hotline_label", "hotline")
HOUSEHOLD_FIELDS = ("group", "household_no", "head", "size")
MEMBER_FIELDS = ("name",)
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "": VILLAGE_FIELDS,
    "village": VILLAGE_FIELDS,
    "household": (*VILLAGE_FIELDS, *HOUSEHOLD_FIELDS),
    "member": (*VILLAGE_FIELDS, *HOUSEHOLD_FIELDS, *MEMBER_FIELDS),
}
"""What a new paper is about → the fields that are filled without a source."""
_ROW_FIELDS: Mapping[str, tuple[str, ...]] = {"household": ("no", *HOUSEHOLD_FIELDS), "member": ("no", "name")}
BLANK = "blank"
"""A column whose key begins so stays empty, for the pen."""


def demand(paper: Paper) -> None:
    """Raises Wrong, with the key at which it stands, for what a county may not do with a paper."""
    if not _KEY.fullmatch(paper.key):
        raise Wrong("title", say("name the file with small letters, digits and _, for instance visit_card.toml."))
    _demand_clean(paper)
    shipped = load_papers().get(paper.key)
    if shipped is None:
        _demand_sources(paper)
    else:
        _demand_no_more(paper, shipped)


def _demand_clean(paper: Paper) -> None:
    if paper.audience != "public":
        return
    for number, block in enumerate(paper.blocks, 1):
        for word in DENIED_WORDS:
            if any(word in text for text in texts_of(block)):
                raise Wrong(f"block {number}", say("it says “{word}”, which may not be posted.", word=word))


def _demand_no_more(paper: Paper, shipped: Paper) -> None:
    for name in ("audience", "footer"):
        if getattr(paper, name) != getattr(shipped, name):
            text = say("this stays “{value}”, as in the shipped paper.", value=getattr(shipped, name))
            raise Wrong(name, text)
    if paper.about or paper.sources or paper.each:
        name = "about" if paper.about else "sources" if paper.sources else f"tables.{next(iter(paper.each))}.each"
        raise Wrong(name, say("a shipped paper is filled by the program; only new papers name their sources."))
    for part in ("fields", "tables"):
        names, known = getattr(paper, part), getattr(shipped, part)
        for name in sorted(names.keys() - known.keys()):
            raise Wrong(f"{part}.{name}", _unknown(name, known))
    for name in sorted(_MUST_STAY & shipped.fields.keys() - paper.fields.keys()) if paper.audience == "public" else ():
        raise Wrong("fields", say("the field “{name}” may not be missing: the notice has to say it.", name=name))
    for table in paper.tables:
        _demand_columns(paper, shipped, table)


def _demand_columns(paper: Paper, shipped: Paper, table: str) -> None:
    known = {column.key: column for column in shipped.tables[table]}
    for place, column in enumerate(paper.tables[table], 1):
        where = f"tables.{table}.columns.{place}"
        if column.key not in known and not column.key.startswith(BLANK):
            raise Wrong(where, _unknown(column.key, known))
        if column.key in known and known[column.key].person and not column.person:
            text = say("a column of names says so with “person = true”, so that they can be masked.")
            raise Wrong(where, text)


def _unknown(name: str, names: Iterable[str]) -> Text:
    return say("nothing fills “{name}” here; known are {known}.", name=name, known=", ".join(names))


def _demand_sources(paper: Paper) -> None:
    """A new paper: every field comes from somewhere, and nothing sensitive goes anywhere."""
    if paper.footer == "corners":
        raise Wrong("footer", say("only the shipped papers that are signed come back as a scan."))
    usual = _ABOUT[paper.about]
    for name in paper.fields:
        if name in paper.sources:
            _demand_field(paper, f"sources.{name}", paper.sources[name], paper.about)
        elif name not in usual:
            raise Wrong(f"fields.{name}", _unknown(name, usual))
    for table in paper.tables:
        _demand_rows(paper, table)


def _demand_rows(paper: Paper, table: str) -> None:
    each = paper.each.get(table, "")
    if each and (paper.about, each) not in {("village", "household"), ("household", "member")}:
        text = say("a paper about the village lists households, one about a household its members.")
        raise Wrong(f"tables.{table}.each", text)
    if each and paper.audience == "public":
        text = say("lists for the board come from the notices of the program, which check and count them.")
        raise Wrong(f"tables.{table}.each", text)
    for place, column in enumerate(paper.tables[table], 1):
        where = f"tables.{table}.columns.{place}"
        if column.source:
            _demand_field(paper, where, column.source, each)
        elif each and column.key not in _ROW_FIELDS[each] and not column.key.startswith(BLANK):
            raise Wrong(where, _unknown(column.key, _ROW_FIELDS[each]))


def _demand_field(paper: Paper, where: str, source: str, about: str) -> None:
    field = load_fields().fields.get(source)
    scopes = {"household": ("household",), "member": ("household", "member")}.get(about, ())
    if field is None or field.scope not in scopes or not hasattr(_DRAFTS[field.scope](), field.name):
        raise Wrong(where, say("there is no field “{name}” to be had here.", name=source))
    if field.tier == "T3" or (paper.audience == "public" and field.tier != "T0"):
        raise Wrong(where, say("“{label}” is too private for this paper.", label=field.label))


_DRAFTS: Mapping[str, Any] = {"household": HouseholdDraft, "member": MemberDraft}
