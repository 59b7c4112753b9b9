"""The shipped fonts: what the catalogue says is so, every character has ink, and rare ones come back out of the PDF."""

import hashlib
import io

import pytest
from fontTools.ttLib import TTFont

from villagedesk import resources
from villagedesk.documents import fonts
from villagedesk.documents.writer import UsedGlyphs, to_unicode
from villagedesk.errors import Refused

RARE = "㛃䶮𬭎垚喆堃犇燚昇翀赟旸㙍㐱䒕"


@pytest.mark.parametrize("role", fonts.ROLES)
def test_the_catalogue_names_the_file_as_it_is(role):
    entry = fonts.catalogue()[role]
    content = resources.path("fonts", entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert resources.path("fonts", entry["licence_text"]).is_file()


def test_every_role_draws_gb_2312():
    level = {bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)}
    level.discard("")
    assert len(level) == 6763
    for role in fonts.ROLES:
        assert level <= fonts.face(role).characters, role


def test_the_fallback_draws_all_of_gbk():
    gbk = {
        bytes((a, b)).decode("gbk", "ignore")
        for a in range(0x81, 0xFF)
        for b in (*range(0x40, 0x7F), *range(0x80, 0xFF))
    }
    han = {char for char in gbk if len(char) == 1 and 0x4E00 <= ord(char) <= 0x9FFF}
    assert len(han) == 20902
    assert han <= fonts.face("song").characters


@pytest.mark.parametrize("role", fonts.ROLES)
def test_no_han_character_is_an_empty_glyph(role):
    """A character map names it, and yet it would print as a blank."""
    font = fonts.face(role).font
    assert [char for char, glyph in font.glyphs.items() if "\u3400" < char < "\ue000" and not font.outline(glyph)] == []


def test_a_rare_character_comes_from_the_fallback_and_the_rest_from_its_own_font():
    assert list(fonts.runs("王㛃村", "fang")) == [("fang", "王"), ("song", "㛃"), ("fang", "村")]


def test_rare_name_characters_are_drawn():
    assert fonts.undrawable(RARE) == ()


def test_a_character_that_no_font_has_is_refused_with_its_code():
    with pytest.raises(Refused) as refusal:
        list(fonts.runs("王\U00030000", "fang"))
    assert "U+30000" in refusal.value.text.render("en")


def test_the_character_map_writes_characters_beyond_ffff_as_two_units():
    used = UsedGlyphs("song")
    assert [used[char] for char in "𬭎王"] == ["0001", "0002"]
    assert "<0001> <D872DF4E>\n<0002> <738B>" in to_unicode(used)


@pytest.mark.parametrize("role", fonts.ROLES)
def test_a_font_is_read_as_another_library_reads_it(role):
    theirs = TTFont(resources.path("fonts", fonts.catalogue()[role]["file"]))
    ours = fonts.face(role).font
    order = theirs.getGlyphOrder()
    numbers = theirs.getReverseGlyphMap()
    assert {ord(char): glyph for char, glyph in ours.glyphs.items()} == {
        code: numbers[name] for code, name in theirs.getBestCmap().items()
    }
    assert list(ours.advances) == [theirs["hmtx"][name][0] for name in order]
    glyphs = ours.closed([0, *sorted(ours.glyphs.values())[::97], *sorted(ours._composites)])
    small = TTFont(io.BytesIO(ours.subset(glyphs)))
    for place, glyph in enumerate(glyphs):
        drawn, wanted = (
            (font["glyf"][name].getCoordinates(font["glyf"])[0], font["hmtx"][name])
            for font, name in ((small, small.getGlyphOrder()[place]), (theirs, order[glyph]))
        )
        assert drawn == wanted
