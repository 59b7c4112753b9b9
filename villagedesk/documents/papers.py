"""Paper kinds as data: ``resources/papers/*.toml``, read with a check that names file, key and reason.

A county adds a paper or changes a sentence by editing such a file; no code is touched.
"""

from __future__ import annotations

import dataclasses
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from villagedesk import resources
from villagedesk.documents import fonts
from villagedesk.documents.blocks import KINDS, Bars, Block, Column, Form, ListTable, Signatures
from villagedesk.documents.paper import TERM, Each, GroupRule, Paper
from villagedesk.errors import Unreadable
from villagedesk.grammar import Mistake, mistake_in
from villagedesk.text import Text, say

MOST_BY_HAND = 200


TABLED = ListTable | Signatures | Bars | Form
"""Blocks that show rows of a table of the sheet."""
_MADE = frozenset({"key", "blocks", "when", "words", "each"})  # made by the program
_GROUPED = "by_group"
_BY_HAND = "by_hand"
_KINDS = {str: say("text"), int: say("a whole number"), float: say("a number"), bool: say("true or false")}


class Wrong(Exception):
    """A template is wrong at ``key`` for a reason; :func:`refused` adds file and line."""

    def __init__(self, key: str, reason: Text) -> None:
        super().__init__(key)
        self.key, self.reason = key, reason


@lru_cache
def load_papers() -> Mapping[str, Paper]:
    """The shipped paper kinds by key. Raises Unreadable for a wrong file."""
    return read_folder(resources.path("papers"))


def read_folder(folder: Path) -> Mapping[str, Paper]:
    """Every paper kind of a folder, by key (the file's name). Raises Unreadable naming file, key and reason."""
    return MappingProxyType({file.stem: read_paper(file) for file in sorted(folder.glob("*.toml"))})


