"""Nothing that may not hang on the board gets through; nothing clean is stopped. All numbers belong to nobody."""

import dataclasses
import io
from datetime import date

import pikepdf
import pytest
from stdnum.cn import ric

from villagedesk.documents.leaks import Guard, find_leaks
from villagedesk.documents.render import render

ID = "000000196503127391"  # county 000000 never was
GUARD = Guard(
    numbers=frozenset({ID, "000000850214532", "19900007766", "6200000012345678901", "00000019570808642143"}),
    minors=frozenset({"阿依古丽·买买提", "王垚垚"}),
    births=frozenset({date(1965, 3, 12), date(2010, 6, 1), date(2019, 11, 21)}),
    own_dates=frozenset({date(2019, 11, 20), date(2019, 11, 21), date(2019, 11, 27)}),
    allowed_phones=frozenset({"0000-0000101", "0000-0000202", "12317", "13865432190"}),
    words=frozenset({"搬迁户"}),
)

SEEDS = [
    ("id", ID),
    ("id", "000000 19650312 7391"),
    ("id", "０００００01965０３１２7391"),
    ("id", "00000019650312739x"),
    ("id", "000000·1965·0312·7391"),
    ("id", "999999850214532"),
    ("card", "6217000000000001234"),
    ("card", "6217 0000 0000 0001"),
    ("phone", "13900001111"),
    ("phone", "139-0000-1111"),
    ("phone", "139 0000 1111"),
    ("phone", "+8613900001111"),
    ("phone", "１３９０００0１１１１"),
    ("stored", "尾号127391"),
    ("stored", "0007766"),
    ("stored", "000 7766"),
    ("stored", "12345678"),
    ("stored", "642143"),
    ("birth", "1965年3月12日"),
    ("birth", "1965-03-12"),
    ("birth", "2010.6.1"),
    ("birth", "20100601"),
    ("word", "肢体残疾"),
    ("word", "低保"),
    ("word", "特困"),
    ("word", "慢性病"),
    ("word", "因病"),
    ("word", "大 病"),
    ("word", "搬迁户"),
    ("minor", "王垚垚"),
    ("minor", "阿依古丽·买买提"),
]


def noticed(make_notice, terms, **change):
    sheet = make_notice(**{key: value for key, value in change.items() if key != "cell"})
    if "cell" in change:
        first, *rest = sheet.tables["households"]
        row = (*first[:5], change["cell"])
        sheet = dataclasses.replace(sheet, tables={"households": (row, *rest)})
    return render(sheet, terms).pdf


@pytest.mark.parametrize(("kind", "text"), SEEDS)
def test_a_seeded_leak_in_a_cell_is_caught(make_notice, terms, kind, text):
    leaks = find_leaks(noticed(make_notice, terms, cell=text), GUARD)
    assert kind in {leak.kind for leak in leaks}
    assert {leak.page for leak in leaks} == {1}


@pytest.mark.parametrize(("kind", "text"), SEEDS)
@pytest.mark.parametrize("before", range(0, 24, 5))
def test_a_seeded_leak_in_running_text_is_caught_wherever_the_line_ends(make_notice, terms, kind, text, before):
    pdf = noticed(make_notice, terms, leave_out_note="村" * before + text + "等情况另行说明。")
    assert kind in {leak.kind for leak in find_leaks(pdf, GUARD)}


@pytest.mark.parametrize("count", [0, 1, 12, 300])
def test_clean_papers_are_let_through(make_notice, terms, count):
    assert find_leaks(noticed(make_notice, terms, count=count), GUARD) == ()


def test_a_clean_announcement_is_let_through(samples, terms):
    assert find_leaks(render(samples["exit_announcement"], terms).pdf, GUARD) == ()


def test_years_serial_numbers_and_dates_of_neighbouring_cells_are_not_taken_for_one_number(make_notice, terms):
    days = ((year, month, day) for year in (2018, 2019, 2020) for month in range(1, 13) for day in range(1, 29))
    numbers = frozenset(f"000000{year}{month:02d}{day:02d}100X" for year, month, day in days)
    children = Guard(numbers=numbers, allowed_phones=GUARD.allowed_phones)
    assert find_leaks(noticed(make_notice, terms, count=400), children) == ()


def test_an_office_phone_passes_only_when_it_is_named(make_notice, terms):
    pdf = noticed(make_notice, terms, objection_phone="13865432190")
    assert find_leaks(pdf, GUARD) == ()
    offices = dataclasses.replace(GUARD, allowed_phones=GUARD.allowed_phones - {"13865432190"})
    assert [leak.kind for leak in find_leaks(pdf, offices)] == ["phone"]


def test_a_leak_tells_page_and_kind_but_not_the_number(make_notice, terms):
    (leak,) = [
        leak for leak in find_leaks(noticed(make_notice, terms, cell="13900001111"), GUARD) if leak.kind == "phone"
    ]
    assert leak.page == 1
    assert "13900001111" not in leak.excerpt
    assert "mobile" in leak.text.render("en")


def with_changes(pdf, change):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()


def set_title(document):
    document.docinfo["/Title"] = "王垚垚"


def set_subject_number(document):
    document.docinfo["/Subject"] = ID


def set_outline(document):
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("13900001111", 0))


def set_packet(document):
    packet = document.Root.Metadata.read_bytes().replace("拟退出户公示".encode(), "低保户公示".encode())
    document.Root.Metadata = document.make_stream(packet)


def attach(document):
    document.attachments["13900001111.txt"] = b"x"


def annotate(document):
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=ID)
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])


@pytest.mark.parametrize("change", [set_title, set_subject_number, set_outline, set_packet, attach, annotate])
def test_metadata_outline_notes_and_attachments_are_read_too(make_notice, terms, change):
    pdf = with_changes(noticed(make_notice, terms), change)
    assert {leak.page for leak in find_leaks(pdf, GUARD)} == {0}


def drop_text(document):
    document.pages[0].Contents = document.make_stream(b"0 0 10 10 re f")


@pytest.mark.parametrize(
    "damage", [lambda pdf: b"", lambda pdf: b"%PDF-1.7 nonsense", lambda pdf: pdf[: len(pdf) // 3]]
)
def test_what_cannot_be_read_may_not_be_posted(make_notice, terms, damage):
    leaks = find_leaks(damage(noticed(make_notice, terms)), GUARD)
    assert [leak.kind for leak in leaks] == ["unreadable"]


def test_a_page_without_text_may_not_be_posted(make_notice, terms):
    leaks = find_leaks(with_changes(noticed(make_notice, terms), drop_text), GUARD)
    assert [leak.kind for leak in leaks] == ["unreadable"]


def spread(make_notice, terms, size, year, note):
    sheet = make_notice(3)
    rows = [*sheet.tables["households"][:1], ("2", "第2村民小组", "赵垚", size, year, note)]
    return render(dataclasses.replace(sheet, tables={"households": tuple(rows)}), terms).pdf


def test_a_stored_number_spread_over_cells_is_caught(make_notice, terms):
    kinds = {leak.kind for leak in find_leaks(spread(make_notice, terms, "19900", "00776", "6"), GUARD)}
    assert kinds == {"stored"}


def test_a_sound_id_number_spread_over_cells_is_caught(make_notice, terms):
    number = "00000019650312739"
    number += ric.calc_check_digit(number + "0")
    pdf = spread(make_notice, terms, number[:6], number[6:12], number[12:])
    offices = Guard(allowed_phones=GUARD.allowed_phones)
    assert {leak.kind for leak in find_leaks(pdf, offices)} == {"id"}
