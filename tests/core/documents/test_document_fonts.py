"""The shipped fonts: what the catalogue says is so, every character has ink, and rare ones come back out of the PDF."""

import hashlib

import pytest

from villagedesk import resources
from villagedesk.documents import fonts
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
    """Read from the font's own tables: equal offsets in loca mean that nothing is drawn."""
    font = fonts.face(role).font.face
    offsets = font.glyphPos
    empty = [
        chr(c)
        for c, glyph in font.charToGlyph.items()
        if c > 0x3400 and c < 0xE000 and offsets[glyph] == offsets[glyph + 1]
    ]
    assert empty == []


def test_a_rare_character_comes_from_the_fallback_and_the_rest_from_its_own_font():
    assert list(fonts.runs("王㛃村", "fang")) == [("fang", "王"), ("song", "㛃"), ("fang", "村")]


def test_rare_name_characters_are_drawn():
    assert fonts.undrawable(RARE) == ()


def test_a_character_that_no_font_has_is_refused_with_its_code():
    with pytest.raises(Refused) as refusal:
        list(fonts.runs("王\U00030000", "fang"))
    assert "U+30000" in refusal.value.text.render("en")


def test_the_character_map_writes_characters_beyond_ffff_as_two_units():
    assert "<01> <D873DF4E>" in fonts._to_unicode("X", [0, 0x2CF4E])
    assert "<02> <738B>" in fonts._to_unicode("X", [0, 0x2CF4E, 0x738B])
