"""Reading JSON that anybody may have written: typed, bounded, one plain sentence when it is not what it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from villagedesk.errors import Newer, Unreadable
from villagedesk.text import Text

DEEPEST = 64
LARGEST = 2**53 - 1
"""The largest whole number every JSON reader keeps exactly."""

_RELEASE = "([0-9][0-9A-Za-z.+-]{0,19})?"
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_NOT_MARKS = bytes(byte for byte in range(256) if byte not in b'[]{}"')


def canonical(value: object) -> bytes:
    """One value, one spelling: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def too_deep(data: bytes) -> bool:
    """Whether brackets nest deeper than :data:`DEEPEST` levels, or do not match."""
    if data.count(b"[") + data.count(b"{") <= DEEPEST:
        return False
    left = _without_strings(data).translate(None, _NOT_BRACKETS)
    for _ in range(DEEPEST):
        if not left:
            return False
        left = left.replace(b"{}", b"").replace(b"[]", b"")
    return bool(left)


def _without_strings(data: bytes) -> bytes:
    """At least every bracket outside strings. Without escapes only quotes and brackets need looking at, far fewer."""
    if b"\\" in data:
        return _STRINGS.sub(b"", data)
    return _STRINGS.sub(b"", data.translate(None, _NOT_MARKS).replace(b'""', b""))


def parse(data: bytes, problem: Text) -> Fields:
    """The JSON object in ``data``. Raises Unreadable(problem) when it is none, repeats a name or nests too deep."""
    if too_deep(data):
        raise Unreadable(problem)
    try:
        value = json.loads(data, object_pairs_hook=_without_repeats, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable(problem) from error
    return Fields(value, problem)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name occurs twice")
    return values


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


class Fields:
    """The members of a JSON object, each read as the type it must have; otherwise Unreadable with ``problem``.

    Members nobody asks for are left alone: a later minor version may add some.
    """

    def __init__(self, value: object, problem: Text) -> None:
        if not isinstance(value, dict):
            raise Unreadable(problem)
        self._values: Mapping[str, Any] = value
        self._problem = problem

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def refuse(self) -> NoReturn:
        """Say that the whole is not what it should be."""
        raise Unreadable(self._problem)

    def text(self, name: str, longest: int = 200) -> str:
        """A line of text for people: no control characters, none that turn the writing direction."""
        value = self._values.get(name)
        if not isinstance(value, str) or len(value) > longest or not value.replace("\u3000", " ").isprintable():
            self.refuse()
        return value

    def long_text(self, name: str, longest: int) -> str:
        """A text of many lines."""
        value = self._values.get(name)
        if not isinstance(value, str) or len(value) > longest or not _encodable(value):
            self.refuse()
        return value

    def matching(self, name: str, pattern: str) -> str:
        """A text that matches all of ``pattern``."""
        value = self.text(name)
        if not re.fullmatch(pattern, value, re.ASCII):
            self.refuse()
        return value

    def octets(self, name: str, length: int) -> bytes:
        """``length`` bytes, spelt in small hex digits."""
        return bytes.fromhex(self.matching(name, f"[0-9a-f]{{{2 * length}}}"))

    def number(self, name: str, largest: int = LARGEST) -> int:
        """A whole number from 0 to ``largest``."""
        value = self._values.get(name)
        if type(value) is not int or not 0 <= value <= largest:
            self.refuse()
        return value

    def same(self, name: str, value: str | int) -> bool:
        """Whether a member is exactly ``value``, of the same type."""
        found = self._values.get(name)
        return type(found) is type(value) and found == value

    def release(self) -> str:
        """The release of the program that wrote it, "" where it does not say."""
        return self.matching("program", _RELEASE) if "program" in self else ""

    def demand_version(self, known: int) -> None:
        """Raises Newer for a form later than ``known``, which only a later release of the program can read."""
        version = self.number("v") or self.refuse()
        if version > known:
            raise Newer

    def numbers(self, name: str) -> dict[str, int]:
        """An object of whole numbers that may be negative."""
        values = self._object(name)
        if any(type(value) is not int or abs(value) > LARGEST for value in values.values()):
            self.refuse()
        return dict(values)

    def texts(self, name: str, longest: int) -> dict[str, str]:
        """An object of texts of many lines, each at most ``longest`` characters."""
        inner = self.within(name)
        return {key: inner.long_text(key, longest) for key in self._object(name)}

    def words(self, name: str, pattern: str, most: int) -> tuple[str, ...]:
        """A list of at most ``most`` texts that match ``pattern``."""
        values = self._list(name, most)
        if any(not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII) for value in values):
            self.refuse()
        return tuple(values)

    def within(self, name: str) -> Fields:
        """An object inside this one."""
        return Fields(self._values.get(name), self._problem)

    def each(self, name: str, most: int) -> tuple[Fields, ...]:
        """A list of at most ``most`` objects."""
        return tuple(Fields(value, self._problem) for value in self._list(name, most))

    def plain(self, name: str) -> dict[str, str | int]:
        """An object of texts and whole numbers, as filled into a sentence."""
        values = self._object(name)
        for key, value in values.items():
            if type(value) is not int and not (isinstance(value, str) and value.isprintable()):
                self.refuse()
            if not key.isidentifier() or len(str(value)) > 500:
                self.refuse()
        return dict(values)

    def _object(self, name: str) -> dict[str, Any]:
        value = self._values.get(name)
        if not isinstance(value, dict) or not all(map(_encodable, value)):
            self.refuse()
        return value

    def _list(self, name: str, most: int) -> list[Any]:
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) > most:
            self.refuse()
        return value


def _encodable(text: str) -> bool:
    """Whether UTF-8 can spell it: JSON can name half characters that cannot be written anywhere."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
