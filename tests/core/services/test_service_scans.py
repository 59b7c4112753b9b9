"""Signed sheets come back as scans and photographs: each finds its own case or the tray, none another's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from tests.core.services.distorting import as_file, distort, page_of, scribble
from villagedesk.drafts.exit import SignatureDraft
from villagedesk.errors import Refused, Unreadable
from villagedesk.services.frozen import places_of


@pytest.fixture
def sheets(desk, story):
    """The printed sign-off sheets of three cases: (case, page with every place signed but the last)."""
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    made = []
    for place, case in enumerate(cases):
        (printed,) = desk.papers.print("signoff_sheet", [case], "print")
        image = page_of(printed.rendered.pdf)
        signs = [each for each in places_of(desk.papers.get(printed.paper_id).sheet) if each.kind == "sign"]
        for number, each in enumerate(signs[:-1]):
            scribble(image, (each.x, each.y, each.width, each.height), place * 10 + number)
        made.append((case, image))
    return made


@pytest.mark.parametrize("phone", [False, True], ids=["scanner", "telephone"])
def test_distorted_pages_find_their_case_and_show_who_signed(desk, sheets, tmp_path, phone):
    for seed in range(9):
        case, image = sheets[seed % 3]
        (page,) = desk.scans.file(as_file(distort(image, seed, phone=phone), tmp_path / f"{seed}.jpg"))
        assert page.subject_id == case
        assert page.household_no == desk.households.get(desk.exits.get(case).household_id).no
        inks = [cell.ink for cell in page.cells]
        assert inks[-1] != "signed"
        assert "empty" not in inks[:-1]
        assert inks.count("unsure") <= 1
        assert len({(cell.role, cell.item) for cell in page.cells}) == len(desk.exits.scheme.cells)


def test_a_pile_as_one_pdf(desk, sheets, tmp_path):
    pile = tmp_path / "pile.pdf"
    sheets[0][1].save(pile, "PDF", resolution=200, save_all=True, append_images=[page for _, page in sheets[1:]])
    pages = desk.scans.file(pile)
    assert [page.subject_id for page in pages] == [case for case, _ in sheets]
    assert [page.subject_id for page in desk.scans.file(pile)] == [case for case, _ in sheets]
    assert len(desk.scans.waiting()) == 3  # the same pile again is the same pages


def test_two_sheets_in_one_picture_and_a_page_without_code_go_to_the_tray(desk, sheets, tmp_path):
    both = Image.new("RGB", (sheets[0][1].width * 2, sheets[0][1].height), "white")
    both.paste(sheets[0][1], (0, 0))
    both.paste(sheets[1][1], (sheets[0][1].width, 0))
    (page,) = desk.scans.file(as_file(both, tmp_path / "both.png", "PNG"))
    assert (page.subject_id, bool(page.problem)) == ("", True)
    (blank,) = desk.scans.file(as_file(Image.new("RGB", (400, 600), "white"), tmp_path / "blank.tif", "TIFF"))
    assert [scan.id for scan in desk.scans.tray()] == [page.attachment_id, blank.attachment_id]
    desk.scans.file_by_hand(blank.attachment_id, sheets[2][0], "recognised by its handwriting")
    assert [scan.id for scan in desk.scans.tray()] == [page.attachment_id]
    assert [scan.id for scan in desk.scans.of_record(sheets[2][0])] == [blank.attachment_id]
    with pytest.raises(Refused):
        desk.scans.file_by_hand(page.attachment_id, "nobody", "typing error")
    desk.scans.file_by_hand(blank.attachment_id, "", "wrong case")
    assert len(desk.scans.tray()) == 2


def test_a_sheet_of_another_desk_waits_in_the_tray_until_its_paper_is_known(desk, sheets, tmp_path):
    case, image = sheets[0]
    (paper,) = desk.papers.printed(case)
    with desk.site.store.work("test", "not here yet") as work:
        work.remove("paper", paper.id)
    (page,) = desk.scans.file(as_file(image, tmp_path / "early.jpg"))
    assert (page.subject_id, page.document_id) == ("", paper.id)
    assert desk.scans.sort_again() == ()
    with desk.site.store.work("test", "arrived") as work:
        work.put("paper", desk.site.village, {"removed": False}, paper.id)
    (found,) = desk.scans.sort_again()
    assert found.subject_id == case
    assert desk.scans.tray() == ()


def test_an_outdated_sheet_is_known_by_its_own_places(desk, sheets, tmp_path):
    case, image = sheets[0]
    home = desk.households.get(desk.exits.get(case).household_id)
    renamed = replace(home.members[0], name="王建国又名王大山")
    desk.households.save(replace(home, members=(renamed, *home.members[1:])), "typing error")
    desk.papers.print("signoff_sheet", [case], "print anew")
    (page,) = desk.scans.file(as_file(image, tmp_path / "old.jpg"))
    assert page.document_id in {paper.id for paper in desk.papers.printed(case)}
    assert {change.now for change in desk.papers.altered(page.document_id)} >= {"王建国又名王大山"}
    assert [cell.ink for cell in page.cells][-1] == "empty"


def test_a_person_confirms_what_the_scan_shows(desk, story, sheets, tmp_path):
    case, image = sheets[0]
    desk.exits.sign(case, story.marks(), "signing day")
    (page,) = desk.scans.file(as_file(image, tmp_path / "page.jpg"))
    seen = [SignatureDraft(role=cell.role, item=cell.item) for cell in page.cells if cell.ink == "signed"]
    with pytest.raises(Refused):
        desk.scans.confirm(page.attachment_id, seen, " ", "looked")
    before = desk.exits.get(case).signatures
    desk.scans.confirm(page.attachment_id, seen, "周敏", "looked")
    marks = desk.exits.get(case).signatures
    (kept,) = desk.scans.of_record(case)
    assert [(m.person, m.signed_on, m.mark) for m in marks] == [(m.person, m.signed_on, m.mark) for m in before]
    assert [bool(mark.scan) for mark in marks] == [True] * (len(marks) - 1) + [False]
    assert {mark.scan for mark in marks[:-1]} == {kept.digest}
    assert {mark.confirmed_by for mark in marks[:-1]} == {"周敏"}
    paper = desk.papers.get(page.document_id)
    assert (paper.signed, paper.scan) == (True, kept.digest)
    assert desk.scans.waiting() == ()
    assert desk.scans.look(page.attachment_id).cells == page.cells


def test_a_mark_not_recorded_before_needs_its_person_and_its_date(desk, story, sheets, tmp_path):
    case, image = sheets[0]
    (page,) = desk.scans.file(as_file(image, tmp_path / "page.jpg"))
    cell = page.cells[0]
    with pytest.raises(Refused) as refusal:
        desk.scans.confirm(page.attachment_id, [SignatureDraft(role=cell.role, item=cell.item)], "周敏", "looked")
    assert len(refusal.value.problems) == 2
    told = SignatureDraft(role=cell.role, item=cell.item, person="王建国", signed_on=story.today)
    desk.scans.confirm(page.attachment_id, [told], "周敏", "looked")
    (mark,) = desk.exits.get(case).signatures
    assert (mark.person, mark.confirmed_by, bool(mark.scan)) == ("王建国", "周敏", True)
    assert desk.exits.get(case).member_digest


def test_other_papers_find_their_record_by_their_single_code(desk, story, tmp_path):
    case = story.cases()[0]
    (printed,) = desk.papers.print("exit_record", [case], "print")
    (page,) = desk.scans.file(as_file(page_of(printed.rendered.pdf), tmp_path / "record.jpg"))
    assert (page.subject_id, page.kind, page.cells) == (case, "exit", ())


def test_pages_are_kept_sealed(desk, sheets, tmp_path):
    (page,) = desk.scans.file(as_file(sheets[0][1], tmp_path / "page.jpg"))
    kept = [file.read_bytes() for file in (tmp_path / "desk" / "attachments").rglob("*") if file.is_file()]
    assert kept
    assert all(not data.startswith(b"\xff\xd8") for data in kept)
    assert desk.scans.page(page.attachment_id).startswith(b"\xff\xd8")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"\xff\xd8\xff\xe0 no picture", b"plain text"])
def test_what_is_no_scan_is_refused_by_name(desk, tmp_path, content):
    file = tmp_path / "thing.pdf"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=r"thing\.pdf"):
        desk.scans.file(file)
    with pytest.raises(Unreadable, match=r"missing\.pdf"):
        desk.scans.file(tmp_path / "missing.pdf")
    assert desk.scans.tray() == ()
