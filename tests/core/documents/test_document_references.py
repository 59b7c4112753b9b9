"""Papers look as they did: text layer, places in millimetres and the rendered picture against kept references."""

import json

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.core.documents.references import DOTS, FOLDER, lines_of, pdf_of, picture_of, sheets

NEAR = 0.1
"""Millimetres a line may move before somebody looks."""
MEAN, WORST = 0.6, 40
"""Grey levels (of 255): over the whole page, and over the worst square of 5 mm; other rasterisers smooth otherwise."""
NAMES = sorted(sheets())


def told(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def difference(one, other):
    """The mean difference over the page, and that of the worst square of five millimetres."""
    apart = ImageChops.difference(one, other)
    side = round(5 * DOTS)
    squares = apart.resize((apart.width // side, apart.height // side), Image.Resampling.BOX)
    return ImageStat.Stat(apart).mean[0], squares.getextrema()[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_says_and_places_what_it_did(name):
    now, then = lines_of(pdf_of(sheets()[name])), told(name)
    assert [line[:2] for line in now] == [line[:2] for line in then]
    moved = [
        (words, x, y, old)
        for (_, words, x, y), (*old, left, down) in zip(now, then, strict=True)
        if abs(x - left) > NEAR or abs(y - down) > NEAR
    ]
    assert moved == []


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_looks_as_it_did(name):
    with Image.open(FOLDER / f"{name}.png") as kept:
        now, then = picture_of(pdf_of(sheets()[name])), kept.convert("L")
    assert now.size == then.size
    mean, worst = difference(now, then)
    assert (mean < MEAN, worst < WORST) == (True, True), (mean, worst)


def test_one_sentence_more_is_seen():
    """What the tolerances let through and what they do not."""
    sheet = sheets()["card"]
    changed = picture_of(
        pdf_of(type(sheet)(sheet.paper, {**sheet.fields, "helper": "赵垚等"}, sheet.tables, sheet.stamp))
    )
    with Image.open(FOLDER / "card.png") as kept:
        mean, worst = difference(changed, kept.convert("L"))
    assert worst > WORST
    assert mean < MEAN, "one word is found by its square, not by the page"


def test_the_references_are_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 600_000
    assert {file.stem for file in FOLDER.iterdir()} == set(NAMES)
