"""What people read is true: code words, clauses, file names, buttons and commands that the pages name are there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from pypdf import PdfReader

from villagedesk.desk import Desk
from villagedesk.records.schema import RECORDS

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
    broken = [
        f"{page.relative_to(ROOT)} -> {target}" for page in pages for target in links(page) if not target.exists()
    ]
    assert broken == []


# The clauses of the decrees ------------------------------------------------------------------------------------------

STATES = {"yes", "core", "partly", "not yet", "left out", "—"}
CLAUSES = {"N": 45, "XJ": 57, "SZ": 36, "GZ": 36, "JS": 58}  # rows of DOMAIN §1


@lru_cache
def clauses() -> tuple[tuple[str, ...], ...]:
    """Every row of docs/requirements.md: id, clause, state, where, shown by."""
    lines = (DOCS / "requirements.md").read_text(encoding="utf-8").splitlines()
    rows = [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in lines]
    return tuple(row for row in rows if len(row) == 5 and re.match(r"(N|XJ|SZ|GZ|JS)-\d", row[0]))


@lru_cache
def parsed(file: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "resources/policy" / file).read_text(encoding="utf-8"))


def quoted(row: tuple[str, ...]) -> list[str]:
    return re.findall(r"`([^`]+)`", row[3])


PARTS = {name: said.removeprefix("Part[").removesuffix("]") for name, said in Desk.__annotations__.items()}


def is_there(name: str) -> bool:
    """Whether what a page names in backticks is in the program."""
    word, _, rest = name.partition(" ")
    if re.fullmatch(r"[AHIMKXV]\d\d", name):
        return parsed("rules.toml")["rules"].get(name, {}).get("built", name in parsed("rules.toml")["rules"])
    if word.endswith(":"):
        return in_pack(f"{word[:-1]}.toml", rest.split("."))
    if rest:
        places: dict[str, Callable[[], bool]] = {
            "item": lambda: rest in parsed("common.toml")["income"]["items"],
            "code": lambda: rest in parsed("codes.toml"),
            "paper": (ROOT / f"resources/papers/{rest}.toml").is_file,
        }
        return places[word]()
    return (ROOT / name).exists() if "/" in name else is_field_or_verb(*name.split("."))


def in_pack(file: str, keys: list[str]) -> bool:
    found: Any = parsed(file)
    for key in keys:
        if not isinstance(found, dict) or key not in found:
            return False
        found = found[key]
    return True


def is_field_or_verb(owner: str, name: str) -> bool:
    if owner in PARTS:
        service = next((each for each in services() if each == PARTS[owner]), "")
        return any(hasattr(getattr(import_module(module), service), name) for module in classes()[service])
    return name in {each.name for each in fields(RECORDS[owner].draft)}


def test_every_clause_of_the_decrees_is_listed_once_with_a_state():
    ids = [row[0] for row in clauses()]
    assert len(ids) == len(set(ids))
    assert Counter(each.split("-")[0] for each in ids) == CLAUSES
    assert {row[2] for row in clauses()} <= STATES


def test_the_count_of_each_state_is_right():
    said = {row[0]: int(row[2]) for row in table_rows(DOCS / "requirements.md", 3) if row[2].isdigit()}
    assert said == dict(Counter(row[2] for row in clauses()))


def test_what_the_list_of_clauses_names_is_in_the_program():
    missing = [f"{row[0]}: {name}" for row in clauses() for name in quoted(row) if not is_there(name)]
    assert missing == []


def test_tests_named_by_the_list_of_clauses_are_there():
    files = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py")}
    named = [(row[0], *re.findall(r"`([^`:]+)(?:::(\w+))?`", row[4])) for row in clauses() if row[4]]
    missing = [
        f"{clause}: {file}::{test}"
        for clause, *found in named
        for file, test in found
        if file not in files or (test and f"def {test}(" not in files[file])
    ]
    assert missing == []


def test_a_clause_said_to_work_has_a_test_and_can_be_reached():
    """“yes” means a user gets at it; what only the core can do is said to be so."""
    callers = [*(ROOT / "ui").rglob("*.py"), *(ROOT / "villagedesk/commands").glob("*.py")]
    called = "\n".join(file.read_text(encoding="utf-8") for file in callers)
    yes = [row for row in clauses() if row[2] == "yes"]
    verbs = [(row[0], name.split(".")[0]) for row in yes for name in quoted(row) if re.fullmatch(r"\w+\.\w+", name)]
    hidden = [
        f"{clause}: {service}"
        for clause, service in verbs
        if service in PARTS and not re.search(rf"desk\.{service}\b", called)
    ]
    assert [row[0] for row in yes if not row[4]] == []
    assert hidden == []


def test_every_page_of_the_exchange_is_in_its_list_with_a_test_that_is_there():
    roles = {
        "desk": (ROOT / "ui/pages.py").read_text("utf-8"),
        "hub": (ROOT / "ui/township/pages.py").read_text("utf-8"),
    }
    files = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "tests/gui").glob("test_*.py")}
    rows = [row for row in table_rows(DOCS / "requirements.md", 3) if re.match(r"`(desk|hub): ", row[1])]
    named = {(role, key) for row in rows for role, key in re.findall(r"`(desk|hub): ([\w-]+)`", row[1])}
    assert [one for one in named if f'PageKind("{one[1]}"' not in roles[one[0]]] == []
    assert {("hub", key) for key in re.findall(r'PageKind\("([\w-]+)"', roles["hub"])} <= named
    for row in rows:
        file, test = re.fullmatch(r"`([^`:]+)(?:::(\w+))?`", row[2]).groups()
        assert f"def {test or 'test_'}" in files[file], row[2]


# The manual ----------------------------------------------------------------------------------------------------------

MANUAL = ROOT / "resources/manual"
LABEL = {"zh_CN": re.compile(r"「([^」]+)」"), "en": re.compile(r"\*\*([^*]+)\*\*|「([^」]+)」")}


def manual_pages(language: str) -> list[Path]:
    return sorted((MANUAL / language).glob("*.md"))


@lru_cache
def contents() -> dict[str, Any]:
    return tomllib.loads((MANUAL / "contents.toml").read_text(encoding="utf-8"))


@lru_cache
def words_of_the_window() -> dict[str, set[str]]:
    """What the window says, by language, and the titles that policy packs give to steps and parts."""
    book = []
    for catalogue in sorted((ROOT / "resources/translations/zh_CN").glob("*.po")):
        with catalogue.open("rb") as file:
            book += [message for message in read_po(file) if message.id]
    titles = {title for file in (ROOT / "resources/policy").glob("*.toml") for title in _titles(parsed(file.name))}
    return {
        "zh_CN": {str(message.string) for message in book} | titles,
        "en": {str(message.id) for message in book} | titles,
    }


def _titles(part: Any) -> Iterator[str]:
    for key, value in part.items() if isinstance(part, dict) else ():
        yield from _titles(value)
        plain = value.get("value") if isinstance(value, dict) else value
        if key in {"title", "name"} and isinstance(plain, str):
            yield plain


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_manual_names_no_button_that_does_not_exist(language):
    named = [
        (page.name, label)
        for page in manual_pages(language)
        for found in LABEL[language].findall(page.read_text(encoding="utf-8"))
        for label in ([found] if isinstance(found, str) else filter(None, found))
    ]
    assert len(named) > 60
    assert [each for each in named if each[1] not in words_of_the_window()[language]] == []


def test_both_languages_have_the_same_pages_with_the_same_pictures():
    shown = {
        language: {
            page.name: re.findall(r"/(\w+)\.png", page.read_text(encoding="utf-8")) for page in manual_pages(language)
        }
        for language in ("zh_CN", "en")
    }
    assert shown["zh_CN"] == shown["en"]
    assert set(shown["en"]) == {f"{key}.md" for key in [*contents()["order"], "handout"]}


def test_every_page_of_the_window_has_its_page_in_the_manual():
    keys = re.findall(r'PageKind\("([\w-]+)"', (ROOT / "ui/pages.py").read_text(encoding="utf-8"))
    assert len(keys) > 10
    assert [key for key in keys if key not in contents()["order"] and key not in contents()["also"]] == []
    assert {place.partition("#")[0] for place in contents()["also"].values()} <= set(contents()["order"])


def test_pictures_of_the_manual_are_there_and_light():
    for language in ("zh_CN", "en"):
        files = {file.stem: file.stat().st_size for file in (MANUAL / "pictures" / language).glob("*.png")}
        assert set(files) == set(contents()["pictures"])
        assert {name: size for name, size in files.items() if size > 80_000} == {}
    broken = [
        f"{page.name} -> {target}" for page in MANUAL.rglob("*.md") for target in links(page) if not target.exists()
    ]
    assert broken == []


def test_pages_of_the_manual_are_short():
    assert [page.name for page in MANUAL.rglob("*.md") if len(page.read_text(encoding="utf-8")) > 4_500] == []


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "回执"), ("en", "reply")])
def test_the_hand_out_has_two_pages_and_the_manual_all(language, word):
    handout = PdfReader(MANUAL / language / "handout.pdf")
    manual = PdfReader(MANUAL / language / "manual.pdf")
    assert len(handout.pages) == 2
    assert word in handout.pages[0].extract_text() + handout.pages[1].extract_text()
    assert len(manual.pages) >= len(contents()["order"])
