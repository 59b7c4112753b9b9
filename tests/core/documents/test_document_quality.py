"""What an archive file must hold (ISO 19005-2), and that every rare character of a name is really drawn."""

import io
from dataclasses import replace

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from villagedesk import divisions
from villagedesk.documents.blocks import Heading, Note, Paragraph, Subtitle, Title
from villagedesk.documents.fonts import undrawable
from villagedesk.documents.leaks import Guard, find_leaks
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Sheet
from villagedesk.errors import Refused

KINDS = sorted(load_papers())
PRIVATE = "\ue08b\ue170"
"""Two characters of village names have no agreed shape: the published table holds private-use codes in their places."""


def village_names():
    """The names of villages, of 620,573, that hold a character outside GBK."""
    lines = (line for province in divisions.children() for line in divisions._frame(province.code).split("\n"))
    return [line[12:] for line in lines if line[12:] != line[12:].encode("gbk", "ignore").decode("gbk")]


def beyond_gbk():
    return "".join(sorted({char for name in village_names() for char in name if not char.encode("gbk", "ignore")}))


def rare_characters():
    """Two hundred characters of names outside GB 2312, spread over the blocks up to those beyond U+FFFF."""
    blocks = (*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FD0), *range(0x20000, 0x2EBE0))
    pool = [chr(code) for code in blocks if not undrawable(chr(code))]
    pool = [char for char in pool if not char.encode("gb2312", "ignore")]
    return "".join(pool[:: len(pool) // 200][:200])


def inked(text, samples, terms):
    """How many dark pixels each character of ``text`` has where it stands on a rendered notice."""
    sheet = samples["exit_notice"]
    rows = tuple((str(n), "", char, "1", "2019", "") for n, char in enumerate(text, 1))
    return ink_of(render(Sheet(sheet.paper, sheet.fields, {"households": rows}, sheet.stamp), terms).pdf)


def ink_of(pdf):
    """The dark pixels of each character of a file, the most of all its places."""
    found = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            layer, height = page.get_textpage(), page.get_height()
            picture = page.render(scale=3).to_numpy()[:, :, 0] < 128
            for place in range(layer.count_chars()):
                left, bottom, right, top = layer.get_charbox(place)
                area = picture[
                    int((height - top) * 3) : int((height - bottom) * 3) + 1, int(left * 3) : int(right * 3) + 1
                ]
                char = _char(layer, place)
                found[char] = max(found.get(char, 0), int(np.count_nonzero(area)))
    return found


def _char(layer, place):
    """The character at a place; one beyond U+FFFF stands at the first of its two halves."""
    code, after = (raw.FPDFText_GetUnicode(layer, place + n) for n in (0, 1))
    return chr(0x10000 + ((code - 0xD800) << 10) + after - 0xDC00) if 0xD800 <= code < 0xDC00 else chr(code)


def test_forty_eight_villages_have_names_that_old_programs_cannot_write():
    assert len(village_names()) == 48
    assert len(beyond_gbk()) == 22
    assert set(undrawable("".join(village_names()))) == set(PRIVATE)


def test_every_character_of_the_48_village_names_leaves_ink(samples, terms):
    names = "".join(dict.fromkeys(char for name in village_names() for char in name if char not in PRIVATE))
    ink = inked(names, samples, terms)
    assert [char for char in names if ink.get(char, 0) < 20] == []


@pytest.mark.parametrize("role", ["title", "fang", "hei", "kai", "song"])
def test_a_village_of_a_rare_name_is_drawn_whole_in_every_type(role, samples, terms):
    """Each name stands in title, text and cells; every character has its own ink where it stands."""
    block = {"title": Title, "fang": Paragraph, "hei": Heading, "kai": Subtitle, "song": Note}[role]
    for name in village_names()[::4]:
        paper = Paper("x", "试样", "office", {}, {}, (block(name),), ("",))
        if set(PRIVATE) & set(name):
            continue
        ink = ink_of(render(Sheet("x", {}, {}, samples["card"].stamp), {}, {"x": paper}).pdf)
        assert [char for char in name if ink.get(char, 0) < 15] == [], name


def test_a_name_without_an_agreed_shape_is_refused_with_its_code(samples, terms):
    sheet = samples["exit_notice"]
    for char in PRIVATE:
        with pytest.raises(Refused, match=f"U\\+{ord(char):04X}"):
            render(replace(sheet, fields={**sheet.fields, "village": f"高{char}村"}), terms)


@pytest.mark.parametrize("text", [rare_characters(), "𬭎㛃䶮垚喆堃犇"], ids=["200 rare", "of the reports"])
def test_every_rare_character_leaves_ink(text, samples, terms):
    assert undrawable(text) == ()
    ink = inked(text, samples, terms)
    assert [char for char in text if ink.get(char, 0) < 20] == []


def test_two_hundred_rare_characters_are_two_hundred():
    assert len(set(rare_characters())) == 200


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_keeps_what_an_archive_file_demands(kind, samples, terms):
    with pikepdf.open(io.BytesIO(render(samples[kind], terms).pdf)) as document:
        assert document.pdf_version == "1.7"
        assert not document.is_encrypted
        assert "/AcroForm" not in document.Root
        assert "/Names" not in document.Root
        assert "/OpenAction" not in document.Root
        assert document.Root.Metadata.get("/Filter") is None
        assert str(document.docinfo["/Title"]) in document.Root.Metadata.read_bytes().decode()
        assert document.trailer.ID[0] == document.trailer.ID[1]
        assert document.Root.OutputIntents[0].DestOutputProfile.N == 3
        for page in document.pages:
            assert "/Annots" not in page
            assert "/Group" not in page
            assert "/XObject" not in page.Resources
            assert "/ExtGState" not in page.Resources
            operators = {str(line.operator) for line in pikepdf.parse_content_stream(page)}
            assert operators <= {
                "BT",
                "ET",
                "Tf",
                "Tj",
                "Tm",
                "Tc",
                "m",
                "l",
                "S",
                "w",
                "J",
                "re",
                "f",
                "q",
                "Q",
                "cm",
                "d",
            }
            for font in page.Resources.Font.values():
                _font_is_whole(font)


def _font_is_whole(font):
    descendant = font.DescendantFonts[0]
    assert font.Encoding == "/Identity-H"
    assert descendant.CIDToGIDMap == "/Identity"
    assert str(font.BaseFont)[1:8].isupper() or str(font.BaseFont)[7] == "+"
    assert font.BaseFont == descendant.BaseFont == descendant.FontDescriptor.FontName
    file = descendant.FontDescriptor.FontFile2
    assert file.Length1 == len(file.read_bytes())
    from fontTools.ttLib import TTFont

    inside = TTFont(io.BytesIO(file.read_bytes()))
    widths = [inside["hmtx"][name][0] * 1000 / inside["head"].unitsPerEm for name in inside.getGlyphOrder()]
    assert [float(width) for width in descendant.W[1]] == pytest.approx(widths, abs=0.5)


def test_no_clean_public_paper_is_flagged(samples, terms):
    """A paper of invented people and offices, against a village full of numbers it does not show."""
    numbers = frozenset({"610000197503154417", "13966671119", "6217888877776666555"})
    guard = Guard(numbers=numbers, minors=frozenset({"小丫"}), allowed_phones=frozenset({"12317"}))
    for kind, paper in load_papers().items():
        if paper.audience == "public":
            assert find_leaks(render(samples[kind], terms).pdf, guard) == (), kind
