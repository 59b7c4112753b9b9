"""Notices of other matters than exits are drafted from the records, pass the leak check, and go their way."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE
from tests.factories import YEAR, make_household, make_member
from villagedesk.desk import create_desk
from villagedesk.drafts.money import DonationDraft, FundDraft, PaymentDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused
from villagedesk.exchange.registers import load_register, register_names

ROAD = ProjectDraft(
    title="二组通组路硬化", kind="02", year=YEAR, place="二组", content="硬化路面1.2公里", amount=360_000_00,
    source="04", unit="柳河镇人民政府", starts_on=date(YEAR, 4, 1), ends_on=date(YEAR, 9, 30), benefit="全组出行受益",
)  # fmt: skip


def post(desk, kind, day):
    ids = desk.posting.waiting(kind, YEAR)
    notice = desk.notices.draft(kind, YEAR, ids, "from the records").records["notice"][0]
    desk.notices.plan_days(notice, day, "days")
    return notice


def words(rendered) -> str:
    return re.sub(r"\s+", "", "".join(rendered.texts))


def test_three_parts_are_made_public_project_money_effect(desk, story):
    road = desk.projects.save(ROAD, "plan").records["project"][0]
    fund = desk.funds.save(FundDraft(title="县级配套", year=YEAR, source="04", amount=360_000_00), "promised")
    fund_id = fund.records["fund"][0]
    notice = post(desk, "projects", story.today)
    text = words(desk.papers.print("project_notice", [notice], "print")[0].rendered)
    for said in ("二组通组路硬化", "硬化路面1.2公里", "360000.00", "县级财政配套", "全组出行受益", "12317"):
        assert said in text
    assert f"{YEAR}年11月10日起至{YEAR}年11月19日止，共10天" in text
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")
    assert desk.projects.all()[0].posted
    assert desk.posting.waiting("projects", YEAR) == ()
    for verb in ("approve", "start", "finish"):
        desk.projects.take(road, verb, story.today, "by the book")
    desk.funds.pay(PaymentDraft(fund_id=fund_id, way="in", on=story.today, amount=360_000_00), "slip")
    desk.funds.pay(PaymentDraft(fund_id=fund_id, project_id=road, on=story.today, amount=350_000_00), "paid")
    desk.projects.take(road, "accept", story.today, "done", accepted_by="镇、村", acceptance="合格", result="出行方便")
    effect = words(desk.papers.preview("effect_notice", [post(desk, "effects", story.today)]))
    assert all(said in effect for said in ("350000.00", "合格", "出行方便"))
    money = words(desk.papers.preview("fund_notice", [post(desk, "funds", story.today)]))
    assert all(said in money for said in ("县级配套", "360000.00", "350000.00", "10000.00"))


def test_an_objection_to_a_project_sends_no_household_back(desk, story):
    desk.projects.save(ROAD, "plan")
    notice = post(desk, "projects", story.today)
    desk.papers.print("project_notice", [notice], "print")
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")
    objection = ObjectionDraft(notice_id=notice, received_on=story.today, text="路线应经过三组")
    made = desk.objections.register(objection, "told").records["objection"][0]
    desk.objections.take(made, "accept", "taken")
    desk.objections.settle(made, "去现场看过", "改线", upheld=True, on=story.today, reason="decided", by="周敏、吴刚")
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    desk.notices.close(notice, "收到意见一条，已采纳", "days over")
    assert desk.notices.get(notice).result


def test_houses_are_posted_with_what_was_paid_and_nothing_of_the_household(desk, story):
    first, second, third = [desk.households.get(row.id) for row in desk.households.all()]
    desk.households.save(replace(first, dwelling="D"), "graded")
    desk.households.save(replace(second, dwelling="A", dwelling_repaired_year=YEAR), "mended")
    desk.households.save(replace(third, dwelling="C", published=False, note="乡镇同意个案不公示"), "graded")
    fund = desk.funds.save(FundDraft(title="危房改造补助", year=YEAR, amount=50_000_00), "promised").records["fund"][0]
    desk.funds.pay(PaymentDraft(fund_id=fund, way="in", on=story.today, amount=50_000_00), "slip")
    paid = PaymentDraft(fund_id=fund, household_id=second.id, on=story.today, amount=20_012_34, use="07")
    desk.funds.pay(paid, "to the household")
    notice = post(desk, "dwellings", story.today)
    text = words(desk.papers.print("dwelling_notice", [notice], "print")[0].rendered)
    assert first.head.name in text
    assert third.head.name not in text
    assert "20012.34" in text
    assert "3户" in text
    assert not re.search(r"\d{15}", text)


def test_an_amount_that_looks_like_part_of_a_number_may_be_posted_and_the_number_itself_may_not(desk, story):
    number = desk.households.get(desk.households.all()[0].id).head.id_number
    part = number[11:17]
    whole = FundDraft(title="挂钩资金", year=YEAR, amount=int(part.replace("0", "1")) * 100)
    desk.funds.save(whole, "promised")
    head = desk.households.get(desk.households.all()[0].id)
    member = replace(head.members[0], phone="13" + part.replace("0", "1") + "555")
    desk.households.save(replace(head, members=(member, *head.members[1:])), "a phone that holds the amount")
    notice = post(desk, "funds", story.today)
    assert part.replace("0", "1") + ".00" in words(desk.papers.preview("fund_notice", [notice]))
    desk.funds.save(FundDraft(title=f"账号{part}", year=YEAR, amount=1_00), "promised")
    told = desk.posting.waiting("funds", YEAR)
    again = desk.notices.draft("funds", YEAR, told, "from the records").records["notice"][0]
    desk.notices.plan_days(again, story.today, "days")
    with pytest.raises(Refused) as refusal:
        desk.papers.preview("fund_notice", [again])
    assert {problem.rule for problem in refusal.value.problems} == {"stored", "card"}


def test_a_scheme_with_a_standing_register_posts_it_for_good(tmp_path, clock):
    village = VillageDraft(code="441402101201", name="甲村", township="乙镇", county="丙县", profile="guangdong-2016",
                           phones="0753-0000001", issuer="甲村村民委员会")  # fmt: skip
    desk, _ = create_desk(tmp_path / "gd", PASSPHRASE, village, author="队长", clock=clock, cost=CHEAP)
    with desk:
        desk.households.save(make_household(), "visit")
        assert "register" in desk.posting.kinds()
        notice = post(desk, "register", clock().date())
        text = words(desk.papers.preview("register_notice", [notice]))
        assert "相对贫困户名单" in text
        assert "长期公示" in text


def test_a_list_that_hangs_for_good_is_renewed_when_the_register_changes(tmp_path, clock):
    village = VillageDraft(code="441402101201", name="甲村", township="乙镇", county="丙县", profile="guangdong-2016",
                           phones="0753-0000001", issuer="甲村村民委员会")  # fmt: skip
    desk, _ = create_desk(tmp_path / "gd", PASSPHRASE, village, author="队长", clock=clock, cost=CHEAP)
    with desk:
        today = clock().date()
        desk.households.save(make_household(), "visit")
        old = post(desk, "register", today)
        desk.papers.print("register_notice", [old], "print")
        with pytest.raises(Refused):
            desk.notices.renew(old, desk.posting.waiting("register", YEAR), "not up yet")
        desk.notices.post(old, today, "村务公开栏", "张平", "posted")
        clock.to(today + timedelta(days=40))
        assert [line for line in desk.worklist.items() if line.kind == "notices"] == []  # it has no last day
        second = make_household(no="201900002", members=(make_member(name="钱二", id_number="", person_no=""),))
        desk.households.save(second, "visit")
        assert [dict(line.place) for line in desk.worklist.items() if line.kind == "notices"] == [{"notice_id": old}]
        now = desk.posting.waiting("register", YEAR)
        new = desk.notices.renew(old, now, "two households now").records["notice"][0]
        with pytest.raises(Refused):
            desk.notices.renew(old, now, "again")
        assert desk.notices.get(old).state == "posted"  # it hangs until the new one does
        day = clock().date()
        desk.notices.plan_days(new, day, "days")
        desk.papers.print("register_notice", [new], "print")
        desk.notices.post(new, day, "村务公开栏", "张平", "posted")
        assert (desk.notices.get(old).state, desk.notices.get(old).closed_on) == ("renewed", day)
        assert [line for line in desk.worklist.items() if line.kind == "notices"] == []


def test_a_notice_with_a_last_day_is_not_renewed(desk, story):
    desk.projects.save(ROAD, "plan")
    notice = post(desk, "projects", story.today)
    desk.papers.print("project_notice", [notice], "print")
    desk.notices.post(notice, story.today, "村务公开栏", "张平", "posted")
    with pytest.raises(Refused):
        desk.notices.renew(notice, ("x",), "more projects")


def test_nothing_is_drafted_of_nothing(desk):
    for kind in desk.posting.kinds():
        assert desk.posting.waiting(kind, YEAR - 5) == ()
    with pytest.raises(Refused):
        desk.notices.draft("projects", YEAR, (), "empty")
    with pytest.raises(Refused):
        desk.notices.draft("gossip", YEAR, ("x",), "unknown")


def test_who_needs_care_is_kept_but_stands_on_no_notice_and_in_no_register(desk, story):
    home = desk.households.get(desk.households.all()[0].id)
    members = (replace(home.members[0], care=("06", "07")), *home.members[1:])
    desk.households.save(replace(home, dwelling="D", members=members), "visit")
    assert desk.households.get(home.id).head.care == ("06", "07")
    text = words(desk.papers.preview("dwelling_notice", [post(desk, "dwellings", story.today)]))
    said = [desk.profile.codes.word("care", code) for code, _ in desk.profile.codes.choices("care")]
    assert not [word for word in said if word in text]
    shown = {column.shows.path for name in register_names() for column in load_register(name).columns if column.shows}
    assert "member.care" not in shown


def test_gifts_are_posted_with_their_use_and_without_a_donor_who_wants_none(desk, story):
    home = desk.households.all()[0]
    desk.funds.donate(DonationDraft(on=story.today, donor="县工商业联合会", occasion="01", amount=20_000_05,
                                    use="修文化活动室"), "came")  # fmt: skip
    shy = DonationDraft(on=story.today, donor="钱不留名", unnamed=True, goods="棉被2条", household_id=home.id)
    desk.funds.donate(shy, "came")
    notice = post(desk, "donations", story.today)
    text = words(desk.papers.print("donation_notice", [notice], "print")[0].rendered)
    for said in ("县工商业联合会", "20000.05", "修文化活动室", "爱心人士", "棉被2条", "2笔"):
        assert said in text
    for hidden in ("钱不留名", home.head.name, home.no):
        assert hidden not in text
    assert desk.posting.waiting("donations", YEAR) == ()
