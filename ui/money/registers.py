"""Funds, the ledger and gifts as registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.page import button
from ui.register import RegisterKind, RegisterTab
from ui.tables import Column
from villagedesk.drafts.money import DonationDraft, FundDraft, PaymentDraft
from villagedesk.services.funds import FundRow
from villagedesk.text import say, tr
from villagedesk.values import yuan


class Choice:
    """A field that chooses among records; what it offers is asked for anew whenever the page is shown."""

    def __init__(self, ask: Callable[[], Sequence[Option]]) -> None:
        self._ask = ask
        self._field: CodeField | None = None

    def make(self) -> CodeField:
        """The field."""
        self._field = CodeField(())
        return self._field

    def refresh(self) -> None:
        """Offer what there is now."""
        if self._field is not None:
            self._field.offer(self._ask())


def funds_offered(context: Context) -> Sequence[Option]:
    """The funds, newest year first."""
    return [Option(row.fund.id, f"{row.fund.year} {fund_title(context, row)}") for row in context.desk.funds.all()]


def projects_offered(context: Context) -> Sequence[Option]:
    """The projects."""
    return [Option(row.project.id, f"{row.project.no} {row.project.title}") for row in context.desk.projects.all()]


def households_offered(context: Context) -> Sequence[Option]:
    """The households, group by group."""
    desk = context.desk
    rows = desk.lists.every_household()
    return [Option(row.id, f"{row.group} {row.head} {row.no[-4:]}") for row in rows]


def fund_title(context: Context, row: FundRow) -> str:
    """The fund's name with the payer's part of a rule."""
    rule = context.desk.profile.funds.get(row.fund.rule)
    part = rule.parts.get(row.fund.part, row.fund.part) if rule else ""
    return f"{row.fund.title}（{part}）" if part else row.fund.title


def fund_tab(context: Context) -> RegisterTab:
    """What was promised, with what came and went."""
    desk = context.desk
    kind = RegisterKind(
        name=tr("Funds"),
        empty=say("No fund yet. Enter what was promised to the village, from whom and for which year."),
        columns=(
            Column(say("Year"), lambda row: str(row.fund.year), 4),
            Column(say("Name of the fund"), partial(fund_title, context), 13),
            Column(say("Planned"), lambda row: yuan(row.fund.amount), 9, right=True),
            Column(say("Left"), lambda row: yuan(row.left), 9, right=True),
        ),
        sections=(Section(say("Fund"), (
            F("title", say("Name of the fund"), span=2),
            F("year", say("Year"), "year"),
            F("source", say("Source of the money"), "code", "fund_source"),
            F("payer", say("Paid by"), span=2),
            F("amount", say("Amount (yuan)"), "amount"),
            F("doc_no", say("Number of the paper"), span=2),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=lambda: FundDraft(year=desk.site.today().year),
        load=desk.funds.all,
        save=desk.funds.save,
        remove=lambda draft, reason: desk.funds.remove(draft.id, reason),
        draft_of=lambda row: row.fund,
    )  # fmt: skip
    tab = RegisterTab(context, kind)
    tab.extra.addWidget(button(say("Post the funds"), "notices", partial(_post_funds, context, tab)))
    return tab


def _post_funds(context: Context, tab: RegisterTab) -> None:
    year = tab.binder.draft.year
    ids = [row.fund.id for row in context.desk.funds.all() if row.fund.year == year]
    if tab.may_leave() and ids:
        context.navigator.go("notices", draft_for=ids, kind="funds", year=year)


def ledger_tab(context: Context, funds: Choice, projects: Choice, households: Choice) -> RegisterTab:
    """Every line of the ledger."""
    desk, codes = context.desk, context.desk.profile.codes
    kind = RegisterKind(
        name=tr("Ledger"),
        empty=say("Nothing booked yet. Book what came in first; what is paid out names its project or household."),
        columns=(
            Column(say("Day"), lambda line: line.on.isoformat() if line.on else "", 8),
            Column(say("In or out"), lambda line: codes.word("payment_way", line.way), 5),
            Column(say("Yuan"), lambda line: yuan(line.amount), 9, right=True),
            Column(say("Paid for"), lambda line: line.payee or codes.word("fund_use", line.use), 11),
        ),
        sections=(Section(say("Line"), (
            F("way", say("In or out"), "code", "payment_way"),
            F("on", say("Day"), "date"),
            F("amount", say("Amount (yuan)"), "amount"),
            F("fund_id", say("Fund"), span=2),
            F("use", say("Used for"), "code", "fund_use"),
            F("project_id", say("Project"), span=2),
            F("payee", say("Paid to")),
            F("household_id", say("Household that receives it"), span=2),
            F("voucher", say("Voucher")),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=lambda: PaymentDraft(way="in", on=desk.site.today()),
        load=desk.funds.payments,
        save=desk.funds.pay,
        remove=lambda draft, reason: desk.funds.cancel(draft.id, reason),
        editors={"fund_id": funds.make, "project_id": projects.make, "household_id": households.make},
    )  # fmt: skip
    return RegisterTab(context, kind)


def donation_tab(context: Context) -> RegisterTab:
    """Gifts to the village."""
    desk, codes = context.desk, context.desk.profile.codes
    kind = RegisterKind(
        name=tr("Donations"),
        empty=say("No gift yet. Enter who gave what on which day, and what it was used for."),
        columns=(
            Column(say("Day"), lambda gift: gift.on.isoformat() if gift.on else "", 8),
            Column(say("Donor"), lambda gift: gift.donor, 12),
            Column(say("Gift"), _gift, 10),
            Column(say("Occasion"), lambda gift: codes.word("donation_occasion", gift.occasion), 10),
        ),
        sections=(Section(say("Gift"), (
            F("donor", say("Donor"), span=2),
            F("unnamed", say("Wants no name on the board"), "yesno"),
            F("on", say("Day"), "date"),
            F("occasion", say("Occasion"), "code", "donation_occasion"),
            F("amount", say("Amount (yuan)"), "amount"),
            F("goods", say("Goods")),
            F("use", say("Used for"), span=2),
            F("receipt", say("Receipt")),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=lambda: DonationDraft(on=desk.site.today()),
        load=desk.funds.donations,
        save=desk.funds.donate,
        remove=lambda draft, reason: desk.funds.remove_donation(draft.id, reason),
    )  # fmt: skip
    tab = RegisterTab(context, kind)
    tab.extra.addWidget(button(say("Post the gifts"), "notices", partial(_post_gifts, context, tab)))
    return tab


def _post_gifts(context: Context, tab: RegisterTab) -> None:
    year = tab.binder.draft.on.year if tab.binder.draft.on else context.desk.site.today().year
    ids = context.desk.posting.waiting("donations", year)
    if tab.may_leave() and ids:
        context.navigator.go("notices", draft_for=ids, kind="donations", year=year)


def _gift(gift: Any) -> str:
    return "，".join(filter(None, (f"{yuan(gift.amount)} 元" if gift.amount else "", gift.goods)))
