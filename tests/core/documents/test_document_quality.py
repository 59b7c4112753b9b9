"""What an archive file must hold (ISO 19005-2), and that every rare character of a name is really drawn."""

import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from villagedesk.documents.fonts import undrawable
from villagedesk.documents.leaks import Guard, find_leaks
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Sheet

KINDS = sorted(load_papers())
BEYOND_GBK = "㘵㙍㙦㟃䃎䢺䴓䶮䲟䴖䴗䴙䓖䓛䓨䓫䓬䗖䗛䗪䗴䘵䝙䢼䣘䥽䦃䦆䦛䦟䦶䦷䧑䩄䭪䯄㧟㧐㨫㩳㩜㭎㭕㭤㳇㳘㶶"
"""Forty-seven characters of place and personal names that old programs cannot write, with the one below."""
FORTY_EIGHTH = "𬭎"


def rare_characters():
    """Two hundred characters of names outside GB 2312, spread over the blocks."""
    pool = [chr(code) for code in (*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FD0)) if not undrawable(chr(code))]
    pool = [char for char in pool if not char.encode("gb2312", "ignore")]
    return "".join(pool[:: len(pool) // 200][:200])


def inked(text, samples, terms):
    """How many dark pixels each character of ``text`` has where it stands on a rendered notice."""
    sheet = samples["exit_notice"]
    rows = tuple((str(n), "", char, "1", "2019", "") for n, char in enumerate(text, 1))
    pdf = render(Sheet(sheet.paper, sheet.fields, {"households": rows}, sheet.stamp), terms).pdf
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


@pytest.mark.parametrize("text", [BEYOND_GBK + FORTY_EIGHTH, rare_characters()], ids=["beyond GBK", "rare"])
def test_every_rare_character_leaves_ink(text, samples, terms):
    assert undrawable(text) == ()
    ink = inked(text, samples, terms)
    assert [char for char in text if ink.get(char, 0) < 20] == []


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