def read_paper(file: Path) -> Paper:
    """Read and check one paper file. Raises Unreadable naming file, key (or line) and reason."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(say("“{name}” is no text file that can be read. Choose another.", name=file.name)) from error
    return read_text(file.stem, text)


@lru_cache(maxsize=200)
def read_text(key: str, text: str) -> Paper:
    """The paper of this key from the text of its file; raises as :func:`read_paper` does."""
    try:
        return _paper(key, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(key, mistake_in(text, error)) from error
    except Wrong as wrong:
        raise refused(key, text, wrong) from wrong


def refused(key: str, text: str, wrong: Wrong) -> Unreadable:
    """What is wrong in a paper file, with file, line, key and reason."""
    return Unreadable(
        say(
            "The paper file {file} is wrong in line {line}, at “{key}”: {reason}",
            file=f"{key}.toml",
            line=line_of(text, wrong.key),
            key=wrong.key,
            reason=wrong.reason,
        )
    )


def _not_toml(key: str, mistake: Mistake) -> Unreadable:
    words = say("{reason}.", reason=mistake.reason)
    return Unreadable(
        say("The paper file {file} is wrong in line {line}, at “{key}”: {reason}", file=f"{key}.toml",
            line=mistake.line, key=mistake.key or "-", reason=words)
    )  # fmt: skip


def line_of(text: str, key: str) -> int:
    """The line, from 1, at which ``key`` of a refusal stands in a paper file, or the nearest above it."""
    lines = [line.strip() for line in text.split("\n")]
    path = key.split(".")
    if block := re.match(r"block (\d+)", key):
        heads = [number for number, line in enumerate(lines) if line == "[[block]]"]
        start = heads[min(int(block[1]), len(heads)) - 1]
    else:
        sections = [f"[{'.'.join(path[:length])}]" for length in range(len(path), 0, -1)]
        start = next((lines.index(section) for section in sections if section in lines), 0)
    for name in reversed(path):
        if name.isdigit():
            found = [number for number, line in enumerate(lines) if number > start and line.startswith("{")]
            found = found[int(name) - 1 : int(name)]
        else:
            wanted = re.compile(rf"{re.escape(name)}\b")
            found = [number for number, line in enumerate(lines) if number >= start and wanted.match(line)]
        if found:
            return found[0] + 1
    return start + 1


def _paper(key: str, tree: dict[str, Any]) -> Paper:
    raw_blocks = tree.pop("block", None)
    if not isinstance(raw_blocks, list) or not raw_blocks:
        raise Wrong("block", say("a paper needs at least one block."))
    raw_tables = dict(_mapping("tables", tree.pop("tables", {})))
    tables = {name: _columns(f"tables.{name}", value) for name, value in raw_tables.items()}
    fields = dict(_mapping("fields", tree.pop("fields", {})))
    sources = dict(_sources(tree.pop("sources", {}), fields))
    grouped = _group_rule(tree.pop(_GROUPED), fields, tables) if _GROUPED in tree else None
    by_hand = _by_hand(tree.pop(_BY_HAND), tables) if _BY_HAND in tree else None
    when = tuple(str(raw.pop("when", "")) if isinstance(raw, dict) else "" for raw in raw_blocks)
    blocks = tuple(_block(number, raw, tables) for number, raw in enumerate(raw_blocks, 1))
    for name in _MADE.intersection(tree):
        raise Wrong(name, say("this key is made by the program; leave it out."))
    known = {"key": key, "fields": fields, "tables": tables, "sources": sources, "each": {}, "blocks": [], "when": []}
    each = {name: value["each"] for name, value in raw_tables.items() if "each" in value}
    paper = dataclasses.replace(
        Paper(**_typed("", {**tree, **known}, Paper)),
        blocks=blocks, when=when, by_group=grouped, by_hand=by_hand, each=MappingProxyType(each),
    )  # fmt: skip
    used = _check_names(paper)
    return dataclasses.replace(paper, words=tuple(sorted(name for name in used if name.endswith(TERM))))


def _mapping(key: str, value: object) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise Wrong(key, say("this must be a table of keys and values."))
    yield from value.items()


def _sources(raw: object, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, source in _mapping("sources", raw):
        if name not in fields:
            raise Wrong(f"sources.{name}", say("the field “{name}” is not declared under [fields].", name=name))
        if not isinstance(source, str):
            raise Wrong(f"sources.{name}", say("this must be {wanted}.", wanted=_KINDS[str]))
        yield name, source


def _columns(key: str, value: object) -> tuple[Column, ...]:
    table = dict(_mapping(key, value))
    for name in sorted(table.keys() - {"columns", "each"}):
        raise Wrong(f"{key}.{name}", say("this key is not known here; known are {known}.", known="columns, each"))
    if "each" in table:
        _value(f"{key}.each", table["each"], Each)
    columns = table.get("columns")
    if not isinstance(columns, list) or not columns:
        raise Wrong(f"{key}.columns", say("a table needs at least one column."))
    return tuple(
        Column(**_typed(f"{key}.columns.{n}", dict(_mapping(key, raw)), Column)) for n, raw in enumerate(columns, 1)
    )


def _group_rule(raw: object, fields: Mapping[str, str], tables: Mapping[str, tuple[Column, ...]]) -> GroupRule:
    rule = GroupRule(**_typed(_GROUPED, dict(_mapping(_GROUPED, raw)), GroupRule))
    if rule.table not in tables:
        raise Wrong(f"{_GROUPED}.table", say("there is no table “{table}” in this paper.", table=rule.table))
    columns = {column.key for column in tables[rule.table]}
    named = {
        "column": columns,
        "serial": columns,
        "summed": columns,
        **dict.fromkeys(("place", "count", "sum"), fields),
    }
    for key, known in named.items():
        if getattr(rule, key) not in known:
            raise Wrong(f"{_GROUPED}.{key}", say("there is no field or column “{name}”.", name=getattr(rule, key)))
    return rule


def _by_hand(raw: object, tables: Mapping[str, tuple[Column, ...]]) -> Mapping[str, int]:
    rows = dict(_mapping(_BY_HAND, raw))
    for name, count in rows.items():
        if name not in tables:
            raise Wrong(f"{_BY_HAND}.{name}", say("there is no table “{table}” in this paper.", table=name))
        if type(count) is not int or not 0 < count <= MOST_BY_HAND:
            raise Wrong(f"{_BY_HAND}.{name}", say("this must be a whole number from 1 to {most}.", most=MOST_BY_HAND))
    return MappingProxyType({name: rows.get(name, 0) for name in tables})


def _block(number: int, raw: object, tables: Mapping[str, tuple[Column, ...]]) -> Block:
    tree = dict(_mapping(f"block {number}", raw))
    kind = str(tree.pop("kind", ""))
    if kind not in KINDS:
        raise Wrong(f"block {number}.kind", say("“{kind}” is not a kind of block; known are {known}.", kind=kind,
                                                known=", ".join(KINDS)))  # fmt: skip
    where = f"block {number} ({kind})"
    block: Block = KINDS[kind](**_typed(where, tree, KINDS[kind]))
    if isinstance(block, TABLED) and (block.table or not isinstance(block, Form)) and block.table not in tables:
        raise Wrong(f"{where}.table", say("there is no table “{table}” in this paper.", table=block.table))
    if isinstance(block, ListTable):
        block = dataclasses.replace(block, columns=tables[block.table])
        if block.total and len(block.total) != len(block.columns):
            raise Wrong(f"{where}.total", say("the total row needs as many cells as the table has columns."))
    if isinstance(block, Form) and block.table:
        if block.widths or block.rows:
            raise Wrong(f"{where}.table", say("a form takes its rows from a table or brings its own, not both."))
        block = dataclasses.replace(block, widths=tuple(column.width for column in tables[block.table]))
    if isinstance(block, Form) and not block.widths:
        raise Wrong(f"{where}.widths", say("this key is missing."))
    if isinstance(block, Form) and any(len(row) > len(block.widths) for row in block.rows):
        raise Wrong(f"{where}.rows", say("a row has more cells than there are widths."))
    return block


def _typed(where: str, tree: dict[str, Any], kind: type) -> dict[str, Any]:
    """The values of ``tree`` as the dataclass ``kind`` takes them."""
    hints = get_type_hints(kind)
    prefix = f"{where}." if where else ""
    for key in tree:
        if key not in hints:
            raise Wrong(prefix + key, say("this key is not known here; known are {known}.", known=", ".join(hints)))
    for field in dataclasses.fields(kind):
        if field.default is dataclasses.MISSING and field.name not in tree:
            raise Wrong(prefix + field.name, say("this key is missing."))
    return {key: _value(prefix + key, value, hints[key]) for key, value in tree.items()}


def _value(key: str, value: Any, hint: Any) -> Any:
    origin = get_origin(hint)
    if origin is Literal:
        if value not in get_args(hint):
            raise Wrong(key, say("“{value}” is not one of {known}.", value=value, known=", ".join(get_args(hint))))
        return value
    if origin is tuple and isinstance(value, list):
        return tuple(_value(f"{key}.{n}", each, get_args(hint)[0]) for n, each in enumerate(value, 1))
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if origin is tuple or (hint in _KINDS and type(value) is not hint):
        raise Wrong(key, say("this must be {wanted}.", wanted=_KINDS.get(hint, say("a list"))))
    return value


def placeholders(text: str, key: str = "") -> Iterator[str]:
    """The names in braces in ``text``. Raises Wrong for anything but a plain name."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise Wrong(key, say("the braces in “{text}” do not match.", text=text)) from error
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise Wrong(key, say("“{name}” in braces is not a plain name.", name=name))
        yield name


