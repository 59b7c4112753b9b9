"""Rules I04, I06, I07, I14–I17, I19, A40: the statement against what is known of the people and their measures."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say

_DIBAO = say("minimum living allowance")
_TEKUN = say("support for the destitute")


@rule("A40")
def monthly_wage(h: HouseholdView, *, least: int, most: int) -> Iterator[Found]:
    """Wages divided by the months worked lie within what is paid; in yuan."""
    if h.income is None or (wages := h.income.part("wage")) <= 0:
        return
    if (months := sum((m.draft.work_months or 0) + (m.draft.post_months or 0) for m in h.members)) <= 0:
        return
    if not least * 100 * months <= wages <= most * 100 * months:
        yield Found(
            "income.lines",
            say(
                "Wages divided by months worked are not between {least} and {most} yuan. Check both.",
                least=least,
                most=most,
            ),
            record=h.income.draft.id,
        )


@rule("I04")
def wages_and_work(h: HouseholdView) -> Iterator[Found]:
    """Wages go with somebody who works."""
    if h.income is None:
        return
    wages, working = h.income.part("wage"), any(m.works or m.on_post for m in h.members)
    if wages > 0 and not working:
        yield Found(
            "income.lines",
            say("Wages are given, but nobody is recorded as working. Check both."),
            record=h.income.draft.id,
        )
    elif wages == 0 and any((m.draft.work_months or 0) >= 1 for m in h.members):
        yield Found(
            "income.lines",
            say("Somebody works, but there are no wages. Ask and fill them in."),
            record=h.income.draft.id,
        )


@rule("I19")
def returned_land_unpaid(h: HouseholdView) -> Iterator[Found]:
    """Land given back to forest brings its compensation (N-4.4)."""
    if h.income is None or not h.draft.land_returned:
        return
    if h.income.of(h.groups.item_returned) == 0:
        yield Found(
            "income.lines",
            say("Land was returned to forest, but no compensation is entered. Ask and fill it in."),
            record=h.income.draft.id,
        )


@rule("I06")
def allowances_and_people(h: HouseholdView, *, pension_age: int) -> Iterator[Found]:
    """Allowances in the statement go with members who receive them."""
    if h.income is None:
        return
    pairs = (
        (h.groups.item_dibao, any(m.draft.dibao for m in h.members), _DIBAO),
        (h.groups.item_tekun, any(m.draft.tekun for m in h.members), _TEKUN),
    )
    for items, receives, name in pairs:
        if (h.income.of(items) > 0) != receives:
            yield Found(
                "income.lines",
                say("The {name} in the income statement does not agree with the members. Check both.", name=name),
                record=h.income.draft.id,
            )
    if h.income.of(h.groups.item_pension) > 0 and not any(m.over(pension_age) for m in h.members):
        yield Found(
            "income.lines",
            say("A pension is given, but nobody is {age} or older. Check both.", age=pension_age),
            record=h.income.draft.id,
        )


@rule("I07")
def pension_missing(h: HouseholdView, *, age: int) -> Iterator[Found]:
    """Insured old people draw a pension."""
    if h.income is None or h.income.of(h.groups.item_pension) != 0:
        return
    if any(m.over(age) and (m.draft.pension_resident or m.draft.pension_worker) for m in h.members):
        yield Found(
            "income.lines",
            say("Somebody of {age} or older is insured, but no pension is given. Ask and fill it in.", age=age),
            record=h.income.draft.id,
        )


@rule("I14")
def pay_among_transfers(h: HouseholdView, *, words: tuple[str, ...]) -> Iterator[Found]:
    """Pay of rangers and public posts is wages, not a transfer."""
    for line in h.income.draft.lines if h.income is not None else ():
        if line.item.startswith("transfer.") and any(word in line.note for word in words):
            yield Found(
                "income.lines",
                say("Pay for a public post stands among the transfers. Enter it as wages."),
                record=h.income.draft.id if h.income is not None else "",
            )


@rule("I15")
def illness_without_expense(h: HouseholdView) -> Iterator[Found]:
    """Under monitoring because of illness, somebody paid for treatment."""
    if not h.draft.monitoring_class or h.income is None or h.groups.cause_illness.isdisjoint(h.causes):
        return
    if h.income.draft.medical_paid == 0:
        yield Found(
            "income.medical_paid",
            say("Under monitoring because of illness, but nothing was paid for treatment. Ask for the bills."),
            record=h.income.draft.id,
        )


@rule("I16")
def help_without_income(h: HouseholdView) -> Iterator[Found]:
    """What the measures bring shows in the statement."""
    if h.income is None:
        return
    if h.income.part("transfer") == 0 and h.enjoys("dibao", "tekun", "disability_subsidy"):
        yield Found(
            "income.lines",
            say("The measures include an allowance, but there are no transfers. Fill them in."),
            record=h.income.draft.id,
        )
    if h.income.part("wage") == 0 and h.enjoys("employment", "public_post"):
        yield Found(
            "income.lines",
            say("The measures include work or a public post, but there are no wages. Fill them in."),
            record=h.income.draft.id,
        )


@rule("I17")
def industry_without_income(h: HouseholdView) -> Iterator[Found]:
    """Help for a trade or farm shows as business income."""
    if h.income is not None and h.income.part("business") == 0 and h.enjoys("industry"):
        yield Found(
            "income.lines",
            say("The measures include help for farming or trade, but there is no business income. Ask and fill it in."),
            record=h.income.draft.id,
        )


@rule("I18")
def hospital_refund(h: HouseholdView, *, percent: int) -> Iterator[Found]:
    """Of the hospital costs that may be refunded, the scheme's share came back."""
    if h.income is None:
        return
    statement = h.income.draft
    if statement.hospital_refunded * 100 < statement.hospital_costs * percent:
        text = say("Less than {percent} % of the hospital costs came back. Check the bills, or apply for the rest.",
                   percent=percent)  # fmt: skip
        yield Found("income.hospital_refunded", text, record=statement.id)
