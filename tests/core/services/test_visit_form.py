"""The form for a visit: it asks what the window asks, in the same order, and tells nothing that must stay here."""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace

import pikepdf
import pypdfium2
import pytest

from tests.factories import YEAR
from villagedesk.documents.papers import load_papers
from villagedesk.drafts.form import HOUSEHOLD, LIVING, MEMBER
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.exchange.fields import load_fields
from villagedesk.services.sheets.visit_form import BLANK, FILLED, PERSON_TABLES, on_paper

NOT_ASKED = {
    "state", "exited_year", "returned_year", "monitoring_class", "published", "unexited_reason",  # the office decides
    "id_kind", "jobs", "care", "joined_on", "joined_reason", "left_on", "left_reason", "person_no", "note",
}  # fmt: skip
"""What the window has and the form for a visit does not ask."""


@pytest.fixture
def home_of(desk):
    """The household of a group, by the group's name."""
    return {home.group: home for home in desk.households.all()}.__getitem__


@pytest.fixture
def sheets(desk, home_of):
    return {BLANK: desk.papers.sheet(BLANK, ""), FILLED: desk.papers.sheet(FILLED, home_of("一组").id)}


def words(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in pages)


def label(path: str) -> str:
    field = load_fields().fields[path]
    return (field.short or field.label_for("jiangsu-2018")).replace("\n", "")


@pytest.mark.parametrize("paper", [BLANK, FILLED])
def test_the_household_blocks_ask_in_the_order_of_the_window(sheets, paper):
    for table, sections in (("household", HOUSEHOLD), ("living", LIVING)):
        asked = [cell for row in sheets[paper].tables[table] for cell in row[::2] if cell != "<"]
        wanted = [label(f"household.{spec.name}") for spec in on_paper(sections)]
        assert [cell.replace("\n", "") for cell in asked] == wanted


@pytest.mark.parametrize("paper", [BLANK, FILLED])
def test_the_tables_of_members_ask_in_the_order_of_the_window(paper):
    tables = load_papers()[paper].tables
    asked = [column.key for name in PERSON_TABLES for column in tables[name] if column.key != "no"]
    assert asked == [spec.name for spec in on_paper(MEMBER)]


@pytest.mark.parametrize("paper", [BLANK, FILLED])
def test_income_is_asked_in_the_order_of_the_scheme(desk, sheets, paper):
    assert [row[0] for row in sheets[paper].tables["income"]] == list(desk.profile.income.items.values())


def test_only_what_the_office_decides_is_left_off_the_paper():
    specs = [spec for part in (HOUSEHOLD, LIVING, MEMBER) for section in part for spec in section.fields]
    left = {spec.name for spec in specs if not spec.paper}
    assert left == NOT_ASKED
    assert {spec.name for spec in on_paper(HOUSEHOLD)} & left == {"note"}  # of the household it is asked


def test_the_window_has_every_field_of_the_file():
    """A field of the draft that no form shows could be imported but never seen (identity and bookkeeping apart)."""
    kept = {"id", "revision", "members", "extra", "field_notes", "removed_reason"}
    shown = {spec.name for part in (HOUSEHOLD, LIVING) for section in part for spec in section.fields}
    assert {field.name for field in fields(HouseholdDraft)} - kept == shown
    of_member = {spec.name for section in MEMBER for spec in section.fields}
    assert {field.name for field in fields(MemberDraft)} - kept == of_member


@pytest.mark.parametrize("paper", [BLANK, FILLED])
def test_the_printed_page_keeps_the_order(desk, home_of, paper):
    subject = "" if paper == BLANK else home_of("一组").id
    text = re.sub(r"\s", "", words(desk.papers.preview(paper, [subject]).pdf)).partition("一、户")[2]
    places = [text.index(label(f"household.{name}")) for name in ("no", "group", "address", "phone", "main_cause")]
    places += [text.index(word) for word in ("二、家庭成员", "证件号码", "三、生产生活条件", "住房安全", "耕地（亩）",
                                             "加入合作社", "易地搬迁户", "四、全年收入和支出")]  # fmt: skip
    assert places == sorted(places)


def test_the_filled_form_says_what_the_file_says(desk, sheets, home_of):
    home = home_of("一组")
    said = dict(zip(*[iter(cell for row in sheets[FILLED].tables["household"] for cell in row)] * 2, strict=True))
    assert said["户编号"] == home.no
    assert said["村民小组"] == "一组"
    assert "■缺技术" in said["主要原因"]
    assert said["主要原因"].count("■") == 1
    living = dict(zip(*[iter(cell for row in sheets[FILLED].tables["living"] for cell in row)] * 2, strict=True))
    assert living["饮水安全"] == "■是　□否"
    first, beneath = sheets[FILLED].tables["person"][:2]
    assert first[0] == "1\n王建国"
    assert set(beneath[1:]) == {""}  # room to put it right
    amounts = [row[3] for row in sheets[FILLED].tables["income"] if row[3]]
    assert amounts


def test_the_filled_form_tells_nothing_that_must_stay_here(desk, home_of):
    home = home_of("一组")
    head = replace(home.members[0], phone="13900000001", ethnic="回族", health=("03",), disability_class="4",
                   disability_grade="2", schooling="16")  # fmt: skip
    desk.households.save(replace(home, phone="13900000002", members=(head, *home.members[1:])), "visit")
    text = words(desk.papers.preview(FILLED, [home.id]).pdf)
    for member in home.members:
        assert member.id_number not in re.sub(r"\s", "", text)
    for told in ("13900000001", "13900000002", "回族"):
        assert told not in text
    row = dict(zip((c.key for c in load_papers()[FILLED].tables["support"]),
                   desk.papers.sheet(FILLED, home.id).tables["support"][0], strict=True))  # fmt: skip
    assert (row["health"], row["disability_class"], row["disability_grade"]) == ("", "", "")
    assert head.id_number[-4:] in text


def test_of_a_child_only_the_name_is_printed(desk, home_of):
    home = home_of("一组")
    child = next(member for member in home.members if member.birth and YEAR - member.birth.year < 14)
    rows = {row[0].partition("\n")[2]: row for row in desk.papers.sheet(FILLED, home.id).tables["person"]}
    columns = [column.key for column in load_papers()[FILLED].tables["person"]]
    told = {key for key, cell in zip(columns, rows[child.name], strict=True) if cell}
    assert told == {"no", "name", "relation"}


def test_the_cause_that_judges_is_never_printed(desk, home_of):
    home = home_of("一组")
    desk.households.save(replace(home, main_cause="11"), "import")
    assert "动力不足" not in words(desk.papers.preview(FILLED, [home.id]).pdf)


def test_the_form_names_nobody_in_its_properties(desk, home_of):
    home = home_of("一组")
    with pikepdf.open(io.BytesIO(desk.papers.preview(FILLED, [home.id]).pdf)) as made:
        assert home.members[0].name not in str(made.docinfo.get("/Title", ""))
