"""Papers of identification, monitoring and the yearly adjustment: applications, second posting, 公告, refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.services.conftest import TODAY, drafted, words
from tests.core.services.test_service_courses import MEETING, begun, posted
from tests.factories import YEAR
from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.errors import Refused


@pytest.fixture
def home(desk):
    found = desk.households.all()[0]
    desk.households.save(replace(found, state="", identified_year=None), "not registered")
    return desk.households.get(found.id)


def test_an_application_lists_everybody_who_authorises_and_says_it_may_be_withdrawn(desk, home):
    course = begun(desk, home)
    (subject,) = desk.papers.subjects("entry_application", YEAR)
    text = words(desk.papers.preview("entry_application", [subject]))
    assert subject == course
    for member in home.living:
        assert member.name in text
    assert "申请可以随时撤回，撤回不需要理由" in text
    assert f"{TODAY.year}年{TODAY.month}月{TODAY.day}日" in text
    assert not any(member.id_number in text for member in home.living if member.id_number)


def test_the_second_posting_and_the_announcement_are_drafted_from_the_applications(desk, clock, home):
    course = begun(desk, home)
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "shortlist", TODAY, "", **MEETING)
    posted(desk, clock, course, "post_first")
    desk.courses.take(course, "report", clock().date(), "")
    assert desk.posting.waiting("entry_second", YEAR) == (course,)
    second = words(desk.papers.preview("entry_second_notice", [drafted(desk, "entry_second", clock().date())]))
    assert "第二次公示" in second
    assert "柳河镇人民政府" in second
    assert "共7天" in second
    posted(desk, clock, course, "post_second")
    assert desk.posting.waiting("entry_result", YEAR) == ()
    desk.courses.take(course, "approve", clock().date(), "", approval="泗扶〔2019〕8号")
    told = words(desk.papers.preview("entry_announcement", [drafted(desk, "entry_result", clock().date())]))
    assert "名单的公告" in told
    assert "泗扶〔2019〕8号" in told
    assert home.head.name in told
    assert told.index(home.head.name) < told.index("泗洪县人民政府"), "in the name of the county"
    assert "沙洲村村民委员会" not in told[told.index("泗洪县人民政府") :]
    assert "公示期自" not in told, "an announcement asks for nothing"
    assert desk.posting.waiting("entry_result", YEAR) == ()


def test_a_refusal_is_a_letter_with_its_reason_and_the_way_to_have_it_looked_at(desk, home):
    course = begun(desk, home)
    assert desk.papers.subjects("refusal_letter", YEAR) == ()
    with pytest.raises(Refused) as refusal:
        desk.papers.preview("refusal_letter", [course])
    assert refusal.value.problems[0].field == "returned_reason"
    desk.courses.take(course, "survey", TODAY, "", visited_by="周敏、吴刚")
    desk.courses.take(course, "decline", TODAY, "人均可支配收入高于当年标准")
    assert desk.papers.subjects("refusal_letter", YEAR) == (course,)
    text = words(desk.papers.preview("refusal_letter", [course]))
    for said in ("人均可支配收入高于当年标准", "入户调查", home.head.name, "提出复核", "12317"):
        assert said in text


def test_the_adjustment_sheet_shows_the_calendar_and_what_came_and_went(desk):
    course = desk.courses.begin("adjustment", "", YEAR, TODAY, "begun").records["course"][0]
    desk.courses.take(course, "train", TODAY, "")
    assert desk.papers.subjects("adjustment_record", YEAR) == (course,)
    assert desk.papers.subjects("entry_application", YEAR) == ()
    text = words(desk.papers.preview("adjustment_record", [course]))
    for said in ("业务培训", "09-30", "已培训", "年初3户9人现在3户9人", "动态调整工作表"):
        assert said in text


def test_the_list_of_concerns_names_nobody_who_raised_one(desk):
    draft = ConcernDraft(channel="01", topic="01", text="村道路灯坏了")
    desk.concerns.register(draft, ComplainantDraft(name="孙有声", contact="13800002222"), "told")
    text = words(desk.papers.preview("concern_list", [str(desk.site.today().year)]))
    assert "村道路灯坏了" in text
    assert "未销号1件" in text
    assert "孙有声" not in text


def test_the_village_applies_with_its_own_figures(desk):
    case = VillageExitDraft(year=YEAR, figures=(("collective_income", 250_000_00, "村账"),))
    made = desk.villages.save(case, "figures").records["village_exit"][0]
    text = words(desk.papers.preview("village_exit_request", [made]))
    assert "当否，请批复" in text
    assert f"{YEAR}年度" in text
