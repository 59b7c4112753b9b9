"""What people read is true: code words, clauses, file names, buttons and commands that the pages name are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SPLIT = re.compile(r",\s*")


def table_rows(page: Path, columns: int) -> Iterator[list[str]]:
    """The rows of every table with this many columns, without headings and rulers."""
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == columns:
            yield cells


@lru_cache
def classes() -> dict[str, set[str]]:
    """Class name → the modules that have one; type names assigned at the top of a module count too."""
    found: dict[str, set[str]] = {}
    for folder in ("villagedesk", "ui"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                names = [node.name] if isinstance(node, ast.ClassDef) else _assigned(node)
                for name in names:
                    found.setdefault(name, set()).add(".".join(file.relative_to(ROOT).with_suffix("").parts))
    return found


def _assigned(node: ast.stmt) -> list[str]:
    if not isinstance(node, ast.Assign):
        return []
    return [target.id for target in node.targets if isinstance(target, ast.Name) and target.id.istitle()]


def glossary() -> list[str]:
    rows = table_rows(DOCS / "glossary.md", 3)
    return [word for row in rows if row[0] != "code" for word in SPLIT.split(row[0])]


def services() -> set[str]:
    """Classes of ``services`` that stand on an open store: made from a site, a place or a connection."""
    wired = (ROOT / "villagedesk/desk.py").read_text("utf-8") + (ROOT / "villagedesk/hub.py").read_text("utf-8")
    imported = re.findall(r"from villagedesk\.services\.\w+ import (.+)", wired)
    names = {name.strip() for line in imported for name in line.split(",")}
    return {name for name in names if name in classes() and name != "Site"}


def test_every_word_of_the_glossary_is_in_the_code():
    known = {*classes(), *(name.removesuffix("Draft") for name in classes())}
    words = glossary()
    assert len(words) > 80
    assert [word for word in words if word not in known] == []


def test_every_service_and_every_form_is_in_the_glossary():
    forms = {name.removesuffix("Draft") for name in classes() if name.endswith("Draft")}
    assert len(services()) > 18
    assert sorted((services() | forms) - set(glossary())) == []


def links(page: Path) -> Iterator[Path]:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            yield (page.parent / target).resolve()


def test_every_link_of_the_pages_leads_somewhere():
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    broken = [f"{page.relative_to(ROOT)} -> {target}" for page in pages for target in links(page) if not target.exists()]
    assert broken == []
