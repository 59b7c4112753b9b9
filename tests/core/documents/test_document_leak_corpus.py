"""The corpus of DOMAIN §6.3: every kind of thing that may never hang on a board, seeded in every public paper.

One seed of each kind goes into every field and every column of every public paper; clean papers of all kinds pass.
"""

import dataclasses
import io
from datetime import date

import pikepdf
import pytest

from villagedesk.documents.leaks import DENIED_WORDS, Guard, find_leaks
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import Look

GUARD = Guard(
    numbers=frozenset({"000000196503127391", "19900007766", "6200000012345678901"}),
    minors=frozenset({"王垚垚", "李明"}),
    adults=frozenset({"李明华"}),
    births=frozenset({date(1965, 3, 12)}),
    allowed_phones=frozenset({"0000-0000101", "0000-0000202", "12317"}),
    addresses=frozenset({"柳树巷17号", "三组东头第2户院"}),
    objectors=frozenset({"孙有声"}),
)
CORPUS = {
    "full ID number": ("id", "000000196503127391"),
    "partial ID number, masked": ("id", "000000********7391"),
    "partial ID number, its tail": ("stored", "尾号127391"),
    "birth date": ("birth", "1965年3月12日"),
    "bank card": ("card", "6217 0000 0000 0000 123"),
    "bank account": ("card", "信用社账号：100220033"),
    "personal phone": ("phone", "139-0000-1111"),
    "stored phone": ("stored", "00007766"),
    "address below the group": ("address", "柳树巷17号"),
    "health": ("word", "患有高血压"),
    "disability": ("word", "二级残疾"),
    "cause of illness": ("word", "因病致贫"),
    "income of a household": ("word", "家庭年收入二万元"),
    "low-income type": ("word", "低保户"),
    "destitute type": ("word", "特困供养"),
    "religion": ("word", "信教"),
    "political face": ("word", "政治面貌群众"),
    "school of a minor": ("word", "就读镇小学三年级"),
    "name of a minor": ("minor", "王垚垚"),
    "orphan": ("word", "孤儿"),
    "fostering": ("word", "寄养在叔叔家"),
    "crime": ("word", "刑满释放"),
    "detention": ("word", "拘留"),
    "objector": ("objector", "孙有声反映"),
}
PUBLIC = sorted(key for key, paper in load_papers().items() if paper.audience == "public")


def clean(samples):
    return {kind: samples[kind] for kind in PUBLIC}


def kinds(sheet, terms, look=None):
    chosen = dataclasses.replace(sheet, look=look) if look else sheet
    return {leak.kind for leak in find_leaks(render(chosen, terms).pdf, GUARD)}


@pytest.mark.parametrize("what", CORPUS)
def test_a_seed_of_every_kind_is_caught_in_every_public_paper(what, samples, terms):
    kind, seed = CORPUS[what]
    for paper, sheet in clean(samples).items():
        name = "village" if "village" in sheet.fields else next(iter(sheet.fields))
        seeded = dataclasses.replace(sheet, fields={**sheet.fields, name: f"{sheet.fields[name]}（{seed}）"})
        assert kind in kinds(seeded, terms), paper


@pytest.mark.parametrize("paper", PUBLIC)
def test_every_field_and_column_of_a_public_paper_is_read(paper, samples, terms):
    sheet = samples[paper]
    for name in sheet.fields:
        seeded = dataclasses.replace(sheet, fields={**sheet.fields, name: f"{sheet.fields[name]}王垚垚"})
        assert "minor" in kinds(seeded, terms), name
    for table, rows in sheet.tables.items():
        for place in range(len(rows[0]) if rows else 0):
            row = tuple("王垚垚" if n == place else cell for n, cell in enumerate(rows[0]))
            seeded = dataclasses.replace(sheet, tables={**sheet.tables, table: (row, *rows[1:])})
            assert "minor" in kinds(seeded, terms), (table, place)


@pytest.mark.parametrize("paper", PUBLIC)
@pytest.mark.parametrize("look", [Look(), Look(large=True), Look(size="A3"), Look(masked=True), Look(second="ug")])
def test_clean_papers_are_flagged_in_no_look(paper, look, samples, terms):
    named = any(column.person for columns in load_papers()[paper].tables.values() for column in columns)
    if look.masked and not named:
        return
    assert kinds(samples[paper], terms, look) == set()


@pytest.mark.parametrize("number", ["000000196503127391", "13900001111", "6217000000000000123"])
def test_a_number_that_runs_into_a_year_is_caught_all_the_same(number, make_notice, terms):
    assert kinds(make_notice(1, village=f"沙洲村{number}"), terms) & {"long", "stored"}


def test_an_adult_whose_name_holds_a_childs_is_no_leak_and_the_child_still_is(make_notice, terms):
    def listing(name):
        sheet = make_notice(1)
        rows = (("1", "第1村民小组", name, "3", "2019", ""),)
        return kinds(dataclasses.replace(sheet, tables={"households": rows}), terms)

    assert listing("李明华") == set()
    assert listing("李明") == {"minor"}


def test_a_masked_list_shows_no_whole_name(make_notice, terms):
    sheet = dataclasses.replace(make_notice(9), look=Look(masked=True))
    text = "".join(render(sheet, terms).texts)
    for row in make_notice(9).tables["households"]:
        assert row[2] not in text
    assert "阿****·**提" in text or "阿***·***提" in text or "*" in text


def test_a_picture_is_a_leak(make_notice, terms):
    with pikepdf.open(io.BytesIO(render(make_notice(1), terms).pdf)) as document:
        image = document.make_stream(bytes(3), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1, Height=1,
                                     ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8)  # fmt: skip
        document.pages[0].Resources.XObject = pikepdf.Dictionary(Face=document.make_indirect(image))
        stream = io.BytesIO()
        document.save(stream)
    assert {leak.kind for leak in find_leaks(stream.getvalue(), GUARD)} == {"picture"}


def test_no_word_of_a_shipped_public_paper_is_denied():
    for kind in PUBLIC:
        words = str(load_papers()[kind].blocks)
        assert [word for word in DENIED_WORDS if word in words] == [], kind
