"""The manual as shipped: its pages in order, their blocks, where a word stands, and a page as HTML.

``packaging/manual.py`` makes the PDFs of the same blocks. No Qt here.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from villagedesk import resources

FIRST = "first-hour"
_AROUND = 18  # signs shown before a hit
_SNIPPET = 46


@dataclass(frozen=True)
class Hit:
    """A page that holds what is looked for: its key, its title, the words around the first place."""

    key: str
    title: str
    snippet: str


@lru_cache
def contents() -> Mapping[str, Any]:
    """``contents.toml``: order, also, pictures, handout."""
    return tomllib.loads(resources.path("manual", "contents.toml").read_text(encoding="utf-8"))


def order() -> Sequence[str]:
    """The keys of the pages in reading order."""
    return tuple(contents()["order"])


@dataclass(frozen=True)
class Place:
    """Where the manual speaks of something: a page, and which of its sections, 0 for its beginning."""

    page: str
    section: int = 0


def place_for(topic: str) -> Place:
    """The place for a page of the window, or for a tab of it (``team/1``); the first page before a desk is open."""
    also = contents()["also"]
    page_key = topic.partition("/")[0]
    name, _, section = str(also.get(topic) or also.get(page_key) or page_key).partition("#")
    return Place(name, int(section or 0)) if name in order() else Place(FIRST)


def page(language: str, key: str) -> str:
    """The text of one page."""
    return resources.path("manual", language, f"{key}.md").read_text(encoding="utf-8")


def pdf(language: str, name: str) -> bytes:
    """``manual`` or ``handout``, to print."""
    return resources.path("manual", language, f"{name}.pdf").read_bytes()


def title(language: str, key: str) -> str:
    """The heading of a page."""
    return next(text for kind, text in blocks(page(language, key)) if kind == "h1")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The blocks of a page: (kind, text), kind being h1, h2, step, point, picture or text."""
    for paragraph in text.split("\n\n"):
        lines: list[str] = []
        for line in paragraph.strip().splitlines():
            if lines and _kind(line) == "text":
                lines[-1] += ("" if _wide(lines[-1][-1]) else " ") + line.strip()
            else:
                lines.append(line.strip())
        yield from ((_kind(line), _bare(line)) for line in lines if line)


def find(language: str, wanted: str) -> tuple[Hit, ...]:
    """The pages that hold every word of ``wanted``, those with it in the heading first."""
    words = wanted.casefold().split()
    hits = [hit for key in order() if (hit := _hit(language, key, words)) is not None]
    return tuple(sorted(hits, key=lambda hit: words[0] not in hit.title.casefold()) if words else hits)


def anchor(section: int) -> str:
    """The name of a section of a page as HTML."""
    return f"section-{section}"


def as_html(language: str, key: str, width: int) -> str:
    """A page for a text browser; pictures ``width`` pixels wide, lists and headings as they are meant."""
    made: list[str] = []
    opened = ""
    sections = 0
    for kind, said in blocks(page(language, key)):
        listed = {"step": "ol", "point": "ul"}.get(kind, "")
        if opened and listed != opened:
            made.append(f"</{opened}>")
            opened = ""
        if listed and listed != opened:
            start = f' start="{said.partition(".")[0]}"' if kind == "step" else ""
            made.append(f"<{listed}{start}>")
            opened = listed
        if kind == "h2":
            sections += 1
            made.append(f'<a name="{anchor(sections)}"></a>')
        made.append(_block(kind, said, width))
    return "".join([*made, f"</{opened}>" if opened else ""])


def _hit(language: str, key: str, words: Sequence[str]) -> Hit | None:
    head, text = _said(language, key)
    if not all(word in text.casefold() for word in words):
        return None
    at = text.casefold().find(words[0]) if words else 0
    start = max(0, at - _AROUND) if at >= len(head) else at
    return Hit(key, head, text[start : start + _SNIPPET] if words else "")


@lru_cache(maxsize=256)
def _said(language: str, key: str) -> tuple[str, str]:
    """The heading of a page, and all its words to search in."""
    said = [text for kind, text in blocks(page(language, key)) if kind != "picture"]
    return said[0], re.sub(r"[*`]", "", " ".join(said))


def _block(kind: str, said: str, width: int) -> str:
    if kind == "picture":
        caption, _, name = said[2:].rstrip(")").partition("](")
        return f'<p align="center"><img src="{name}" width="{width}"><br><small>{html.escape(caption)}</small></p>'
    if kind == "step":
        said = said.partition(". ")[2]
    tag = {"h1": "h1", "h2": "h3", "step": "li", "point": "li"}.get(kind, "p")
    return f"<{tag}>{_marked(said)}</{tag}>"


def _marked(text: str) -> str:
    safe = html.escape(text, quote=False)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", safe))


def _wide(sign: str) -> bool:
    return ord(sign) > 0x2E80


def _kind(line: str) -> str:
    if line[:1].isdigit() and ". " in line[:4]:
        return "step"
    starts = (("# ", "h1"), ("## ", "h2"), ("- ", "point"), ("![", "picture"))
    return next((kind for start, kind in starts if line.startswith(start)), "text")


def _bare(line: str) -> str:
    return line if _kind(line) in {"text", "picture", "step"} else line.split(" ", 1)[1]
