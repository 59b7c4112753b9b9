"""The leak check (DOMAIN §6.3): reads a finished public paper as a stranger would and lists what may not be there.

The text is read by another library than the one that wrote it (:mod:`.reading`), with metadata and outline. What
cannot be read is a leak: the check fails closed. Blanks, marks and line ends inside numbers and full-width digits hide
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from villagedesk.text import Text, say

if TYPE_CHECKING:
    from villagedesk.documents.reading import Layer

SHORTEST = 6  # digits of a stored number that may not appear, even as a part
SHORTEST_ACROSS = 9  # the same where the digits may only stand beside each other by chance, e.g. in two cells
HIDDEN = "•"
DENIED_WORDS = (
    "残疾", "智力障碍", "精神障碍", "视力障碍", "听力障碍", "言语障碍", "肢体障碍", "智障", "痴呆", "瘫痪", "截肢",
    "慢性病", "大病", "重病", "患病", "患有", "确诊", "病历", "疾病", "因病", "因残", "癌", "肿瘤", "尿毒症", "透析",
    "艾滋", "精神病", "高血压", "糖尿病", "肝炎", "结核病", "癫痫",
    "低保", "五保", "特困", "最低生活保障",
    "孤儿", "弃婴", "留守儿童", "事实无人抚养", "寄养", "收养", "单亲", "就读", "在读", "年级", "班主任",
    "信教", "宗教", "教徒", "信众", "政治面貌", "中共党员", "共青团员",
    "服刑", "刑满", "判刑", "拘留", "监狱", "社区矫正", "吸毒", "戒毒", "前科",
    "家庭收入", "家庭年收入", "户均收入",
)  # fmt: skip
"""Health, disability, benefit class, care and schooling of children, belief, party, detention, a household's income:
never on a board, whatever the profile."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a public paper of this village must not show, taken from the store.

    ``numbers``: stored ID, phone, account and certificate numbers. ``minors``: names of members under 14; ``adults``:
    names of others that hold the name of such a child. ``addresses``: where people live, below the village group.
    ``objectors``: names of those who raised something and head no household.
    ``births``: birth dates; ``own_dates``: dates the paper must bear although somebody may be born on one.
    ``allowed_phones``: office phones that the notice must show. ``own_figures``: the digits of its own amounts of
    money, which look like part of an ID number by chance. ``words``: further words the profile denies;
    ``allowed_words``: denied words this kind of paper cannot do without (e.g. in the title of a decree).
    """

    numbers: frozenset[str] = frozenset()
    minors: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    objectors: frozenset[str] = frozenset()
    births: frozenset[date] = frozenset()
    own_dates: frozenset[date] = frozenset()
    allowed_phones: frozenset[str] = frozenset()
    own_figures: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    allowed_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leak:
    """One hit: ``page`` from 1 (0: metadata or outline), ``kind``, what to tell, and a masked excerpt."""

    page: int
    kind: str
    text: Text
    excerpt: str = ""


def find_leaks(pdf: bytes, guard: Guard) -> tuple[Leak, ...]:
    """Every leak in the text, metadata and outline of ``pdf``, in page order; empty when it may be posted.

    Never raises for a bad file: what cannot be read is itself a leak.
    """
    try:
        from villagedesk.documents.reading import read_layers  # its libraries: 8 MB, with the first paper checked

        layers = tuple(read_layers(pdf))
    except Exception as error:  # noqa: BLE001  whatever goes wrong while reading, the paper stays off the board
        sentence = say("The paper could not be read back, so it may not be posted.")
        return (Leak(0, "unreadable", sentence, type(error).__name__),)
    parts = {length: _parts(guard.numbers, length) for length in (SHORTEST, SHORTEST_ACROSS)}
    found = (leak for layer in layers for leak in (*_leaks(layer, guard, parts), *_pictures(layer)))
    return tuple({(leak.page, leak.kind, leak.excerpt): leak for leak in found}.values())


def _leaks(layer: Layer, guard: Guard, parts: dict[int, frozenset[str]]) -> Iterator[Leak]:
    for reading in (layer.plain, layer.tight):
        yield from _shapes(layer.page, reading, guard)
        yield from _stored(layer.page, reading, guard, parts[SHORTEST])
    yield from _sound_ids(layer)
    yield from _stored(layer.page, layer.loose, guard, parts[SHORTEST_ACROSS])
    yield from _births(layer, guard)
    yield from _words(layer, guard)


def _words(layer: Layer, guard: Guard) -> Iterator[Leak]:
    squeezed = _squeezed(layer.plain)
    for word in sorted({*DENIED_WORDS, *guard.words} - guard.allowed_words):
        if word in squeezed:
            yield Leak(layer.page, "word", say("It says “{word}”, which may not be posted.", word=word), word)
    for address in sorted(map(_squeezed, guard.addresses)):
        if address and address in squeezed:
            yield Leak(layer.page, "address", say("It says where somebody lives."), address[:1] + HIDDEN)
    yield from _names(layer.page, squeezed, guard)


def _names(page: int, squeezed: str, guard: Guard) -> Iterator[Leak]:
    for adult in sorted(map(_squeezed, guard.adults), key=len, reverse=True):
        squeezed = squeezed.replace(adult, "") if adult else squeezed
    for kind, names, text in (
        ("minor", guard.minors, say("It names a child under fourteen.")),
        ("objector", guard.objectors, say("It names somebody who raised an objection or a concern.")),
    ):
        for name in sorted(names):
            if _squeezed(name) and _squeezed(name) in squeezed:
                yield Leak(page, kind, text, name[:1] + HIDDEN)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _pictures(layer: Layer) -> Iterator[Leak]:
    if layer.pictures:
        yield Leak(layer.page, "picture", say("It holds a picture. Photographs are kept in the file, not posted."))


_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
SHAPES = (
    ("id", re.compile(rf"(?<!\d)\d{{8}}{_DAY}\d{{3}}(?!\d)"), say("It shows an ID number.")),
    ("id", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), say("It shows an ID number.")),
    ("id", re.compile(r"(?<!\d)\d{4,}\s*(?:[*xX•·]\s*){3,}\d{2,}[Xx]?"), say("It shows part of an ID number.")),
    ("card", re.compile(r"(?<!\d)\d{16,19}(?!\d)"), say("It shows the number of a bank card.")),
    ("long", re.compile(r"\d{15,}"), say("It shows a number as long as those of persons and accounts.")),
    ("card", re.compile(r"(?:账号|帐号|卡号|账户)\D{0,4}\d{6,}"), say("It shows the number of an account.")),
    ("phone", re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"), say("It shows a mobile number.")),
)
"""Numbers by their shape."""
_ANY_ID = re.compile(rf"(?=(\d{{6}}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dXx]))")


def _sound_ids(layer: Layer) -> Iterator[Leak]:
    """ID numbers spread over cells; the check digit keeps columns of other numbers from being taken for one."""
    from stdnum.cn import ric  # brings pydoc and ssl along

    for match in _ANY_ID.finditer(layer.loose):
        number = match.group(1).upper()
        if ric.calc_check_digit(number) == number[17]:
            yield Leak(layer.page, "id", say("It shows an ID number."), _masked(number))


def _shapes(page: int, reading: str, guard: Guard) -> Iterator[Leak]:
    for kind, pattern, text in SHAPES:
        for match in pattern.finditer(reading):
            if not (kind == "phone" and _is_allowed(match.group(), guard)):
                yield Leak(page, kind, text, _masked(match.group()))


def _stored(page: int, reading: str, guard: Guard, parts: frozenset[str]) -> Iterator[Leak]:
    """Runs of digits that share a part with a stored number."""
    length = len(next(iter(parts), ""))
    for match in re.finditer(r"\d{6,}[Xx]?", reading) if length else ():
        run = match.group().upper()
        windows = (run[n : n + length] for n in range(len(run) - length + 1))
        if any(window in parts for window in windows) and not _is_allowed(run, guard):
            yield Leak(page, "stored", say("It shows part of a stored ID, phone or account number."), _masked(run))


def _is_allowed(run: str, guard: Guard) -> bool:
    return run in guard.own_figures or any(run in _digits(phone) for phone in guard.allowed_phones)


def _parts(numbers: frozenset[str], length: int) -> frozenset[str]:
    """Every run of ``length`` digits inside a stored number that says something of its holder.

    Left out are county and century, which a whole village shares, and what lies inside the birth date, which is looked
    for as a date: else every paper of the month in which a child was born would be refused.
    """
    parts: set[str] = set()
    for number in numbers:
        digits = _digits(number)
        certificate = len(digits) in (18, 20, 22)
        for start in range(len(digits) - length + 1):
            shared = start + length <= 8 or (start >= 6 and start + length <= 14)
            if not (certificate and shared):
                parts.add(digits[start : start + length])
    return frozenset(parts)


def _digits(number: str) -> str:
    return re.sub(r"[^\dX]", "", unicodedata.normalize("NFKC", number).upper())


def _births(layer: Layer, guard: Guard) -> Iterator[Leak]:
    births = guard.births - guard.own_dates
    plain = re.sub(r"(?<=\d)\s+(?=[年月日])|(?<=[年月])\s+", "", layer.plain)
    for match in re.finditer(r"(?<!\d)(\d{4})[年./-]?(\d{1,2})[月./-]?(\d{1,2})(?!\d)", plain) if births else ():
        year, month, day = map(int, match.groups())
        if any((each.year, each.month, each.day) == (year, month, day) for each in births):
            yield Leak(layer.page, "birth", say("It shows a birth date."), f"{year}{HIDDEN}")


def _masked(number: str) -> str:
    """Enough of a number to find it on the sheet, not enough to be one."""
    return number[:2] + HIDDEN * max(len(number) - 4, 1) + number[-2:]
