"""Bilingual papers: letters join and stack, nothing is lost from the text layer, what nobody confirmed is marked so."""

import dataclasses
import io

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from villagedesk.documents import fonts
from villagedesk.documents.phrases import load_phrases, phrases_of
from villagedesk.documents.render import proof, render
from villagedesk.documents.shaping import SHAPED
from villagedesk.documents.sheet import Look
from villagedesk.errors import Refused

LANGUAGES = sorted(load_phrases())


def in_two(sheet, code):
    return dataclasses.replace(sheet, look=Look(second=code))


def test_the_languages_are_there():
    assert LANGUAGES == ["bo", "ii", "kk", "ko", "mn", "ug", "za"]


@pytest.mark.parametrize("code", [code for code in LANGUAGES if load_phrases()[code].words])
def test_title_and_list_heads_stand_in_both_languages(code, make_notice, terms):
    table = phrases_of(code)
    alone, paper = render(make_notice(3), terms), render(in_two(make_notice(3), code), terms)
    words = "".join(paper.texts)
    for chinese in ("公示", "序号", "村民小组", "户主姓名", "备注"):
        assert chinese in words
        assert "".join(table.words[chinese].split()) in "".join(words.split())
    assert f"{table.name}对照未经核对" in words
    assert len(words) > len("".join(alone.texts))
    assert paper.pdf == render(in_two(make_notice(3), code), terms).pdf
    assert proof(in_two(make_notice(3), code), terms)[0] == paper.digest
    with pypdfium2.PdfDocument(paper.pdf) as document:
        layer = "".join(page.get_textpage().get_text_range() for page in document)
    letters = {char for char in table.words["公示"] if not char.isspace()}
    assert letters <= set(layer)


def test_letters_join_and_stack():
    """Uyghur letters take other shapes inside a word; Tibetan ones stack, so there are fewer glyphs than letters."""
    word = "كەنت"
    alone = [fonts.shaped(char, "naskh")[0].number for char in word]
    assert [glyph.number for glyph in reversed(fonts.shaped(word, "naskh"))] != alone
    stacked = fonts.shaped("བསྒྲགས", "tibetan")
    assert len([glyph for glyph in stacked if glyph.advance]) < len("བསྒྲགས")


def test_arabic_letters_run_from_right_to_left():
    glyphs = fonts.shaped("ئېلان", "naskh")
    assert "".join(glyph.text for glyph in reversed(glyphs)) == "ئېلان"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_phrase_is_drawn(code):
    table = phrases_of(code)
    for words in table.words.values():
        assert fonts.draws(words, table.role)
        if table.role in SHAPED:
            assert "".join(sorted(words)) == "".join(sorted("".join(g.text for g in fonts.shaped(words, table.role))))


def test_a_confirmed_table_says_nothing_in_the_small_print():
    table = dataclasses.replace(phrases_of("ug"), verified_by="某某，2026-11-28")
    assert table.remark == ""


def test_an_empty_table_leaves_the_paper_chinese(make_notice, terms):
    paper = render(in_two(make_notice(3), "ii"), terms)
    assert "彝文对照未经核对" in "".join(paper.texts)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_list_head_the_table_does_not_say_stays_chinese(code, samples, terms):
    """Once this was an exception: an empty text has no glyphs to shape."""
    words = "".join(render(in_two(samples["monitoring_in_notice"], code), terms).texts)
    assert "类别" in words


def test_an_unknown_language_is_refused(make_notice, terms):
    with pytest.raises(Refused, match="xx"):
        render(in_two(make_notice(3), "xx"), terms)


@pytest.mark.parametrize("code", ["bo", "mn", "ug"])
def test_every_glyph_stands_under_its_own_number(code, make_notice, terms):
    """The same glyph may stand for different letters and then has several numbers; none may shift the others."""
    pdf = render(in_two(make_notice(3), code), terms).pdf
    role = phrases_of(code).role
    wanted = {glyph.number for words in phrases_of(code).words.values() for glyph in fonts.shaped(words, role)}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (font,) = {f.objgen: f for page in document.pages for name, f in page.Resources.Font.items()
                   if name == f"/{role}"}.values()  # fmt: skip
        file = TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
        numbers = {int(each, 16) for page in document.pages for each in _codes(page, role)}
    source = fonts.face(role).font
    outlines = {source.outline(glyph)[:10] for glyph in wanted}  # count of contours and bounding box
    places, outlines_inside = file["loca"], file.reader["glyf"]
    assert {outlines_inside[places[n] : places[n + 1]][:10] for n in numbers} <= outlines | {b""}


def _codes(page, role):
    now = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            now = str(operands[0])
        elif str(operator) == "TJ" and now == f"/{role}":
            yield from (bytes(each).hex() for each in operands[0] if isinstance(each, pikepdf.String))
