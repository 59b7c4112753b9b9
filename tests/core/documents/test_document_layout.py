"""The national layout, measured in the PDF itself: margins, grid, pitch, page marks, signature block."""

from itertools import pairwise
from statistics import mean

import pypdfium2
import pypdfium2.raw as raw
import pytest

from villagedesk.documents.blocks import Issuer, Paragraph, Title
from villagedesk.documents.flow import paginate
from villagedesk.documents.fonts import width
from villagedesk.documents.marks import Words
from villagedesk.documents.page import MM, geometry
from villagedesk.documents.paper import Paper
from villagedesk.documents.render import render
from villagedesk.documents.setting import set_blocks
from villagedesk.documents.sheet import Sheet

PAGE = geometry()


def origins(page):
    """(character, x, y from the top) of every character drawn, in mm."""
    text = page.get_textpage()
    height = page.get_height()
    found = []
    for n in range(text.count_chars()):
        x, y = raw.c_double(), raw.c_double()
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        if not raw.FPDFText_IsGenerated(text, n):
            found.append((chr(raw.FPDFText_GetUnicode(text, n)), x.value / MM, (height - y.value) / MM))
    return found


@pytest.fixture(scope="module")
def letter(samples):
    """Three pages of running text without a title."""
    stamp = next(iter(samples.values())).stamp
    blocks = (Paragraph("村" * 28 * 22 * 2 + "民" * 14, indent=False),)
    paper = Paper("letter", "试样", "office", {}, {}, blocks, ("",))
    with pypdfium2.PdfDocument(render(Sheet("letter", {}, {}, stamp), {}, {"letter": paper}).pdf) as document:
        return [origins(page) for page in document]


def test_a_page_holds_22_lines_of_28_characters(letter):
    body = [y for char, _, y in letter[0] if char == "村"]
    assert len(body) == 22 * 28
    assert len({round(y, 2) for y in body}) == 22


def test_line_pitch_is_225_mm_over_22(letter):
    lines = sorted({round(y, 3) for char, _, y in letter[0] if char == "村"})
    gaps = [after - before for before, after in pairwise(lines)]
    assert mean(gaps) == pytest.approx(225 / 22, abs=0.01)
    assert max(gaps) - min(gaps) < 0.03


def test_characters_stand_28_on_156_mm_from_the_left_margin(letter):
    row = sorted(x for char, x, y in letter[0] if char == "村" and round(y, 2) == round(letter[0][0][2], 2))
    assert row[0] == pytest.approx(28, abs=0.05)
    ends = row[-1] + 16 / MM
    assert ends == pytest.approx(210 - 26, abs=0.1)


def test_ink_stays_inside_37_and_35_mm(letter):
    lines = sorted({y for char, _, y in letter[0] if char == "村"})
    assert lines[0] - 0.88 * 16 / MM >= 37 - 0.01
    assert lines[-1] + 0.12 * 16 / MM <= 297 - 35 + 0.01


def test_page_marks_stand_seven_mm_below_odd_right_even_left(letter):
    marks = [[(char, x, y) for char, x, y in page if y > 262 and char in "—123"][:3] for page in letter]
    assert ["".join(char for char, _, _ in mark) for mark in marks] == ["—1—", "—2—", "—3—"]
    for mark in marks:
        assert mark[0][2] - 0.76 * 14 / MM == pytest.approx(262 + 7, abs=0.1)
    one_character = 14 / MM
    assert marks[0][-1][1] + 0.89 * one_character == pytest.approx(184 - one_character, abs=0.3)
    assert marks[1][0][1] == pytest.approx(28 + one_character, abs=0.3)


def words_of(page):
    return [mark for placed in page.placed for mark in placed.marks if isinstance(mark, Words)]


@pytest.mark.parametrize("characters", range(28 * 15, 28 * 24, 7))
def test_the_signature_block_never_stands_alone(characters):
    blocks = (Title("公示"), Paragraph("村" * characters), Issuer("沙洲村村民委员会", "2019年11月21日"))
    for page in paginate(set_blocks(blocks, PAGE), PAGE):
        words = [mark.text for mark in words_of(page)]
        if "2019年11月21日" in words:
            assert len([text for text in words if text.startswith("村")]) >= 2


def test_with_a_seal_the_date_stands_four_characters_in_and_the_issuer_over_it():
    (piece,) = set_blocks((Issuer("沙洲村村民委员会", "2019年11月21日"),), PAGE)
    name, date = piece.marks
    name_middle = name.x + 8 * PAGE.advance / 2
    extent = width(date.text, "fang") * 16 + (len(date.text) - 1) * (PAGE.advance - 16)
    assert date.x + extent == pytest.approx(PAGE.measure - 4 * PAGE.advance, abs=0.1)
    assert name_middle == pytest.approx(date.x + extent / 2, abs=0.3)


def test_without_a_seal_the_issuer_stands_two_in_and_the_date_begins_two_after_it():
    (piece,) = set_blocks((Issuer("沙洲村村民委员会", "2019年11月21日", seal=False),), PAGE)
    name, date = piece.marks
    assert name.x + 8 * PAGE.advance == pytest.approx(PAGE.measure - 2 * PAGE.advance, abs=0.3)
    assert date.x == pytest.approx(name.x + 2 * PAGE.advance, abs=0.3)


@pytest.mark.parametrize(("size", "landscape"), [("A4", True), ("A3", False), ("A3", True)])
def test_other_leaves_keep_margins_and_grid(size, landscape):
    page = geometry(size, landscape=landscape)
    upright = [37 * MM, 28 * MM, 26 * MM, 35 * MM]
    margins = (
        (page.right, page.top, page.bottom, page.left) if landscape else (page.top, page.left, page.right, page.bottom)
    )
    assert margins == pytest.approx(upright)
    assert page.pitch == pytest.approx(PAGE.pitch, rel=0.06)
    assert page.advance == pytest.approx(PAGE.advance, rel=0.06)
