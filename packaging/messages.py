"""What the program says to people, against its catalogues: ``make messages`` lists what is missing and compiles.

Every ``say("…")`` and ``tr("…")`` of villagedesk and ui needs a finished entry in one of
``resources/translations/zh_CN/*.po``. The source folder tells which catalogue an entry belongs to.
"""

from __future__ import annotations

import ast
import string
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the same words compile to the same bytes on every day
ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "resources" / "translations" / "zh_CN"
SOURCES = ("villagedesk", "ui")
AREAS = (  # the longest fitting start of the path decides
    ("ui", "ui"),
    ("villagedesk/cli", "cli"),
    ("villagedesk/commands", "cli"),
    ("villagedesk/demo", "cli"),
    ("villagedesk/divisions", "divisions"),
    ("villagedesk/documents", "documents"),
    ("villagedesk/exchange", "exchange"),
    ("villagedesk/hub", "sync"),
    ("villagedesk/policy/checks", "checks"),
    ("villagedesk/policy", "policy"),
    ("villagedesk/sync", "sync"),
    ("villagedesk", "core"),
)


@dataclass(frozen=True)
class Sentence:
    """One call of ``say`` or ``tr``. ``source`` is None when its first argument is not a literal."""

    file: str
    line: int
    source: str | None
    fields: frozenset[str] | None  # None: given as **fields, known only at run time

    @property
    def place(self) -> str:
        """Where it stands, as editors read it."""
        return f"{self.file}:{self.line}"

    @property
    def area(self) -> str:
        """The catalogue its translation belongs to."""
        return next(area for start, area in AREAS if self.file.startswith(start))


def sentences(root: Path = ROOT) -> Iterator[Sentence]:
    """Every call of ``say`` and ``tr`` in the shipped sources, in the order of files and lines."""
    for folder in SOURCES:
        for file in sorted((root / folder).rglob("*.py")):
            name = file.relative_to(root).as_posix()
            if name != "villagedesk/text.py":  # defines them
                yield from _calls(name, ast.parse(file.read_text(encoding="utf-8"), name))


def _calls(name: str, tree: ast.AST) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _says(node.func):
            literal = node.args[0] if node.args else None
            source = literal.value if isinstance(literal, ast.Constant) and isinstance(literal.value, str) else None
            names = [keyword.arg for keyword in node.keywords]
            fields = None if None in names else frozenset(name for name in names if name)
            yield Sentence(name, node.lineno, source, fields)


def _says(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in {"say", "tr"} and isinstance(function.value, ast.Name) and function.value.id == "text"
    return isinstance(function, ast.Name) and function.id in {"say", "tr"}


def placeholders(template: str) -> frozenset[str]:
    """The names of the ``{fields}`` in a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def catalogues(folder: Path = CATALOGUES) -> dict[str, Catalog]:
    """The translations by area."""
    found = {}
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as stream:
            found[file.stem] = read_po(stream, locale="zh_CN")
    return found


def finished(catalogue: Catalog) -> dict[str, str]:
    """Source → translation of the entries that are neither empty nor fuzzy."""
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}


def missing(spoken: Iterable[Sentence], done: Iterable[str]) -> dict[str, list[Sentence]]:
    """The sentences without a finished translation, by area, each source once."""
    seen, left = set(done), defaultdict(list)
    for sentence in spoken:
        if sentence.source is not None and sentence.source not in seen:
            seen.add(sentence.source)
            left[sentence.area].append(sentence)
    return dict(left)


def unused(spoken: Iterable[Sentence], catalogue: Catalog) -> list[str]:
    """The entries of a catalogue that nothing says any more."""
    said = {sentence.source for sentence in spoken}
    return [source for source in finished(catalogue) if source not in said]


def compiled(area: str, folder: Path = CATALOGUES) -> dict[str, str]:
    """Source → translation as the program will read it; empty when the ``.mo`` is not there."""
    file = folder / f"{area}.mo"
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return finished(read_mo(stream))


def listing(left: dict[str, list[Sentence]]) -> str:
    """The missing entries, ready to be pasted into their catalogues."""
    lines = []
    for area, rest in sorted(left.items()):
        lines.append(f"# {area}.po: {len(rest)} missing")
        for sentence in rest:
            escaped = str(sentence.source).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            lines += [f"#: {sentence.place}", f'msgid "{escaped}"', 'msgstr ""', ""]
    return "\n".join(lines)


def main() -> int:
    """Compile every catalogue, then list what is missing or no longer said."""
    spoken, books = list(sentences()), catalogues()
    for area, book in books.items():
        book.creation_date = _NO_DAY
        with (CATALOGUES / f"{area}.mo").open("wb") as stream:
            write_mo(stream, book)
        for source in unused(spoken, book):
            print(f"# {area}.po: nothing says this any more: {source!r}", file=sys.stderr)
    left = missing(spoken, {source for book in books.values() for source in finished(book)})
    print(listing(left) or "zh_CN is complete.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
