"""Sentences for people: English source text with named fields, translated when shown.

The core and the window share one catalogue mechanism (gettext, ``resources/translations/<language>/*.mo``), so that
a refusal raised deep in the core reads the same on the command line and beside a field of a form.
Source text is English; ``zh_CN`` is complete beside it. Document wording never goes through here: it comes from the
policy packs and paper files, because the language of a paper is not the language of the window.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from villagedesk import resources

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"

_language = DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Text:
    """A sentence with its named values, kept untranslated until somebody reads it."""

    source: str
    fields: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        return self.render(_language)

    def render(self, language: str) -> str:
        """The sentence in ``language`` with its values filled in."""
        template = _catalogue(language).get(self.source, self.source)
        if not self.fields:
            return template
        said = {
            name: value.render(language) if isinstance(value, Text) else value for name, value in self.fields.items()
        }
        return template.format_map(said)


def say(source: str, /, **fields: object) -> Text:
    """A sentence to be shown later. ``source`` is a literal, so that extraction finds it."""
    return Text(source, MappingProxyType(fields))


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


@lru_cache
def _catalogue(language: str) -> Mapping[str, str]:
    """Source → translation, merged from every compiled catalogue of the language."""
    merged: dict[str, str] = {}
    folder = resources.path("translations", language)
    if folder.is_dir():
        for file in sorted(folder.glob("*.mo")):
            with file.open("rb") as stream:
                entries = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]  # noqa: SLF001
            merged.update({k: v for k, v in entries.items() if k and isinstance(k, str)})
    return MappingProxyType(merged)
