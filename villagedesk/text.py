"""Sentences for people: English source text with named fields, translated when shown.

The core and the window share one catalogue mechanism (gettext, ``resources/translations/<language>/*.mo``), so that
a refusal raised deep in the core reads the same on the command line and beside a field of a form.
Source text is English; ``zh_CN`` is complete beside it. Document wording never goes through here: it comes from the
policy packs and paper files, because the language of a paper is not the language of the window.

English bends its words to a number: ``say("{n} {n:file|files} came in.", n=n)`` reads right for one as well. Chinese
does not, and names the field alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from villagedesk import resources

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"

_language = DEFAULT_LANGUAGE
_NO_FIELDS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with its named values, kept untranslated until somebody reads it."""

    source: str
    fields: Mapping[str, object] = field(default_factory=lambda: _NO_FIELDS)

    def __str__(self) -> str:
        return self.render(_language)

    def render(self, language: str) -> str:
        """The sentence in ``language`` with its values filled in."""
        translated = _catalogue(language).get(self.source.encode())
        template = translated.decode() if translated else self.source
        if not self.fields:
            return template
        said = {
            name: value.render(language) if isinstance(value, Text) else value for name, value in self.fields.items()
        }
        return template.format_map({name: _Counted(value) for name, value in said.items()} if "|" in template else said)


class _Counted:
    """A value in a sentence that counts: ``{n:day|days}`` is the first word for one, the second for all else."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        one, counts, more = spec.partition("|")
        if not counts:
            return format(self._value, spec)
        return one if str(self._value) == "1" else more


def say(source: str, /, **fields: object) -> Text:
    """A sentence to be shown later. ``source`` is a literal, so that extraction finds it."""
    return Text(source, MappingProxyType(fields) if fields else _NO_FIELDS)


def tr(source: str, /, **fields: object) -> str:
    """The sentence in the language in use now. ``source`` is a literal, so that extraction finds it."""
    return str(say(source, **fields))


def use(language: str) -> None:
    """Show sentences in ``language`` from now on (``zh_CN`` or ``en``)."""
    global _language  # noqa: PLW0603  the one process-wide choice: what language its user reads
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language


def language() -> str:
    """The language in use now."""
    return _language


def is_ours(source: str) -> bool:
    """Whether a sentence is one of the program's own, not one that came with somebody's file."""
    return source.encode() in _catalogue(DEFAULT_LANGUAGE)


@lru_cache
def _catalogue(language: str) -> Mapping[bytes, bytes]:
    """Source → translation, merged from every compiled catalogue of the language, still encoded.

    A window starts with it: reading three thousand sentences as bytes costs a tenth of what ``gettext`` takes.
    """
    folder = resources.path("translations", language)
    files = sorted(folder.glob("*.mo")) if folder.is_dir() else ()
    return dict(entry for file in files for entry in _entries(file))


def _entries(file: Path) -> Iterator[tuple[bytes, bytes]]:
    """The pairs of a ``.mo`` file as babel writes it: little-endian, one table of lengths and offsets a side."""
    raw = file.read_bytes()
    count, sources, translations = struct.unpack_from("<3I", raw, 8)

    def side(start: int) -> Iterator[bytes]:
        table = struct.unpack_from(f"<{2 * count}I", raw, start)
        return (raw[begin : begin + length] for length, begin in zip(table[::2], table[1::2], strict=True))

    return ((source, said) for source, said in zip(side(sources), side(translations), strict=True) if source)
