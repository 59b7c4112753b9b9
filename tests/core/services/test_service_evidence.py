"""The evidence pack: everything of one household in archive order, its catalogue right; and the papers of a list."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from tests.core.services.distorting import as_file, page_of
from tests.factories import YEAR
from villagedesk.documents.papers import load_papers
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Refused
from villagedesk.services.evidence import LIST_ORDER


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture
def exited(desk, story, tmp_path):
    cases, notice = story.exited()
    (sheet,) = desk.papers.print("signoff_sheet", cases[:1], "print")
    desk.papers.print("exit_record", cases[:1], "print")
    desk.scans.file(as_file(page_of(sheet.rendered.pdf), tmp_path / "sheet.jpg"))
    return cases, notice


def test_the_pack_lies_in_archive_order_and_its_page_numbers_are_right(desk, exited):
    cases, _ = exited
    pack = desk.packs.pack(cases[0])
    titles = [entry.title for entry in pack.entries]
    wanted = ["household_file", "income_sheet", "exit_record", "minutes_extract", "exit_notice", "notice_result",
              "signoff_sheet", "signoff_sheet", "exit_announcement", "exit_certificate", "card"]  # fmt: skip
    assert [title.partition("（")[0] for title in titles] == [load_papers()[kind].title for kind in wanted]
    pages = texts(pack.pdf)
    assert len(pages) == pack.pages
    front = pack.pages - sum(entry.pages for entry in pack.entries)
    assert front == 1
    for number, page in enumerate(pages[front:], 1):
        assert str(number) in page.split()
    said = pages[0].replace("\n", "")
    for entry in pack.entries:
        assert (f"{entry.first}-{entry.first + entry.pages - 1}" if entry.pages > 1 else str(entry.first)) in said
    record = next(entry for entry in pack.entries if entry.title == load_papers()["exit_record"].title)
    assert "逐条对照" in pages[front + record.first - 1]
    with pikepdf.open(io.BytesIO(pack.pdf)) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root[1:]] == titles


def test_what_was_printed_goes_in_as_it_was_and_what_was_not_says_so(desk, exited):
    cases, _ = exited
    pack = desk.packs.pack(cases[0])
    frozen = {entry.title: entry.frozen for entry in pack.entries}
    assert frozen[load_papers()["exit_record"].title]
    assert not frozen[load_papers()["income_sheet"].title + "（据现有数据编制，未经签字）"]
    assert [title for title, _ in pack.missing] == [load_papers()["plan_sheet"].title]


def test_a_pack_names_what_is_missing_and_why(desk, story):
    case = story.cases()[0]
    pack = desk.packs.pack(case)
    missing = dict(pack.missing)
    assert {load_papers()[kind].title for kind in ("minutes_extract", "exit_notice", "exit_announcement")} <= set(
        missing
    )
    assert all(str(why) for why in missing.values())
    with pytest.raises(Refused):
        desk.packs.pack("nobody")


def test_nobody_elses_votes_or_papers_are_in_a_pack(desk, exited):
    cases, _ = exited
    pack = desk.packs.pack(cases[0])
    public = {load_papers()[kind].title for kind in ("exit_notice", "exit_announcement")}
    pages = texts(pack.pdf)[1:]
    for entry in pack.entries:
        if entry.title.partition("（")[0] not in public:
            said = "".join(pages[entry.first - 1 : entry.first - 1 + entry.pages])
            assert "钱长河" not in said, entry.title


def test_papers_of_the_list(desk, story):
    cases, notice = story.posted()
    assert desk.papers.subjects("exit_list", YEAR) == (str(YEAR),)
    listed = desk.papers.sheet("exit_list", str(YEAR))
    assert [row[1] for row in listed.tables["households"]] == ["一组", "二组", "十组"]
    for kind in ("exit_request", "no_objection"):
        with pytest.raises(Refused) as refusal:
            desk.papers.preview(kind, [notice])
        assert refusal.value.problems[0].field == "result"
    about = ObjectionDraft(notice_id=notice, case_id=cases[1], received_on=story.today, text="在城里有房")
    objection = desk.objections.register(about, "told").records["objection"][0]
    desk.objections.settle(objection, "查实", "成立", True, story.today, "answered", by="周敏、吴刚")
    story.clock.to(desk.notices.get(notice).ends_on + timedelta(days=1))
    desk.notices.close(notice, "收到异议1件，成立1件", "days over")
    request = desk.papers.sheet("exit_request", notice)
    assert (request.fields["households"], len(request.tables["households"])) == ("2", 2)
    assert "异议1件" in request.fields["objections"]
    result = desk.papers.sheet("notice_result", notice)
    assert (result.fields["received"], result.fields["settled"], result.fields["upheld"]) == ("1", "1", "1")
    assert "在城里有房" not in str(result)
    for kind in ("exit_list", "exit_request", "notice_result", "no_objection"):
        (subject,) = desk.papers.subjects(kind, YEAR)
        assert desk.papers.print(kind, [subject], "print")[0].rendered.pages >= 1


def test_the_papers_of_a_list_are_one_volume_in_archive_order(desk, story):
    story.exited()
    pack = desk.packs.of_list(YEAR)
    kinds = [load_papers()[kind].title for kind in LIST_ORDER]
    titles = [entry.title.removesuffix("（据现有数据编制，未经签字）") for entry in pack.entries]
    assert titles == kinds
    assert pack.missing == ()
    assert len(PdfReader(io.BytesIO(pack.pdf)).pages) == pack.pages
    with pytest.raises(Refused):
        desk.packs.of_list(YEAR + 1)


def test_what_proves_a_figure_lies_behind_its_paper(desk, story, tmp_path):
    cases, _ = story.exited()
    home = desk.exits.get(cases[0]).household_id
    photo = tmp_path / "house.jpg"
    Image.new("RGB", (300, 200), "white").save(photo)
    desk.evidence.attach(home, "dwelling", photo, "住房照片")
    titles = [entry.title for entry in desk.packs.pack(cases[0]).entries]
    assert titles[1] == "佐证材料：住房照片"


def test_the_certificate_waits_for_the_mark_and_names_the_decision(desk, story):
    cases = story.signed()
    with pytest.raises(Refused) as refusal:
        desk.papers.preview("exit_certificate", [cases[0]])
    assert [problem.field for problem in refusal.value.problems] == ["marked_on"]


def test_the_certificate_of_a_finished_exit(desk, story):
    cases, _ = story.exited()
    pages = PdfReader(io.BytesIO(desk.papers.preview("exit_certificate", [cases[0]]).pdf)).pages
    words = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert "柳政发〔2019〕30号" in words
    assert "脱贫不脱帮扶政策" in words
