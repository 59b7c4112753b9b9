"""The sign-off sheet: a place for every mark, and codes that lead a scan back to them."""

import io

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from villagedesk.documents.render import render
from villagedesk.documents.scan import CORNERS, corner_text, read_corner_text


@pytest.mark.parametrize("mode", ["diagonal", "chain", "matrix"])
def test_every_signer_has_places_for_signature_handprint_and_date(make_signoff, terms, mode):
    cells = {cell.name: cell for cell in render(make_signoff(mode), terms).cells}
    assert set(cells) == {f"{kind}.{n}" for kind in ("sign", "hand", "date") for n in range(1, 6)}
    for n in range(1, 6):
        sign, hand, date = (cells[f"{kind}.{n}"] for kind in ("sign", "hand", "date"))
        assert sign.width >= 38
        assert sign.height >= 19.9
        assert sign.x + sign.width == pytest.approx(hand.x)
        assert hand.x + hand.width == pytest.approx(date.x)
        assert date.x + date.width == pytest.approx(190, abs=0.1)
    assert len({cell.document_id for cell in cells.values()}) == 1


def page_image(pdf, dpi):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].render(scale=dpi / 72, grayscale=True).to_pil()


def test_the_places_are_empty_and_framed_where_the_sheet_says(make_signoff, terms):
    paper = render(make_signoff(), terms)
    image = np.asarray(page_image(paper.pdf, 254))  # ten pixels a millimetre
    for cell in paper.cells:
        left, top = round(cell.x * 10), round(cell.y * 10)
        right, bottom = round((cell.x + cell.width) * 10), round((cell.y + cell.height) * 10)
        assert image[top + 4 : bottom - 4, left + 4 : right - 4].min() == 255
        assert image[top - 3 : top + 4, left + 20 : right - 20].min() < 100
        assert image[top + 20 : bottom - 20, left - 3 : left + 4].min() < 100


@pytest.mark.parametrize(("dpi", "angle"), [(200, 0), (200, 2.5), (150, -1.5)])
def test_four_corner_codes_are_read_from_a_scan_and_lie_where_they_should(make_signoff, terms, dpi, angle):
    sheet = make_signoff()
    image = page_image(render(sheet, terms).pdf, dpi).rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=60)
    found = {read_corner_text(code.text) for code in zxingcpp.read_barcodes(Image.open(stream))}
    assert found == {(sheet.stamp.document_id, 1, corner) for corner in CORNERS}


def test_corner_codes_are_12_mm_and_10_mm_from_the_edge(make_signoff, terms):
    image = np.asarray(page_image(render(make_signoff(), terms).pdf, 254)) < 128
    corner = image[:300, :300]
    rows, columns = np.where(corner.any(1))[0], np.where(corner.any(0))[0]
    assert (rows[0], columns[0]) == pytest.approx((100, 100), abs=1)
    assert (rows[-1] + 1, columns[-1] + 1) == pytest.approx((220, 220), abs=1)


def test_corner_text_round_trip_and_foreign_codes():
    assert read_corner_text(corner_text("0198f3", 2, "C")) == ("0198f3", 2, "C")
    assert [read_corner_text(text) for text in ("", "12317", "0198F3-2X", "-1A", "AB-A")] == [None] * 5


def test_forms_name_their_places_too(samples, terms):
    names = {cell.name for cell in render(samples["plan_sheet"], terms).cells}
    assert names == {f"{who}.{what}" for who in ("head", "helper", "village", "team") for what in ("sign", "date")}


def test_the_recovery_code_says_the_key(samples, terms):
    image = page_image(render(samples["recovery_sheet"], terms).pdf, 150)
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [samples["recovery_sheet"].fields["key_code"]]
