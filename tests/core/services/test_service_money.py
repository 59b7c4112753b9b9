"""Projects, the ledger, gifts, shares and what they bring, on a real desk."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE
from tests.factories import YEAR
from villagedesk.desk import create_desk
from villagedesk.drafts.money import AssetDraft, DonationDraft, FundDraft, PaymentDraft, ShareDraft
from villagedesk.drafts.plan import WishDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused, Stale
from villagedesk.services.event_course import Afterwards, Occasion
from villagedesk.services.notice_kinds import NOTICES_OF

ROAD = ProjectDraft(
    title="二组通组路硬化", kind="02", year=YEAR, place="二组", content="硬化路面1.2公里", amount=360_000_00,
    source="04", unit="柳河镇人民政府", responsible="张平", starts_on=date(YEAR, 4, 1), ends_on=date(YEAR, 9, 30),
    benefit_way="07", benefit="全组48户出行受益", households=48,
)  # fmt: skip


@pytest.fixture
def road(desk) -> str:
    return desk.projects.save(ROAD, "from the village plan").records["project"][0]


@pytest.fixture
def fund(desk) -> str:
    made = desk.funds.save(FundDraft(title="挂钩资金", year=YEAR, source="09", amount=500_000_00), "promised")
    return made.records["fund"][0]


def refused(call, *arguments, **values) -> list[str]:
    with pytest.raises(Refused) as refusal:
        call(*arguments, **values)
    return [problem.field for problem in refusal.value.problems]


def _step(desk, story, road, verb, **values):
    return desk.projects.take(road, verb, story.today, "by the book", **values)


def test_a_project_goes_its_way_and_stays_as_it_was_accepted(desk, story, road):
    step = partial(_step, desk, story, road)
    step("approve", approval="泗扶发〔2019〕3号")
    step("start")
    step("finish")
    assert refused(step, "accept") == ["accepted_by", "acceptance", "result"]
    step("accept", accepted_by="镇、村、群众代表", acceptance="合格", result="48户出行不再绕路")
    (row,) = desk.projects.all()
    assert (row.project.no, row.state_title, row.steps) == (f"{YEAR}-01", "已验收", ())
    assert row.project.accepted_on == story.today
    with pytest.raises(Refused):
        desk.projects.save(replace(row.project, result="更好"), "prettier")


def test_a_project_is_approved_only_when_all_that_is_posted_is_there(desk, story):
    bare = desk.projects.save(ProjectDraft(title="打井", year=YEAR), "proposed").records["project"][0]
    missing = refused(desk.projects.take, bare, "approve", story.today, "hurry")
    assert set(missing) == {"place", "content", "amount", "source", "unit", "starts_on", "ends_on", "benefit"}
    assert refused(desk.projects.take, bare, "stop", story.today, " ") == ["reason"]
    desk.projects.take(bare, "stop", story.today, "水源不够")
    assert desk.projects.get(bare).stopped_reason == "水源不够"
    assert refused(desk.projects.save, ProjectDraft(year=YEAR), "no name") == ["title"]


def test_no_more_goes_out_than_came_in_nor_than_was_planned(desk, story, road, fund):
    came = PaymentDraft(fund_id=fund, way="in", on=story.today, amount=400_000_00)
    spend = PaymentDraft(fund_id=fund, project_id=road, on=story.today, amount=100_000_00, use="02", payee="施工队")
    assert refused(desk.funds.pay, spend, "too early") == ["amount", "project_id"]
    booked = desk.funds.pay(came, "bank slip").records["payment"][0]
    assert refused(desk.funds.pay, spend, "not approved") == ["project_id"]
    desk.projects.take(road, "approve", story.today, "approved")
    beyond = PaymentDraft(fund_id=fund, on=story.today, amount=400_000_01, use="99")
    assert refused(desk.funds.pay, beyond, "one fen more than there is") == ["amount"]
    desk.funds.pay(spend, "first part")
    assert refused(desk.funds.pay, replace(spend, amount=260_000_01), "above the plan") == ["amount"]
    desk.funds.pay(replace(spend, amount=260_000_00), "second part")
    desk.funds.pay(PaymentDraft(fund_id=fund, project_id=road, way="back", on=story.today, amount=10_000_00), "saved")
    (row,) = desk.funds.all()
    assert (row.arrived, row.paid, row.left) == (400_000_00, 350_000_00, 50_000_00)
    assert desk.projects.all()[0].paid == 350_000_00
    assert refused(desk.funds.cancel, booked, "typed twice") == ["amount"]
    assert refused(desk.funds.remove, fund, "mistake") == ["amount"]
    future = replace(came, on=story.today + timedelta(days=1))
    assert refused(desk.funds.pay, future, "tomorrow") == ["on"]
    assert refused(desk.funds.pay, replace(came, fund_id="none"), "lost") == ["fund_id"]
    last = next(line for line in desk.funds.payments() if line.way == "back")
    desk.funds.cancel(last.id, "struck out")
    assert last.id not in {line.id for line in desk.funds.payments()}


def test_a_line_is_corrected_but_not_below_what_was_spent(desk, story, road, fund):
    line = desk.funds.pay(PaymentDraft(fund_id=fund, way="in", on=story.today, amount=90_00), "slip")
    desk.funds.pay(PaymentDraft(fund_id=fund, on=story.today, amount=80_00, use="99"), "spent")
    stored = next(each for each in desk.funds.payments() if each.id == line.records["payment"][0])
    assert refused(desk.funds.pay, replace(stored, amount=79_99), "typed wrong") == ["amount"]
    desk.funds.pay(replace(stored, amount=80_00), "typed wrong")
    assert desk.funds.all()[0].left == 0
    with pytest.raises(Stale):
        desk.funds.pay(replace(stored, amount=95_00), "from an old form")


def test_money_by_the_rule_of_the_scheme(tmp_path, clock):
    village = VillageDraft(code="441402101201", name="甲村", township="乙镇", county="丙县", profile="guangdong-2016")
    desk, _ = create_desk(tmp_path / "gd", PASSPHRASE, village, author="队长", clock=clock, cost=CHEAP)
    with desk:
        assert refused(desk.funds.split, "person", 2017, 0, "counted") == ["persons"]
        assert refused(desk.funds.split, "village", 2019, 0, "no instalment") == ["year"]
        assert refused(desk.funds.split, "luck", 2017, 1, "no rule") == ["rule"]
        desk.funds.split("person", 2017, 7, "seven heads")
        amounts = {row.fund.part: row.fund.amount for row in desk.funds.all()}
        assert amounts == {"province": 84_000_00, "helper_city": 42_000_00, "local_city": 14_000_00}
        desk.funds.split("person", 2017, 8, "one more")
        assert sum(row.fund.amount for row in desk.funds.all()) == 160_000_00
        assert {finding.rule for finding in desk.checks.run(["M14"], year=2017).findings} == set()
        (first, *_) = desk.funds.all()
        desk.funds.save(replace(first.fund, amount=first.fund.amount - 1), "typed wrong")
        assert {finding.rule for finding in desk.checks.run(["M14"], year=2017).findings} == {"M14"}


def test_gifts_are_money_or_goods_of_somebody_on_a_day(desk, story):
    gift = DonationDraft(donor="县工商联", on=story.today, occasion="02", goods="棉被30条")
    desk.funds.donate(gift, "10·17")
    assert refused(desk.funds.donate, DonationDraft(), "nothing") == ["donor", "on", "amount"]
    (stored,) = desk.funds.donations()
    desk.funds.remove_donation(stored.id, "entered twice")
    assert desk.funds.donations() == ()


@pytest.fixture
def shared(desk) -> tuple[str, list[str]]:
    """A power station with three, two and one share of the year before."""
    asset = desk.assets.save(AssetDraft(title="村级光伏电站", kind="01", value=600_000_00), "built").records["asset"][0]
    homes = sorted(row.id for row in desk.households.all())
    held = [ShareDraft(asset_id=asset, year=YEAR - 1, household_id=home, member_id=desk.households.get(home).head.id,
                       shares=3 - place, reason="01") for place, home in enumerate(homes)]  # fmt: skip
    desk.assets.hold(held, "first roster")
    return asset, homes


def test_each_year_has_its_own_roster_without_those_who_are_gone(desk, story, shared):
    asset, homes = shared
    head, heir, *_ = desk.households.get(homes[0]).living
    desk.events.death(homes[0], head.id, Occasion(story.today, document="死亡证明"), Afterwards(head_id=heir.id))
    (found,) = desk.checks.run(["H28"]).findings
    assert found.household_id == homes[0]
    desk.assets.start_roster(asset, YEAR, "new year")
    rows = desk.assets.roster(asset, YEAR)
    assert [row.share.shares for row in sorted(rows, key=lambda row: -row.share.shares)] == [3, 2, 1]
    renamed = next(row for row in rows if row.household.id == homes[0])
    assert (renamed.share.reason, renamed.share.member_id) == ("05", desk.households.get(homes[0]).head.id)
    assert desk.checks.run(["H28"]).findings == ()
    assert refused(desk.assets.start_roster, asset, YEAR, "again") == ["year"]
    assert desk.assets.all()[0].years == (YEAR, YEAR - 1)


def test_income_is_shared_to_the_fen_decided_posted_and_paid(desk, story, shared):
    asset, homes = shared
    assert refused(desk.assets.reckon, asset, YEAR, 100, 0, "no roster") == ["year"]
    desk.assets.start_roster(asset, YEAR, "new year")
    made = desk.assets.reckon(asset, YEAR, 60_000_01, 6_000_00, "station account").records["distribution"][0]
    (shared_out,) = desk.assets.all()[0].distributions
    assert sum(line.amount for line in shared_out.payouts) == 54_000_01
    assert sorted(line.amount for line in shared_out.payouts) == [9_000_00, 18_000_00, 27_000_01]
    assert refused(desk.assets.pay, made, story.today, "hurry") == ["decided_on", "notice_id"]
    desk.assets.decide(made, story.today, "村民代表会议", "agreed")
    assert refused(desk.assets.reckon, asset, YEAR, 1, 0, "after the decision") == ["year"]
    share = desk.assets.roster(asset, YEAR)[0].share
    assert refused(desk.assets.hold, [replace(share, shares=9)], "after the decision") == ["year"]
    notice = desk.notices.draft("shares", YEAR, [made], "posted").records["notice"][0]
    desk.notices.plan_days(notice, story.today, "posted")
    printed = desk.papers.print("share_notice", [notice], "posted")[0].rendered
    assert "27000.01" in "".join(printed.texts)
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    desk.notices.close(notice, "没有异议", "days over")
    desk.assets.pay(made, story.today, "bank list")
    year = (date(YEAR, 1, 1), date(YEAR, 12, 31))
    assert sum(one.amount for home in homes for one in desk.assets.of_household(home, *year)) == 54_000_01
    assert desk.assets.of_household(homes[0], date(YEAR - 1, 1, 1), date(YEAR - 1, 12, 31)) == ()


def test_a_dividend_is_offered_to_the_income_statement_with_its_source(desk, story, shared):
    asset, homes = shared
    desk.assets.start_roster(asset, YEAR, "new year")
    made = desk.assets.reckon(asset, YEAR, 60_000_01, 0, "station account").records["distribution"][0]
    statement = next(s for s in desk.households.incomes(homes[0]) if s.year == YEAR)
    assert desk.incomes.on_file(statement) == ()  # nothing is paid yet
    desk.assets.decide(made, story.today, "村民代表会议", "agreed")
    with desk.site.store.work("test", "posted and paid") as work:
        work.put("distribution", desk.site.village, {"paid_on": story.today}, made)
    (line,) = desk.incomes.on_file(statement)
    share = next(each for each in desk.assets.all()[0].distributions[0].payouts if each.household_id == homes[0])
    assert (line.item, line.amount) == ("property.dividend", share.amount)
    assert desk.assets.all()[0].asset.title in line.evidence
    assert story.today.isoformat() in line.evidence
    assert desk.incomes.on_file(replace(statement, year=YEAR - 1, starts_on=None, ends_on=None)) == ()


def test_a_household_that_falls_out_gets_nothing_when_it_is_reckoned_again(desk, shared):
    asset, _ = shared
    desk.assets.reckon(asset, YEAR - 1, 100_00, 0, "account")
    first = desk.assets.roster(asset, YEAR - 1)[0].share
    desk.assets.hold([replace(first, shares=0)], "wrongly entered")
    desk.assets.reckon(asset, YEAR - 1, 100_00, 0, "account")
    (again,) = desk.assets.all()[0].distributions
    assert first.household_id not in {line.household_id for line in again.payouts}
    assert sum(line.amount for line in again.payouts) == 100_00


def test_own_land_or_money_goes_in_only_by_the_holders_wish(desk, story, shared):
    _, homes = shared
    orchard = AssetDraft(title="林地入股", kind="04", contributed=True)
    asset = desk.assets.save(orchard, "cooperative").records["asset"][0]
    head = desk.households.get(homes[0]).head.id
    share = ShareDraft(asset_id=asset, year=YEAR, household_id=homes[0], member_id=head, shares=5)
    assert refused(desk.assets.hold, [share], "put in") == ["member_id"]
    wish = WishDraft(household_id=homes[0], member_id=head, kind="06", asked_on=story.today - timedelta(days=8),
                     asked_by="周敏", alternatives="不入股，自己经营", answer="1", mark="signature")  # fmt: skip
    desk.wishes.save(wish, "asked at home")
    desk.assets.hold([share], "put in")
    assert refused(desk.assets.hold, [replace(share, household_id=homes[1])], "not of this house") == [
        "member_id",
        "member_id",
    ]


def test_an_asset_is_not_disposed_of_in_silence(desk):
    gone = AssetDraft(title="旧厂房", disposed_on=date(YEAR, 1, 1))
    assert refused(desk.assets.save, gone, "sold") == ["disposal"]


def test_every_kind_of_notice_has_its_paper_in_every_scheme(desk):
    for kind, of in NOTICES_OF.items():
        assert of.paper in {paper.key for paper in desk.papers.kinds()}, kind


def test_other_laptops_make_the_same_records(desk, tmp_path, shared):
    asset, _ = shared
    shutil.copytree(desk.place.folder, tmp_path / "copy")
    desk.assets.start_roster(asset, YEAR, "new year")
    desk.assets.reckon(asset, YEAR, 10_00, 0, "account")
    ids = {line.id for line in desk.assets.all()[0].distributions[0].payouts}
    assert all(len(each) == 32 for each in ids)
