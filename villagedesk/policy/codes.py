"""Code lists: the words of a field, by year, and the way back from any word a form ever used (DOMAIN §4.4)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from villagedesk import resources
from villagedesk.errors import Refused, Unreadable
from villagedesk.policy.shape import Faults, build
from villagedesk.text import Text, say
from villagedesk.values import halfwidth


@dataclass(frozen=True, slots=True)
class EarlierWord:
    """What a value was called up to and including the year ``to``."""

    word: str
    to: int


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One value of a list. ``since`` and ``until`` are inclusive years; 0 and 9999 mean unbounded."""

    code: str
    word: str
    aliases: tuple[str, ...] = ()
    since: int = 0
    until: int = 9999
    replaced_by: str = ""
    was: tuple[EarlierWord, ...] = ()
    offered: bool = True  # False: taken on import, not shown for choice

    def word_in(self, year: int | None) -> str:
        """The word used in ``year``; the newest when no year is given."""
        earlier = [old for old in self.was if year is not None and year <= old.to]
        return min(earlier, key=lambda old: old.to).word if earlier else self.word

    def valid_in(self, year: int | None) -> bool:
        """Whether forms of ``year`` offered this value."""
        return year is None or self.since <= year <= self.until


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list, in the order in which it is shown."""

    title: str
    source: str
    entries: tuple[CodeEntry, ...]
    verified: bool = True
    _by_code: Mapping[str, CodeEntry] = field(init=False, repr=False, compare=False)
    _by_text: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", MappingProxyType({entry.code: entry for entry in self.entries}))
        object.__setattr__(self, "_by_text", MappingProxyType(_texts(self.entries)))

    def entry(self, code: str) -> CodeEntry | None:
        """The entry with this code."""
        return self._by_code.get(code)

    def find(self, text: str) -> CodeEntry | None:
        """The entry this code, word, earlier word or alias means."""
        return self._by_code.get(self._by_text.get(_plain(text), ""))


def _plain(text: str) -> str:
    return "".join(halfwidth(text).split())


def _texts(entries: tuple[CodeEntry, ...]) -> dict[str, str]:
    """Every text an entry answers to. Words win over aliases, codes over both."""
    found: dict[str, str] = {}
    for entry in entries:
        for alias in entry.aliases:
            found[_plain(alias)] = entry.code
    for entry in entries:
        for word in (*(old.word for old in entry.was), entry.word):
            found[_plain(word)] = entry.code
    for entry in entries:
        found[_plain(entry.code)] = entry.code
    return found


@dataclass(frozen=True, slots=True)
class CodeBook:
    """All code lists, with the words of one profile. ``form_year``: whose forms' values are offered for choice."""

    lists: Mapping[str, CodeList]
    form_year: int | None = None

    def word(self, name: str, code: str, year: int | None = None) -> str:
        """The word for a stored code in ``year``; "" for "" (not asked yet), the code itself when it is unknown.

        An unknown code comes from a newer program or list: it is shown as it is rather than lost.
        """
        entry = self._list(name).entry(code)
        return entry.word_in(year) if entry else code

    def code(self, name: str, text: str, year: int | None = None) -> str:
        """The code meant by a word, alias or code of any form; "" for an empty cell.

        A value that was no longer (or not yet) offered in ``year`` gives its successor.
        Raises Refused, naming the allowed words, when nothing fits.
        """
        if not _plain(text):
            return ""
        found = self._list(name)
        entry = found.find(text)
        if entry and not entry.valid_in(year) and entry.replaced_by:
            entry = found.entry(entry.replaced_by)
        if entry is None or not entry.valid_in(year):
            raise Refused(self._unknown(name, text, year))
        return entry.code

    def choices(self, name: str, year: int | None = None) -> tuple[tuple[str, str], ...]:
        """(code, word) of every value offered in ``year`` (the form year unless given), in the order of the list."""
        entries = self._list(name).entries
        year = self.form_year if year is None else year
        return tuple((e.code, e.word_in(year)) for e in entries if e.offered and e.valid_in(year))

    def offered_in(self, year: int) -> CodeBook:
        """The same lists, offering for choice what forms of ``year`` offer."""
        return replace(self, form_year=year)

    def title(self, name: str) -> str:
        """The Chinese name of a list."""
        return self._list(name).title

    def with_words(self, overrides: Mapping[str, Mapping[str, str]]) -> CodeBook:
        """The same codes with a profile's own words; the general words stay accepted on import.

        Raises KeyError for a list or code that does not exist.
        """
        changed = {name: _reworded(self._list(name), words) for name, words in overrides.items()}
        return replace(self, lists=MappingProxyType({**self.lists, **changed}))

    def _list(self, name: str) -> CodeList:
        return self.lists[name]

    def _unknown(self, name: str, text: str, year: int | None) -> Text:
        allowed = "、".join(word for _, word in self.choices(name, year))
        return say(
            "“{text}” is not a value of {list}. Use one of: {words}.", text=text, list=self.title(name), words=allowed
        )


def _reworded(found: CodeList, words: Mapping[str, str]) -> CodeList:
    if unknown := words.keys() - {entry.code for entry in found.entries}:
        raise KeyError(*sorted(unknown))
    return replace(found, entries=tuple(_reword(entry, words.get(entry.code)) for entry in found.entries))


def _reword(entry: CodeEntry, word: str | None) -> CodeEntry:
    return replace(entry, word=word, was=(), aliases=(*entry.aliases, entry.word)) if word else entry


@dataclass(frozen=True, slots=True)
class _Lists:
    lists: Mapping[str, CodeList]


@lru_cache
def load_codes(file: Path | None = None) -> CodeBook:
    """The code lists of ``resources/policy/codes.toml`` (or of ``file``).

    Raises Unreadable when the file breaks its schema, naming key and reason.
    """
    file = file or resources.path("policy", "codes.toml")
    faults = Faults(file.name)
    lists = build(_Lists, {"lists": tomllib.loads(file.read_text("utf-8"))}, "", faults)
    if lists is not None:
        _check(lists.lists, faults)
    if lists is None or faults.problems:
        raise Unreadable(faults.problems[0].text)
    return CodeBook(lists.lists)


def _check(lists: Mapping[str, CodeList], faults: Faults) -> None:
    """One code, one meaning: no code twice, no word with two meanings, no successor that is missing."""
    for name, found in lists.items():
        codes = [entry.code for entry in found.entries]
        texts = [_plain(text) for entry in found.entries for text in {entry.word, *entry.aliases} - {entry.code}]
        for text in sorted({text for text in (*codes, *texts) if (codes + texts).count(text) > 1}):
            faults.add(f"lists.{name}", say("“{text}” stands for two values", text=text))
        for entry in found.entries:
            if entry.replaced_by and entry.replaced_by not in codes:
                faults.add(f"lists.{name}.{entry.code}", say("its successor is not in the list"))
