"""Assets with the roster of a year and the sharing out of its income, to the fen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.lines import whole_field, yuan_field
from ui.fields.rows import FieldRow, grid
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.money.registers import Choice
from ui.page import button, card, label, row
from ui.register import RegisterKind, RegisterTab
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.money import AssetDraft, DistributionDraft, ShareDraft
from villagedesk.services.assets import AssetRow, ShareRow
from villagedesk.text import say, tr
from villagedesk.values import yuan

SECTION = Section(say("Asset"), (
    F("title", say("Name of the asset"), span=2),
    F("kind", say("Kind"), "code", "asset_kind"),
    F("value", say("Value (yuan)"), "amount"),
    F("operator", say("Run by"), span=2),
    F("contract_from", say("Contract from"), "date"),
    F("contract_to", say("Contract until"), "date"),
    F("contributed", say("Households put in their own land or money"), "yesno"),
    F("income_rule", say("What the contract says of the income"), span=3),
    F("depreciation_years", say("Years of depreciation"), "whole"),
    F("disposed_on", say("Disposed of on"), "date"),
    F("disposal", say("What became of it"), span=3),
))  # fmt: skip


class SharesCard(QWidget):
    """The roster of one asset in one year, and its distribution; ``holders`` is chosen among."""

    def __init__(self, context: Context, do: Callable[[Callable[[], Any]], bool], holders: Choice) -> None:
        super().__init__()
        self._context = context
        self._do = do
        self._asset: AssetRow | None = None
        self._amounts: dict[str, int] = {}
        self.year = QComboBox()
        self.year.setAccessibleName(tr("Year of the roster"))
        self._said = label("", wrap=True)
        self.model = PagedTable[ShareRow](self._columns(), self)
        self.table = TableView(self.model, tr("Roster of shares"))
        self.table.setMinimumHeight(style.letters() * 12)
        self._household, self._shares = holders.make(), whole_field()
        self._income, self._kept = yuan_field(empty=0), yuan_field(empty=0)
        self._further = QHBoxLayout()
        self._assemble()
        self.year.activated.connect(self._show)

    def show_asset(self, asset: AssetRow | None) -> None:
        """Show the newest year of an asset, or the year chosen before."""
        changed = asset is None or self._asset is None or asset.asset.id != self._asset.asset.id
        chosen = None if changed else self.year.currentData()
        self._asset = asset
        self.setEnabled(asset is not None)
        this_year = self._context.desk.site.today().year
        years = sorted({this_year, *(asset.years if asset else ())}, reverse=True)
        self.year.clear()
        for each in years:
            self.year.addItem(str(each), each)
        newest = asset.years[0] if asset and asset.years else this_year
        self.year.setCurrentIndex(max(0, self.year.findData(chosen or newest)))
        self._show()

    @property
    def distribution(self) -> DistributionDraft | None:
        """What is shared out in the year shown."""
        shared = self._asset.distributions if self._asset else ()
        return next((each for each in shared if each.year == self.year.currentData()), None)

    def _columns(self) -> tuple[Column[ShareRow], ...]:
        codes = self._context.desk.profile.codes
        return (
            Column(say("Group"), lambda line: line.household.group, 7),
            Column(say("In the name of"), lambda line: line.holder, 8),
            Column(say("Shares"), lambda line: str(line.share.shares), 5, right=True),
            Column(say("Why"), lambda line: codes.word("share_reason", line.share.reason), 8),
            Column(say("Yuan"), lambda line: yuan(self._amounts.get(line.household.id, 0)), 8, right=True),
        )

    def _assemble(self) -> None:
        enter = grid([(FieldRow(tr("Household"), self._household), 2), FieldRow(tr("Shares"), self._shares)], 3)
        share_out = grid([
            FieldRow(tr("Income of the year (yuan)"), self._income),
            FieldRow(tr("Stays with the collective (yuan)"), self._kept),
        ], 2)  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        hold = row(button(say("Enter the share"), "add", self._on_hold))
        reckon = row(button(say("Share out"), "ok", self._on_reckon))
        head = row(self.year, button(say("Begin from last year"), "forward", self._on_start))
        column.addWidget(card(head, self.table, enter, hold, heading=tr("Roster of shares")))
        column.addWidget(card(share_out, reckon, self._said, self._further, heading=tr("Sharing out the income")))
        self._decide = button(say("A meeting agreed"), "ok", self._on_decide)
        self._post = button(say("Post it"), "notices", self._on_post)
        self._pay = button(say("Paid out"), "ok", self._on_pay)
        for each in (self._decide, self._post, self._pay):
            self._further.addWidget(each)
        self._further.addStretch(1)

    def _show(self) -> None:
        asset, shared = self._asset, self.distribution
        self._amounts = {line.household_id: line.amount for line in shared.payouts} if shared else {}
        year = int(self.year.currentData() or 0)
        rows = self._context.desk.assets.roster(asset.asset.id, year) if asset else ()
        self.model.show_rows(rows)
        self._income.show_value(shared.income if shared else 0)
        self._kept.show_value(shared.kept if shared else 0)
        self._said.setText(_words(shared, rows))
        decided = shared is not None and shared.decided_on is not None
        self._decide.setEnabled(shared is not None and not decided)
        self._post.setEnabled(decided and not (shared and shared.notice_id))
        self._pay.setEnabled(decided and not (shared and shared.paid_on))

    def _on_start(self) -> None:
        asset, year = self._asset, int(self.year.currentData())
        if asset is not None:
            self._do(lambda: self._context.desk.assets.start_roster(asset.asset.id, year, tr("roster of the year")))

    def _on_hold(self) -> None:
        asset, household_id, shares = self._asset, self._household.value(), self._shares.value()
        if asset is None or not household_id or shares is None:
            self._context.messages.tell(say("Choose the household and enter its shares; 0 takes it off."), "warn")
            return
        desk, year = self._context.desk, int(self.year.currentData())
        held = {line.household.id: line.share for line in desk.assets.roster(asset.asset.id, year)}
        head = desk.households.get(household_id).head
        fresh = ShareDraft(asset_id=asset.asset.id, year=year, household_id=household_id, reason="01",
                           member_id=head.id if head else "")  # fmt: skip
        share = held.get(household_id, fresh)
        self._do(lambda: desk.assets.hold([replace(share, shares=shares)], tr("entered in the form")))

    def _on_reckon(self) -> None:
        asset, year = self._asset, int(self.year.currentData())
        income, kept = self._income.value() or 0, self._kept.value() or 0
        if asset is not None:
            self._do(lambda: self._context.desk.assets.reckon(asset.asset.id, year, income, kept, tr("shared out")))

    def _on_decide(self) -> None:
        shared, desk = self.distribution, self._context.desk
        meeting = self._context.messages.ask_line(say("Which meeting agreed to it today?")) if shared else None
        if shared and meeting:
            self._do(lambda: desk.assets.decide(shared.id, desk.site.today(), meeting, tr("agreed by a meeting")))

    def _on_post(self) -> None:
        shared = self.distribution
        if shared is not None:
            self._context.navigator.go("notices", draft_for=[shared.id], kind="shares", year=shared.year)

    def _on_pay(self) -> None:
        shared, desk = self.distribution, self._context.desk
        if shared is not None:
            self._do(lambda: desk.assets.pay(shared.id, desk.site.today(), tr("paid out")))


def _words(shared: DistributionDraft | None, rows: Any) -> str:
    if shared is None:
        return tr(
            "Not shared out yet. {n} {n:household holds|households hold} {shares} {shares:share|shares}.",
            n=len(rows),
            shares=sum(line.share.shares for line in rows),
        )
    total = sum(line.amount for line in shared.payouts)
    parts = [tr("{total} yuan to {n} {n:household|households}, to the fen.", total=yuan(total), n=len(shared.payouts))]
    if shared.decided_on:
        parts.append(tr("Agreed on {day} by {who}.", day=shared.decided_on, who=shared.decided_by))
    if shared.paid_on:
        parts.append(tr("Paid out on {day}.", day=shared.paid_on))
    return " ".join(parts)


def asset_tab(context: Context, holders: Choice) -> RegisterTab:
    """The assets; roster and distribution of the one under the cursor stand over its form."""
    desk, codes = context.desk, context.desk.profile.codes
    kind = RegisterKind(
        name=tr("Assets and shares"),
        empty=say("No asset yet. Enter a power station, workshop or orchard whose income households share."),
        columns=(
            Column(say("Name of the asset"), lambda line: line.asset.title, 13),
            Column(say("Kind"), lambda line: codes.word("asset_kind", line.asset.kind), 8),
            Column(say("Last roster"), lambda line: str(line.years[0]) if line.years else tr("none"), 6),
        ),
        sections=(SECTION,),
        blank=AssetDraft,
        load=desk.assets.all,
        save=desk.assets.save,
        draft_of=lambda line: line.asset,
    )
    tab = RegisterTab(context, kind)
    shares = SharesCard(context, tab.do, holders)
    tab.above.addWidget(shares)
    tab.shown.connect(shares.show_asset)
    return tab
