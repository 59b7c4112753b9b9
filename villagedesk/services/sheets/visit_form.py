"""The form for a visit, empty or with what the file says: the questions of ``drafts.form`` in their order.

A value that is on file stands printed; what differs is written beside it. Nothing of tier 3 is ever printed on it, and
of ID and telephone numbers only the last four digits are (DOMAIN §8.2): the sheet goes out of the house in a bag.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.drafts.form import HOUSEHOLD, LIVING, MEMBER, FieldSpec, Section
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.exchange.fields import load_fields
from villagedesk.policy.codes import CodeBook
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import age_on, yuan

BLANK, FILLED = "blank_household_form", "visit_form"
PERSON_TABLES = ("person", "work", "support")
SENSITIVE = "T3"
PERSONS = 7  # rows of the empty form
NEWCOMERS = 2  # empty rows behind the members on file
OPEN, CHOSEN, JOIN = "□", "■", "<"
YES, NO = "√", "×"
DAY = "　　　年　　月　　日"
_PAIRS = 3  # of label and value in a row
_ROOM = (7, 22)  # characters that one and two pairs hold; more take the whole row
_SHOWN = 4
_MASKED = ("id_number", "phone")
_LATIN = 0xFF  # letters above it are as wide as a Chinese one
_OF_CHILD = ("name", "relation")
_CHILD = 14  # years: of a younger child every item is of tier 3 (DOMAIN §8.4)


def on_paper(sections: Sequence[Section]) -> Iterator[FieldSpec]:
    """The questions of these sections that stand on the form, in order."""
    return (spec for section in sections for spec in section.fields if spec.paper)


def blank_form(site: Site, village: str) -> Sheet:
    """The empty form."""
    stamp = common.stamp(site, "blank")
    return _sheet(site, BLANK, HouseholdDraft(), None, {"village": village}, stamp)


def visit_form(site: Site, village: str, household: HouseholdDraft, incomes: Sequence[IncomeDraft]) -> Sheet:
    """The form with what the household's file says; ``incomes`` newest first."""
    head = household.head
    values = {"village": village, "head": head.name if head else "—", "size": str(len(household.living))}
    last = next(iter(incomes), None)
    return _sheet(site, FILLED, household, last, values, common.stamp(site, household.id, household.no))


def _sheet(
    site: Site, paper: str, household: HouseholdDraft, income: IncomeDraft | None, values: dict[str, str], stamp: Stamp
) -> Sheet:
    codes = site.codes.offered_in(site.profile.form_year(site.today().year))
    asked = _Questions(site.profile.id, codes)
    empty = [{"no": str(n + 1)} for n in range(PERSONS)]
    rows = _persons(asked, household.living, site.today()) if household.members else empty
    named = {name: common.table(paper, name, rows) for name in PERSON_TABLES}
    tables = {
        "household": asked.rows(HOUSEHOLD, household),
        **named,
        "living": asked.rows(LIVING, household),
        "income": common.table(paper, "income", _income(site, income)),
    }
    return Sheet(paper, {**values, "codes": asked.key()}, tables, stamp)


class _Questions:
    """The questions under the words of one profile."""

    def __init__(self, profile: str, codes: CodeBook) -> None:
        self._profile = profile
        self._codes = codes
        self._fields = load_fields().fields

    def rows(self, sections: Sequence[Section], household: HouseholdDraft) -> tuple[tuple[str, ...], ...]:
        """Three questions a row, in order; one with a long answer takes more room, a new section a new row."""
        rows: list[list[str]] = []
        for section in sections:
            place = _PAIRS
            for spec in on_paper((section,)):
                answer = self._answer(spec, household)
                pairs = _pairs(spec, answer)
                if place + pairs > _PAIRS:
                    rows.append([])
                    place = 0
                rows[-1] += [self._label(spec), answer, *([JOIN] * 2 * (pairs - 1))]
                place += pairs
        return tuple(tuple(row + [JOIN] * (2 * _PAIRS - len(row))) for row in rows)

    def person(self, member: MemberDraft, today: date) -> dict[str, str]:
        """What is on file of a member, for the cells of the lists; of a child only who it is."""
        child = member.birth is not None and age_on(member.birth, today) < _CHILD
        shown = (spec for spec in on_paper(MEMBER) if not child or spec.name in _OF_CHILD)
        return {spec.name: self._cell(spec, member) for spec in shown}

    def key(self) -> str:
        """Code and word of every list of the members' tables: what is written small is typed the same."""
        lists = dict.fromkeys(spec.codes for spec in on_paper(MEMBER) if spec.codes and spec.kind != "word")
        said = (" ".join(f"{code}{word}" for code, word in self._codes.choices(name)) for name in lists)
        return "；".join(f"{self._codes.title(name)}：{words}" for name, words in zip(lists, said, strict=True))

    def _label(self, spec: FieldSpec) -> str:
        field = self._fields[f"household.{spec.name}"]
        return field.short or field.label_for(self._profile)

    def _answer(self, spec: FieldSpec, household: HouseholdDraft) -> str:
        value: Any = getattr(household, spec.name)
        if spec.kind == "yesno":
            return f"{CHOSEN if value is True else OPEN}是　{CHOSEN if value is False else OPEN}否"
        if spec.kind in {"code", "codes"}:
            taken = {value} if isinstance(value, str) else set(value)
            return "　".join(
                (CHOSEN if code in taken else OPEN) + word for code, word in self._codes.choices(spec.codes)
            )
        if spec.kind == "hundredths":
            return common.hundredths(value)
        if spec.kind == "date":
            return common.chinese_date(value) or DAY
        if spec.name in _MASKED:
            return _last_digits(value)
        return "" if value is None else str(value)

    def _cell(self, spec: FieldSpec, member: MemberDraft) -> str:
        value: Any = getattr(member, spec.name)
        if self._fields[f"member.{spec.name}"].tier == SENSITIVE or value is None:
            return ""
        if spec.kind == "yesno":
            return YES if value else NO
        if spec.kind == "code":
            return self._codes.word(spec.codes, value)
        return _last_digits(value) if spec.name in _MASKED else str(value)


def _pairs(spec: FieldSpec, answer: str) -> int:
    if spec.kind == "note" or (spec.kind == "text" and spec.span > 1):
        return _PAIRS
    wide = sum(1.0 if ord(char) > _LATIN else 0.5 for char in answer)
    return next((n for n, room in enumerate(_ROOM, 1) if wide <= room), _PAIRS)


def _last_digits(number: str) -> str:
    return f"尾号{number[-_SHOWN:]}" if number else ""


def _persons(asked: _Questions, members: Sequence[MemberDraft], today: date) -> list[dict[str, str]]:
    """Two rows a member, what is on file and room to put it right, then rows for who has come."""
    rows: list[dict[str, str]] = []
    for place, member in enumerate(members, 1):
        rows += [{"no": f"{place}\n{member.name}", **asked.person(member, today)}, {"no": f"改{place}"}]
    return rows + [{"no": f"新{place}"} for place in range(1, NEWCOMERS + 1)]


def _income(site: Site, income: IncomeDraft | None) -> list[dict[str, str]]:
    """Every item of the scheme, with what the last statement says of it."""
    last: dict[str, int] = {}
    for line in income.lines if income else ():
        last[line.item] = last.get(line.item, 0) + line.amount
    return [
        {"item": title, "last": yuan(last[item]) if item in last else ""}
        for item, title in site.profile.income.items.items()
    ]