def texts_of(value: object) -> Iterator[str]:
    """Every text inside a block."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts_of(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))


def _check_names(paper: Paper) -> set[str]:
    """Check that what is used is declared and drawable and what is declared is used; returns the names used."""
    used: set[str] = set()
    for number, block in enumerate(paper.blocks, 1):
        for text in texts_of(block):
            _check_text(f"block {number}", text, paper, used)
    for text in (paper.title, paper.outline):
        _check_text("title", text, paper, used)
    known = set(paper.fields) | set(paper.tables)
    used |= {block.table for block in paper.blocks if isinstance(block, TABLED)} - {""}
    for number, name in enumerate(paper.when, 1):
        if name and name not in known:
            raise Wrong(f"block {number}.when", say("there is no field or table “{name}”.", name=name))
    for name in sorted(set(paper.blank) - known):
        raise Wrong("blank", say("there is no field or table “{name}”.", name=name))
    for name in sorted(known - used - set(paper.when)):
        raise Wrong(name, say("this field or table is declared but stands nowhere in the paper."))
    return used


def _check_text(where: str, text: str, paper: Paper, used: set[str]) -> None:
    for char in fonts.undrawable(text.replace("\n", "")):
        raise Wrong(where, say("no font draws “{char}”.", char=char))
    for name in placeholders(text, where):
        if not name.endswith(TERM) and name not in paper.fields:
            raise Wrong(where, say("the field “{name}” is not declared under [fields].", name=name))
        used.add(name)
