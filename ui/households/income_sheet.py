"""The fields of an income statement: one card of the household, every item with last year's figure and its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial, reduce

from PySide6.QtWidgets import QWidget

from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.lines import date_field, text_field, whole_field, yuan_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, card, row
from ui.slices import SlicedCards
from villagedesk.drafts.household import IncomeDraft, IncomeLineDraft
from villagedesk.policy.income import GROUPS
from villagedesk.policy.pack import IncomeRules
from villagedesk.text import Text, say, tr
from villagedesk.values import yuan

_PERIODS: dict[str, Text] = {
    "calendar": say("Jan. to Dec."),
    "october": say("Oct. to Sept."),
    "last12": say("Last 12 months"),
}


def opened(draft: IncomeDraft, rules: IncomeRules, month: int | None = None) -> IncomeDraft:
    """The statement with a line for every item of the policy on one card, so that each can be typed into."""
    there = {line.item for line in draft.lines if line.month == month}
    more = (IncomeLineDraft(item, month=month) for item in rules.items if item not in there)
    return replace(draft, lines=(*draft.lines, *more))


def closed(draft: IncomeDraft) -> IncomeDraft:
    """The statement without the lines nobody typed into."""
    return replace(draft, lines=tuple(line for line in draft.lines if line.amount or line.note or line.evidence))


class IncomeSheet:
    """Builds the editors of a statement and binds them; ``source_wanted`` is told whose source is asked for."""

    def __init__(self, context: Context, binder: Binder[IncomeDraft], source_wanted: Callable[[str], None]) -> None:
        self._context = context
        self._binder = binder
        self._source_wanted = source_wanted
        self._month: int | None = None
        self._before: dict[str, int] = {}  # item → fen of the year before
        self._on_file: tuple[IncomeLineDraft, ...] = ()
        self._proved: Counter[str] = Counter()  # item → how many scans prove it

    def build(self, draft: IncomeDraft, month: int | None) -> SlicedCards:
        """The fields of one card of the statement, the whole period for ``month`` None; they come when begun."""
        desk = self._context.desk
        self._month = month
        self._on_file = desk.incomes.on_file(draft)
        self._before = {one.item: one.before for one in desk.incomes.compared(draft) if one.before}
        self._proved = Counter(each.field for each in desk.evidence.of(draft.id)) if draft.id else Counter()
        return SlicedCards(self._cards(draft, month))

    def _cards(self, draft: IncomeDraft, month: int | None) -> Iterator[QWidget]:
        yield self._head_card()
        yield from self._group_cards(draft, self._context.desk.profile.income, month)
        yield self._last_card()

    def _head_card(self) -> QWidget:
        periods = [Option(key, str(word)) for key, word in _PERIODS.items()]
        fields = (
            ("period", tr("Period"), CodeField(periods)), ("persons", tr("Persons"), whole_field(empty=0)),
            ("reckoned_on", tr("Reckoned on"), date_field()), ("reckoned_by", tr("Reckoned by"), text_field()),
        )  # fmt: skip
        return card(grid([self._bound(name, title, widget) for name, title, widget in fields], 4))

    def _group_cards(self, draft: IncomeDraft, rules: IncomeRules, month: int | None) -> Iterator[QWidget]:
        monthly: dict[str, int] = {}
        for line in draft.lines:
            if line.month is not None:
                monthly[line.item] = monthly.get(line.item, 0) + line.amount
        for group in GROUPS:
            rows: list[FieldRow | tuple[FieldRow, int]] = []
            for number, line in enumerate(draft.lines):
                if line.item.partition(".")[0] == group and line.month == month:
                    title = rules.items.get(line.item, line.item)
                    amount = self._bound(f"lines.{number}.amount", title, yuan_field(empty=0))
                    told = self._context.desk.sources.of_item(line.item)
                    amount.show_source(str(told.told) if told else "")
                    rows.append(amount)
                    note, proof = tr("{item}: how reckoned", item=title), tr("{item}: evidence", item=title)
                    rows.append(self._bound(f"lines.{number}.note", tr("How reckoned"), text_field(), note))
                    rows.append(self._bound(f"lines.{number}.evidence", tr("Evidence"), text_field(), proof))
                    months = monthly.get(line.item, 0) if month is None else 0
                    beside, source = self._beside(line.item, months), tr("{item}: source", item=title)
                    rows.append(FieldRow(beside, self._source_buttons(line.item), name=source))
            yield card(grid(rows, 4), heading=rules.groups.get(group, group))

    def _beside(self, item: str, months: int) -> str:
        """Last year's figure and what the monthly cards add."""
        said = [tr("last year {amount}", amount=yuan(self._before[item]))] if item in self._before else []
        said += [tr("monthly cards {amount}", amount=yuan(months))] if months else []
        said += [tr("{n} {n:proof|proofs}", n=self._proved[item])] if self._proved[item] else []
        return reduce(lambda one, other: tr("{one}; {other}", one=one, other=other), said) if said else " "

    def _source_buttons(self, item: str) -> QWidget:
        """The way to the source of a figure; the way to take over what other records of the desk already say."""
        title = self._context.desk.profile.income.items.get(item, item)
        shown = button(tr("source"), "history", partial(self._source_wanted, item), kind="link")
        shown.setAccessibleName(tr("{item}: source", item=title))
        found = next((line for line in self._on_file if line.item == item), None)
        if found is None or self._month is not None:
            return shown
        words = tr("take over {amount}", amount=yuan(found.amount))
        take = button(words, "down", partial(self._on_take_over, found), kind="link")
        take.setToolTip(found.evidence)
        both = QWidget()
        both.setLayout(row(shown, take))
        return both

    def _on_take_over(self, found: IncomeLineDraft) -> None:
        lines = self._binder.draft.lines
        number = next(n for n, line in enumerate(lines) if line.item == found.item and line.month is None)
        self._binder.put(f"lines.{number}.amount", found.amount)
        self._binder.put(f"lines.{number}.evidence", found.evidence)

    def _last_card(self) -> QWidget:
        fields = (
            ("taxes_and_dues", tr("Taxes and dues"), yuan_field(empty=0)),
            ("gifts_out", tr("Gifts given"), yuan_field(empty=0)),
            ("claims", tr("Insurance payments"), yuan_field(empty=0)),
            ("medical_paid", tr("Medical costs borne"), yuan_field(empty=0)),
            ("hospital_costs", tr("Hospital costs that may be refunded"), yuan_field(empty=0)),
            ("hospital_refunded", tr("Of these refunded"), yuan_field(empty=0)),
        )  # fmt: skip
        return card(
            grid([self._bound(name, title, widget) for name, title, widget in fields], 4),
            heading=tr("Taken off or added"),
        )

    def _bound(self, path: str, title: str, widget: QWidget, name: str = "") -> FieldRow:
        made = FieldRow(title, widget, name=name)
        self._binder.bind(path, made)
        return made
