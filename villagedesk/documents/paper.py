"""A kind of paper as it is used: its fields, tables and blocks, and how it is printed. Read by :mod:`.papers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from villagedesk.documents.blocks import Block, Column

Audience = Literal["public", "household", "office"]
About = Literal["", "village", "household", "member"]
Each = Literal["household", "member"]
TERM = "_word"
"""A placeholder with this ending is a word of the policy profile; every other one is a field of the sheet."""


@dataclass(frozen=True, slots=True)
class GroupRule:
    """How a list paper falls apart into one list a village group.

    Rows of ``table`` are told apart by ``column`` and numbered anew in ``serial``; the field ``place`` gets the group's
    name behind it; ``count`` is the field of the number of rows, ``sum`` that of the sum of the column ``summed``.
    """

    table: str
    column: str
    serial: str
    place: str
    count: str
    sum: str
    summed: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper. ``fields`` and ``tables`` are exactly what a sheet of it must bring.

    ``words``: the profile's words it uses. ``blank``: fields that may be empty. ``copies``: how many are printed and
    registered. ``by_hand``: rows of each table on an empty copy, None where none is to be had. ``footer``: "line" of
    small print, "code" beside it, "corners" for a paper that comes back as a scan, or "none".

    A paper that no code fills says for itself what it is about: ``about`` the record it speaks of, ``sources`` the
    field of the dictionary that fills a field, ``each`` what a row of a table is.
    """

    key: str
    title: str
    audience: Audience
    fields: Mapping[str, str]
    tables: Mapping[str, tuple[Column, ...]]
    blocks: tuple[Block, ...]
    when: tuple[str, ...]
    words: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    outline: str = ""
    copies: int = 1
    layout: Literal["official", "form"] = "official"
    size: Literal["A4", "A3"] = "A4"
    landscape: bool = False
    large: bool = False
    footer: Literal["line", "code", "corners", "none"] = "line"
    by_group: GroupRule | None = None
    by_hand: Mapping[str, int] | None = None
    about: About = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    each: Mapping[str, Each] = field(default_factory=dict)
