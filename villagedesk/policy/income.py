"""The arithmetic of an income statement (DOMAIN §4.3): integer fen, exact sums, no rounded figure in a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from villagedesk.drafts.household import IncomeDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.pack import Concept, Pack, Period
from villagedesk.text import Text, say
from villagedesk.values import per_head, yuan

GROUPS = ("wage", "business", "property", "transfer", "cost")


@dataclass(frozen=True, slots=True)
class Line:
    """An income line a head: ``percent`` of ``amount`` fen."""

    year: int
    amount: int
    percent: int = 100

    def reached(self, total: int, persons: int) -> bool:
        """Whether ``total`` fen for ``persons`` heads is at or above the line, by cross-product."""
        return total * 100 >= self.amount * self.percent * persons

    def nearly(self, total: int, persons: int, margin: int) -> bool:
        """Whether it is at or above the line, but by less than ``margin`` percent of it."""
        higher = total * 10_000 >= self.amount * self.percent * persons * (100 + margin)
        return self.reached(total, persons) and not higher

    @property
    def fen(self) -> int:
        """The line for display, rounded half up to the fen."""
        return per_head(self.amount * self.percent, 100)


@dataclass(frozen=True, slots=True)
class IncomeResult:
    """What a statement comes to, in fen; ``steps`` say it in the words read out to the household.

    Per-head figures are rounded for display and None without persons.
    """

    wage: int
    business: int
    property: int
    transfer: int
    cost: int
    net: int
    disposable: int
    reference: int  # 纳入监测对象的收入参考: net + claims − medical costs borne
    persons: int
    per_head_net: int | None
    per_head_disposable: int | None
    per_head_reference: int | None
    steps: tuple[Text, ...]

    def total(self, concept: Concept) -> int:
        """The household's income under the profile's concept."""
        return self.net if concept == "net" else self.disposable

    def gross(self) -> int:
        """All four kinds of income before costs."""
        return self.wage + self.business + self.property + self.transfer


def item_totals(income: IncomeDraft) -> dict[str, int]:
    """Item → fen of the whole period; the lines of monthly cards sum to their year."""
    totals: dict[str, int] = {}
    for line in income.lines:
        totals[line.item] = totals.get(line.item, 0) + line.amount
    return totals


def reckon(income: IncomeDraft, pack: Pack) -> IncomeResult:
    """Reckon a statement by the profile.

    Raises Refused when a line names an item the profile does not have.
    """
    _refuse_unknown(income, pack)
    sums = dict.fromkeys(GROUPS, 0)
    for item, amount in item_totals(income).items():
        sums[item.partition(".")[0]] += amount
    net = sums["wage"] + sums["business"] + sums["property"] + sums["transfer"] - sums["cost"]
    disposable = net - income.taxes_and_dues - income.gifts_out
    reference = net + income.claims - income.medical_paid
    heads = [per_head(total, income.persons) if income.persons else None for total in (net, disposable, reference)]
    steps = _steps(income, pack, sums, net, disposable)
    return IncomeResult(**sums, net=net, disposable=disposable, reference=reference, persons=income.persons,
                        per_head_net=heads[0], per_head_disposable=heads[1], per_head_reference=heads[2],
                        steps=steps)  # fmt: skip


def _refuse_unknown(income: IncomeDraft, pack: Pack) -> None:
    unknown = sorted({line.item for line in income.lines} - pack.income.items.keys())
    if unknown:
        text = say("Income item “{item}” is not in this policy pack. Choose another item.", item=unknown[0])
        raise Refused([Problem(text, "lines")])


def _steps(income: IncomeDraft, pack: Pack, sums: Mapping[str, int], net: int, disposable: int) -> tuple[Text, ...]:
    words = pack.income.groups
    steps = [say("{kind}: {amount} yuan", kind=words[group], amount=yuan(sums[group])) for group in GROUPS]
    parts = " + ".join(yuan(sums[group]) for group in GROUPS[:-1])
    steps.append(say("{parts} − {cost} = {net} yuan", parts=parts, cost=yuan(sums["cost"]), net=yuan(net)))
    total = net
    if pack.income.concept == "disposable":
        total = disposable
        steps.append(say("{net} − {taxes} (taxes and premiums) − {gifts} (gifts) = {total} yuan", net=yuan(net),
                         taxes=yuan(income.taxes_and_dues), gifts=yuan(income.gifts_out),
                         total=yuan(disposable)))  # fmt: skip
    if income.persons:
        steps.append(
            say(
                "{concept}: {total} ÷ {persons} {persons:person|persons} = {head} yuan",
                concept=pack.income.concept_word,
                total=yuan(total),
                persons=income.persons,
                head=yuan(per_head(total, income.persons)),
            )
        )
    return tuple(steps)


def exit_line(pack: Pack, year: int, province: str = "") -> Line | None:
    """The income line of a year: the province's own, the profile's, or its percentage of the base; None if unknown.

    ``province`` is the first two digits of the division code.
    """
    rules = pack.income
    amount = rules.provinces.get(province, {}).get(str(year)) or rules.lines.get(str(year))
    if amount is not None:
        return Line(year, amount)
    base = rules.base.get(str(year))
    return Line(year, base, rules.percent) if base is not None else None


def monitoring_line(pack: Pack, year: int, province: str = "") -> Line | None:
    """The monitoring line of a year (DOMAIN §2.6); None when the profile has none for it."""
    rules = pack.monitoring
    if rules is None:
        return None
    amount = rules.provinces.get(province, {}).get(str(year)) or rules.lines.get(str(year))
    return Line(year, amount) if amount is not None else None


def period_bounds(pack: Pack, year: int, day: date, period: Period | None = None) -> tuple[date, date]:
    """First and last day of the income period that counts for ``year``.

    ``calendar``: 1 January to 31 December; ``october``: 1 October before to 30 September; ``last12``: the twelve months
    that end with the month before ``day`` (recognised in June 2021: 2020-06-01 to 2021-05-31).
    """
    match period or pack.income.period:
        case "calendar":
            return date(year, 1, 1), date(year, 12, 31)
        case "october":
            return date(year - 1, 10, 1), date(year, 9, 30)
        case "last12":
            return date(day.year - 1, day.month, 1), date(day.year, day.month, 1) - timedelta(days=1)
