"""A county changes a paper or adds one without code; what it may not do is refused by file, line and reason."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.core.services.conftest import words
from tests.factories import YEAR
from villagedesk.documents.papers import load_papers
from villagedesk.documents.sheet import Look
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.services.own_papers import shipped_text

VISIT_CARD = """
title = "入户联系卡"
audience = "household"
about = "household"
outline = "{household_no}"
blank = ["dwelling"]

[fields]
village = "行政村"
head = "户主姓名"
household_no = "户编号"
dwelling = "住房安全"
phone = "办公电话"

[sources]
dwelling = "household.dwelling"

[tables.people]
each = "member"
columns = [
    { key = "no", heading = "序号", width = 14 },
    { key = "name", heading = "姓名", width = 40, person = true },
    { key = "relation", heading = "与户主关系", width = 40, source = "member.relation" },
    { key = "blank", heading = "备注", width = 60 },
]

[[block]]
kind = "title"
text = "{village}入户联系卡"

[[block]]
kind = "paragraph"
text = "{head}户（{household_no}），住房：{dwelling}。有事请打{phone}。"

[[block]]
kind = "list"
table = "people"
end_mark = true
"""


@pytest.fixture
def county(tmp_path):
    """Writes a paper file of the county."""

    def write(name, text):
        folder = tmp_path / "county"
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def changed(key, *changes):
    text = shipped_text(key)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text


def test_a_new_paper_is_filled_from_the_field_dictionary(desk, county):
    desk.own_papers.add(county("visit_card", VISIT_CARD), "the county's card")
    assert "visit_card" in {paper.key for paper in desk.papers.kinds()}
    assert "table" in desk.papers.able("visit_card")
    subjects = desk.papers.subjects("visit_card", YEAR)
    assert len(subjects) == 3
    text = words(desk.papers.preview("visit_card", subjects[:1]))
    home = desk.households.get(subjects[0])
    assert f"{home.head.name}户（{home.no}）" in text
    for member in home.living:
        assert member.name in text
    assert "本人或户主" in text
    (printed,) = desk.papers.print("visit_card", subjects[:1], "handed over")
    assert desk.papers.get(printed.paper_id).kind == "visit_card"
    masked = words(desk.papers.preview("visit_card", subjects[:1], look=Look(masked=True)))
    assert home.living[1].name not in masked


def test_a_list_of_the_village_and_a_blank_form_need_no_code_either(desk, county, tmp_path):
    text = (
        VISIT_CARD.replace('about = "household"', 'about = "village"')
        .replace('audience = "household"', 'audience = "office"')
        .replace('blank = ["dwelling"]\n', "").replace('outline = "{household_no}"\n', "")
        .replace('each = "member"', 'each = "household"')
        .replace('head = "户主姓名"\nhousehold_no = "户编号"\ndwelling = "住房安全"\n', "")
        .replace('[sources]\ndwelling = "household.dwelling"\n', "")
        .replace('key = "name"', 'key = "head"')
        .replace('heading = "与户主关系", width = 40, source = "member.relation"',
                 'heading = "住房安全", width = 40, source = "household.dwelling"')
        .replace("{head}户（{household_no}），住房：{dwelling}。", "")
    )  # fmt: skip
    desk.own_papers.add(county("house_list", text), "the county's list")
    assert desk.papers.subjects("house_list", YEAR) == (str(YEAR),)
    said = words(desk.papers.preview("house_list", [str(YEAR)]))
    assert said.index("王建国") < said.index("赵大山") < said.index("钱长河")
    desk.twins.write(tmp_path / "list.xlsx", "house_list", [str(YEAR)])
    assert (tmp_path / "list.xlsx").stat().st_size > 1000


def test_a_changed_sentence_and_a_dropped_column_need_no_code(desk, story, county):
    _, notice = story.posted()
    file = county("exit_notice", changed(
        "exit_notice", ("提意见人的姓名不对外透露。", "县里另设意见箱。"),
        ('    { key = "note", heading = "备注", width = 28 },\n', ""),
        ('"{persons}人", "", ""]', '"{persons}人", ""]'),
    ))  # fmt: skip
    desk.own_papers.add(file, "the county's words")
    (own,) = desk.own_papers.all()
    assert (own.paper.key, own.changes) == ("exit_notice", True)
    text = words(desk.papers.preview("exit_notice", [notice]))
    assert "县里另设意见箱" in text
    assert "备注" not in text
    assert [paper.key for paper in desk.papers.kinds()].count("exit_notice") == 1
    (found,) = desk.papers.changed("exit_notice", YEAR)
    assert any("县里另设意见箱" in each.now for each in found.altered)
    desk.own_papers.drop("exit_notice", "back to the program's words")
    assert "县里另设意见箱" not in words(desk.papers.preview("exit_notice", [notice]))
    assert desk.papers.changed("exit_notice", YEAR) == ()


def test_what_was_printed_comes_again_by_the_text_of_its_day(desk, county):
    card = county("visit_card", VISIT_CARD)
    desk.own_papers.add(card, "the county's card")
    subject = desk.papers.subjects("visit_card", YEAR)[0]
    first = desk.papers.print("visit_card", [subject], "handed over")[0]
    shipped = desk.papers.print("household_file", [subject], "filed")[0]
    desk.own_papers.add(county("visit_card", VISIT_CARD.replace("有事请打", "有急事请打")), "another word")
    desk.own_papers.add(county("household_file", changed("household_file", ("家庭", "本户"))), "shorter")
    assert "本户" in words(desk.papers.preview("household_file", [subject]))
    assert desk.papers.reprint(first.paper_id).pdf == first.rendered.pdf
    assert desk.papers.reprint(shipped.paper_id).pdf == shipped.rendered.pdf
    desk.own_papers.drop("visit_card", "not used")
    assert desk.papers.reprint(first.paper_id).pdf == first.rendered.pdf
    with pytest.raises(Refused):
        desk.papers.preview("visit_card", [subject])


def test_another_day_the_papers_are_still_there(desk, county, reopen):
    desk.own_papers.add(county("visit_card", VISIT_CARD), "the county's card")
    with reopen(desk) as again:
        assert [own.paper.title for own in again.own_papers.all()] == ["入户联系卡"]
        assert again.own_papers.text("visit_card") == VISIT_CARD


def test_a_folder_is_taken_whole_or_not_at_all(desk, county):
    county("a_card", VISIT_CARD)
    folder = county("b_card", VISIT_CARD.replace("{phone}", "{telephone}")).parent
    with pytest.raises(Unreadable, match="b_card"):
        desk.own_papers.add(folder, "both")
    assert desk.own_papers.all() == ()
    county("b_card", VISIT_CARD)
    desk.own_papers.add(folder, "both")
    assert [own.paper.key for own in desk.own_papers.all()] == ["a_card", "b_card"]


def test_what_is_no_paper_file_is_said_so(desk, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused):
        desk.own_papers.add(tmp_path / "empty", "nothing")
    with pytest.raises(Unavailable):
        desk.own_papers.add(tmp_path / "missing.toml", "nothing")
    (tmp_path / "big.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(Unreadable):
        desk.own_papers.add(tmp_path / "big.toml", "nothing")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Unreadable):
        desk.own_papers.add(tmp_path / "bytes.toml", "nothing")
    with pytest.raises(Refused):
        desk.own_papers.drop("visit_card", "was never there")


@pytest.mark.parametrize(
    ("key", "before", "after", "told"),
    [
        ("visit_card", "household.dwelling", "household.weather", "no field “household.weather”"),
        ("visit_card", "member.relation", "member.disability_class", "too private"),
        ("visit_card", "member.relation", "village.name", "no field “village.name”"),
        ("visit_card", 'phone = "办公电话"', 'mayor = "县长"', "the field “phone” is not declared"),
        ("visit_card", 'key = "blank"', 'key = "remark"', "nothing fills “remark”"),
        ("visit_card", 'audience = "household"', 'audience = "public"', "too private"),
        ("visit_card", 'about = "household"', 'about = "village"', "nothing fills “head”"),
        ("visit_card", 'each = "member"', 'each = "child"', "“child” is not one of household, member"),
        ("visit_card", 'each = "member"', 'every = "member"', "this key is not known here"),
        ("visit_card", 'audience = "household"', 'audience = "household"\nfooter = "corners"', "come back as a scan"),
        ("Visit Card", "", "", "name the file with small letters"),
    ],
)  # fmt: skip
def test_what_a_new_paper_may_not_do(desk, county, key, before, after, told):
    file = county(key, VISIT_CARD.replace(before, after) if before else VISIT_CARD)
    with pytest.raises(Unreadable) as refusal:
        desk.own_papers.add(file, "wrong")
    sentence = refusal.value.text.render("en")
    assert told in sentence
    assert file.name in sentence
    assert re.search(r"in line \d+", sentence)
    assert desk.own_papers.all() == ()


@pytest.mark.parametrize(
    ("key", "before", "after", "told"),
    [
        ("exit_notice", 'audience = "public"', 'audience = "office"', "this stays “public”"),
        ("signoff_sheet", 'footer = "corners"', 'footer = "line"', "this stays “corners”"),
        ("exit_notice", "person = true", "person = false", "so that they can be masked"),
        ("exit_notice", 'key = "note"', 'key = "id_number"', "nothing fills “id_number”"),
        ("exit_notice", "提意见人的姓名不对外透露。", "因病致贫的优先。", "it says “因病”"),
        ("exit_notice", "，首尾两日都计算在内", "{sources}", "“sources” is not declared"),
        ("card", 'audience = "household"', 'audience = "household"\nabout = "household"', "filled by the program"),
    ],
)  # fmt: skip
def test_what_a_changed_paper_may_not_do(desk, county, key, before, after, told):
    with pytest.raises(Unreadable) as refusal:
        desk.own_papers.add(county(key, changed(key, (before, after))), "wrong")
    assert told in refusal.value.text.render("en")


def test_a_notice_may_not_lose_its_dates(desk, county):
    text = changed("exit_notice", ('end = "公示结束日期"\n', ""), ("自{start}起至{end}止", "自{start}起"))
    with pytest.raises(Unreadable) as refusal:
        desk.own_papers.add(county("exit_notice", text), "wrong")
    assert "“end” may not be missing" in refusal.value.text.render("en")


def test_a_changed_paper_asks_for_nothing_more(desk, county):
    more = changed(
        "exit_notice", ('village = "行政村"', 'village = "行政村"\nincome = "收入"'), ("首尾两日", "{income}首尾两日")
    )
    with pytest.raises(Unreadable) as refusal:
        desk.own_papers.add(county("exit_notice", more), "wrong")
    assert "nothing fills “income” here; known are village" in refusal.value.text.render("en")


def test_two_laptops_may_each_bring_a_text_and_the_newer_one_holds(desk, county, story):
    desk.own_papers.add(county("visit_card", VISIT_CARD), "first")
    older = next(iter(desk.own_papers.all())).paper
    story.clock.to(story.today + timedelta(days=1))
    desk.own_papers.add(county("visit_card", VISIT_CARD.replace("入户联系卡", "联系卡")), "second")
    with desk.site.store.work("test", "as a merge leaves it") as work:
        for row in work.rows("template", paper="visit_card"):
            work.put("template", desk.site.village, {"in_use": True}, row["id"])
    (own,) = desk.own_papers.all()
    assert own.paper.title == "联系卡" != older.title


def test_a_text_that_may_not_be_used_is_not_used_whoever_brought_it(desk):
    with desk.site.store.work("test", "as a foreign send file brings it") as work:
        for n, text in enumerate(
            (VISIT_CARD.replace("household.dwelling", "household.cause_note\\u0000"), "title = 3")
        ):
            values = {"paper": "visit_card", "digest": str(n), "text": text, "in_use": True}
            work.put("template", desk.site.village, values, "t" * 31 + str(n))
    assert desk.own_papers.all() == ()
    assert {paper.key for paper in desk.papers.kinds()} <= set(load_papers())
