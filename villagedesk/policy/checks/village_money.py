"""Rules over money: H28 (shares and their holders), M14 (money by the scheme's shares and instalments)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from villagedesk.drafts.money import FundDraft
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView, VillageView
from villagedesk.policy.money import parts_due
from villagedesk.text import say
from villagedesk.values import yuan


@rule("H28")
def share_holders_belong(h: HouseholdView) -> Iterator[Found]:
    """A share of the newest roster stands in the name of somebody who still belongs to the household (JS-3.4.1)."""
    newest: dict[str, int] = {}
    for share in h.file.shares:
        newest[share.asset_id] = max(share.year, newest.get(share.asset_id, 0))
    gone = {member.id: member.name for _, member in h.gone}
    for share in h.file.shares:
        if share.year == newest[share.asset_id] and share.shares and share.member_id in gone:
            text = say(
                "The share stands in the name of {name}, who has left. Put it in another name.",
                name=gone[share.member_id],
            )
            yield Found("shares", text, record=share.id)


@rule("M14")
def funds_by_rule(v: VillageView) -> Iterator[Found]:
    """Money that follows a rule of the scheme has its parts to the fen (GZ-11.1: 100/70/30, GZ-11.4: 6:3:1)."""
    groups: dict[tuple[str, int], list[FundDraft]] = defaultdict(list)
    for fund in v.file.funds:
        if fund.rule in v.ctx.funds:
            groups[fund.rule, fund.year].append(fund)
    for (key, year), funds in sorted(groups.items()):
        for part, due in parts_due(v.ctx.funds[key], year, max(fund.persons or 0 for fund in funds)).items():
            found = [fund for fund in funds if fund.part == part]
            amount = sum(fund.amount for fund in found)
            if amount != due:
                text = say("{rule} {year}, {part}: {amount} yuan, by the rule {due} yuan.", rule=v.ctx.funds[key].title,
                           year=year, part=part, amount=yuan(amount), due=yuan(due))  # fmt: skip
                yield Found("funds.amount", text, record=(found or funds)[0].id)
