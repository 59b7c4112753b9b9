"""Paper files: the shipped ones are sound, a wrong one is refused by file, key and reason."""

import pytest

from villagedesk.documents.papers import load_papers, read_folder, read_paper
from villagedesk.errors import Unreadable

GOOD = """
title = "试样"
audience = "office"
[fields]
village = "行政村"
[tables.rows]
columns = [{ key = "no", heading = "序号", width = 10 }, { key = "name", heading = "姓名", width = 20 }]
[[block]]
kind = "paragraph"
text = "{village}"
[[block]]
kind = "list"
table = "rows"
total = ["合计", "<"]
"""


@pytest.fixture
def refusal(tmp_path):
    def read(*changes):
        text = GOOD
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        file = tmp_path / "county.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(Unreadable) as caught:
            read_paper(file)
        return caught.value.text.render("en")

    return read


def test_the_kinds_are_there():
    assert set(load_papers()) >= {
        "exit_notice", "exit_announcement", "exit_record", "income_sheet", "signoff_sheet", "plan_sheet", "card",
        "household_file", "evaluation_minutes", "recovery_sheet", "evidence_catalogue", "blank_household_form",
        "exit_list", "minutes_extract", "exit_request", "notice_result", "no_objection", "group_list",
        "exit_certificate",
        "project_notice", "fund_notice", "effect_notice", "share_notice", "dwelling_notice", "register_notice",
        "village_plan", "village_figures", "report_sheet",
        "wish_sheet", "plan_quarter", "plan_result", "handbook", "objection_sheet", "objection_reply",
        "objection_result", "photo_sheet", "file_cover", "spine_labels", "box_list", "findings_report",
        "exemption_note", "lookback_sheet", "satisfaction_form", "village_exit_record", "village_exit_notice",
        "village_exit_announcement", "entry_notice", "monitoring_in_notice", "monitoring_out_notice",
    }  # fmt: skip


HOUSEHOLDS = {"no", "group", "head", "size", "year", "note"}
FURTHER = {  # what a notice of another matter shows beside, or instead of, a list of households (DOMAIN §6.1)
    "share_notice": {"shares", "amount"},
    "dwelling_notice": {"grade", "subsidy", "completion"},
    "project_notice": {"title", "place", "content", "amount", "source", "period", "unit", "benefit"},
    "effect_notice": {"title", "place", "amount", "paid", "finished", "acceptance", "result"},
    "village_exit_notice": {"indicator", "figure", "result"},
    "monitoring_in_notice": {"class"},
    "monitoring_out_notice": {"way"},
    "donation_notice": {"on", "donor", "occasion", "goods", "amount", "use"},
    "monitoring_in_announcement": {"class"},
    "monitoring_out_announcement": {"way"},
    "fund_notice": {"title", "source", "amount", "arrived", "paid", "left"},
}
ASSET_INCOME = {"share_notice": {"income"}}  # of the asset, never of a household


def test_public_papers_ask_for_no_private_field():
    private = ("id", "phone_of", "birth", "card", "health", "cause", "income", "address")
    for paper in load_papers().values():
        if paper.audience == "public":
            columns = {column.key for table in paper.tables.values() for column in table}
            assert columns <= HOUSEHOLDS | FURTHER.get(paper.key, set()), paper.key
            named = {name for name in paper.fields if name.startswith(private)}
            assert named == ASSET_INCOME.get(paper.key, set()), paper.key


def test_a_good_file_is_read(tmp_path):
    (tmp_path / "county.toml").write_text(GOOD, encoding="utf-8")
    papers = read_folder(tmp_path)
    assert papers["county"].title == "试样"
    assert [column.heading for column in papers["county"].tables["rows"]] == ["序号", "姓名"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('title = "试样"', "title = 试样", "line 2"),
        ('title = "试样"', 'title = "试样"\n[by_hand]\nlines = 3', "by_hand.lines”: there is no table “lines”"),
        ('title = "试样"', 'title = "试样"\n[by_hand]\nrows = 0', "by_hand.rows”: this must be a whole number from 1"),
        ('title = "试样"', "", "title”: this key is missing"),
        ('title = "试样"', "title = 3", "title”: this must be text"),
        ('title = "试样"', 'title = "试样"\ncopies = "2"', "copies”: this must be a whole number"),
        ('"office"', '"everybody"', "“everybody” is not one of public, household, office"),
        ('title = "试样"', 'title = "试样"\npaper = "A4"', "paper”: this key is not known here"),
        ('title = "试样"', 'title = "试样"\nwords = []', "words”: this key is made by the program"),
        ('kind = "paragraph"', 'kind = "poem"', "block 1.kind”: “poem” is not a kind of block"),
        ('text = "{village}"', "", "block 1 (paragraph).text”: this key is missing"),
        ("{village}", "{village", "the braces in “{village” do not match"),
        ("{village}", "{village.x}", "“village.x” in braces is not a plain name"),
        ("{village}", "{village!r}", "is not a plain name"),
        ("{village}", "{village}{town}", "the field “town” is not declared"),
        ('text = "{village}"', 'text = "{village}"\nwhen = "town"', "block 1.when”: there is no field or table “town”"),
        ('table = "rows"', 'table = "lines"', "there is no table “lines”"),
        ('["合计", "<"]', '["合计"]', "as many cells as the table has columns"),
        ("width = 10", 'width = "10"', "tables.rows.columns.1.width”: this must be a number"),
        ('key = "no", ', "", "tables.rows.columns.1.key”: this key is missing"),
        ('village = "行政村"', 'village = "行政村"\ntown = "镇"', "declared but stands nowhere"),
        ('text = "{village}"', 'text = "{village}\\U0001F600"', "no font draws “\U0001f600”"),
    ],
)
def test_a_wrong_file_is_refused_by_file_key_and_reason(refusal, before, after, told):
    sentence = refusal((before, after))
    assert "county.toml" in sentence
    assert told in sentence


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('title = "试样"', "title = 3", 2),
        ('title = "试样"', 'title = "试样"\n\ncopies = "2"', 4),
        ("width = 10", 'width = "10"', 7),
        ('kind = "paragraph"', 'kind = "poem"', 9),
        ('text = "{village}"', 'text = "{village"', 8),
        ('table = "rows"', 'table = "lines"', 13),
        ('["合计", "<"]', '["合计"]', 14),
        ('village = "行政村"', 'village = "行政村"\ntown = "镇"', 6),
    ],
)
def test_a_wrong_file_is_refused_by_its_line(refusal, before, after, line):
    assert f"in line {line}, at" in refusal((before, after))


def test_a_paper_without_blocks_is_refused(tmp_path):
    (tmp_path / "county.toml").write_text('title = "试样"\naudience = "office"\n', encoding="utf-8")
    with pytest.raises(Unreadable, match="county"):
        read_folder(tmp_path)
