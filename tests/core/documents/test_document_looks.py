"""Printings that differ from the template: masked names, a list a group, small pages on a leaf, big print, duplex."""

import dataclasses

import pypdfium2
import pytest

from villagedesk import resources
from villagedesk.documents.compose import compose
from villagedesk.documents.flow import paginate
from villagedesk.documents.looks import geometry_of, masked_name
from villagedesk.documents.marks import Words
from villagedesk.documents.page import MM
from villagedesk.documents.papers import load_papers, read_paper
from villagedesk.documents.render import proof, render
from villagedesk.documents.setting import set_blocks
from villagedesk.documents.sheet import Look
from villagedesk.errors import Refused, Unreadable


def looking(sheet, **look):
    return dataclasses.replace(sheet, look=Look(**look))


def group_list(sheet, count, **look):
    """The short list of a notice, nine groups."""
    wanted = load_papers()["group_list"].fields
    fields = {name: value for name, value in sheet.fields.items() if name in wanted}
    rows = tuple((str(n + 1), f"第{n % 9 + 1}村民小组", "张小华", "3", "2019", "") for n in range(count))
    return dataclasses.replace(sheet, paper="group_list", fields=fields, tables={"households": rows}, look=Look(**look))


def squeezed(paper):
    return "".join("".join(paper.texts).split())


def sizes(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [tuple(round(side / MM) for side in page.get_size()) for page in document]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张*"),
        ("张小华", "张*华"),
        ("欧阳建国", "欧**国"),
        ("阿卜杜拉·买买提", "阿***·**提"),
        ("张伟（2）", "张*（2）"),
        ("张小华（12）", "张*华（12）"),
        ("张某", "张某"),
        ("王", "王"),
        ("—", "—"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_its_ends(name, shown):
    assert masked_name(name) == shown


def test_a_masked_list_shows_no_whole_name_and_everything_else(make_notice, terms):
    plain, masked = render(make_notice(12), terms), render(looking(make_notice(12), masked=True), terms)
    names = {row[2] for row in make_notice(12).tables["households"]}
    text = "\n".join(masked.texts).split("\n")
    assert not names.intersection(text)
    assert "张*" in text
    assert sum("*" in line for line in text) == 12
    assert [line for line in "\n".join(plain.texts).split("\n") if line.endswith("小组")] == [
        line for line in text if line.endswith("小组")
    ]


def test_a_paper_without_names_is_not_masked(samples, terms):
    with pytest.raises(Refused, match="no list of names"):
        render(looking(samples["income_sheet"], masked=True), terms)


def test_a_list_a_group_counts_its_own_rows_and_persons(make_notice, terms):
    sheet = group_list(make_notice(), 30)
    paper = render(dataclasses.replace(sheet, look=Look(by_group=True)), terms)
    assert paper.pages == 9
    rows = [row for row in sheet.tables["households"] if row[1] == "第2村民小组"]
    text = paper.texts[1].split("\n")
    assert f"{len(rows)}户" in text
    assert f"{sum(int(row[3]) for row in rows)}人" in text
    assert any("柳树湾镇沙洲村第2村民小组" in line for line in text)
    assert {row[1] for row in sheet.tables["households"]}.intersection(text) == {"第2村民小组"}
    serials = [line for line in text if line in {str(n) for n in range(1, 31)}]
    assert serials[:1] == ["1"]


def test_groups_come_as_people_count_them(make_notice, terms):
    names = ["十组", "二组", "十一组", "一组"]
    rows = tuple((str(n), name, "张伟", "3", "2019", "") for n, name in enumerate(names, 1))
    sheet = dataclasses.replace(group_list(make_notice(), 0, by_group=True), tables={"households": rows})
    shown = [next(line for line in text.split("\n") if line in names) for text in render(sheet, terms).texts]
    assert shown == ["一组", "二组", "十组", "十一组"]


def test_an_empty_list_is_one_paper_although_it_is_asked_by_group(make_notice, terms):
    assert render(group_list(make_notice(), 0, by_group=True), terms).pages == 1


def test_a_paper_without_groups_is_not_parted(samples, terms):
    with pytest.raises(Refused, match="by village group"):
        render(looking(samples["card"], by_group=True), terms)


@pytest.mark.parametrize(
    ("look", "leaf", "leaves"),
    [
        ({"up": 2}, (210, 297), 5),
        ({"up": 2, "size": "A3"}, (420, 297), 5),
        ({"up": 4, "size": "A3"}, (297, 420), 3),
    ],
)
def test_small_lists_share_a_leaf(make_notice, terms, look, leaf, leaves):
    paper = render(group_list(make_notice(), 18, by_group=True, **look), terms)
    assert set(sizes(paper.pdf)) == {leaf}
    assert paper.pages == leaves
    assert paper.texts[0].count("— 1 —") == look["up"]


def test_small_pages_stay_inside_their_part_of_the_leaf(make_notice, terms):
    sheet = group_list(make_notice(), 18, by_group=True, up=2, size="A3")
    with pypdfium2.PdfDocument(render(sheet, terms).pdf) as document:
        text = document[0].get_textpage()
        lefts = [text.get_charbox(n)[0] / MM for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
    assert any(left < 210 - 26 for left in lefts)
    assert any(left > 210 + 28 for left in lefts)
    assert not [left for left in lefts if 210 - 19 < left < 210 + 27]


def test_places_to_sign_move_with_their_small_page(samples, terms):
    sheet = samples["exit_list"]
    alone = render(sheet, terms)
    (two,) = [render(looking(sheet, by_group=True, up=2, size="A3"), terms)]
    signs = [cell for cell in two.cells if cell.name == "village.sign"]
    assert [cell.page for cell in signs] == [1, 1]
    assert signs[1].x - signs[0].x == pytest.approx(210)
    assert signs[0].x == pytest.approx(next(cell.x for cell in alone.cells if cell.name == "village.sign"))


def test_what_would_not_be_found_or_read_is_not_made_small(samples, terms):
    with pytest.raises(Refused, match="comes back signed"):
        render(looking(samples["signoff_sheet"], up=2), terms)
    with pytest.raises(Refused, match="A3"):
        render(looking(samples["exit_notice"], up=4), terms)


def test_any_paper_in_big_print_and_on_a3(samples, terms):
    for kind, sheet in samples.items():
        if kind == "recovery_sheet":
            continue
        turn = -1 if load_papers()[kind].landscape else 1
        assert set(sizes(render(looking(sheet, size="A3"), terms).pdf)) == {(297, 420)[::turn]}
        big = render(looking(sheet, large=True), terms)
        assert set(sizes(big.pdf)) == {(210, 297)[::turn]}
        assert sorted(squeezed(big)) == sorted(squeezed(render(sheet, terms))) or big.pages > 1


def test_big_print_sets_rows_in_size_two(make_notice, terms):
    sheet = group_list(make_notice(), 3, large=True)
    blocks = compose(load_papers()["group_list"], sheet, terms)
    page = geometry_of(load_papers()["group_list"], sheet.look)
    leaves = paginate((piece for piece in set_blocks(blocks, page) if piece.head), page)
    words = [mark for page in leaves for placed in page.placed for mark in placed.marks if isinstance(mark, Words)]
    assert {mark.size for mark in words if "村民小组" in mark.text} == {22.0}


def test_duplex_begins_every_sheet_of_a_volume_on_a_front(samples, terms):
    one_page = samples["income_sheet"]
    assert render(one_page, terms).pages == 1
    sheets = [looking(one_page, duplex=True)] * 3
    volume = render(sheets, terms)
    assert volume.starts == (1, 3, 5)
    assert [text == "（本页空白）" for text in volume.texts] == [False, True, False, True, False]


def test_the_same_words_give_another_digest_in_another_look_only_on_the_page(make_notice, terms):
    plain, large = make_notice(5), looking(make_notice(5), large=True)
    letters = [
        next(line for line in render(each, terms).texts[0].split("\n") if "校验" in line) for each in (plain, large)
    ]
    assert letters[0] == letters[1]
    assert render(plain, terms).digest != render(large, terms).digest


def test_a_proof_is_what_would_be_printed(samples, terms):
    for kind in ("exit_notice", "household_file", "signoff_sheet"):
        paper = render(samples[kind], terms)
        assert proof(samples[kind], terms) == (paper.digest, paper.texts)


def landscape(samples, terms, count):
    paper = dataclasses.replace(load_papers()["exit_notice"], landscape=True)
    sheet = samples["exit_notice"]
    rows = sheet.tables["households"] * count
    return render(dataclasses.replace(sheet, tables={"households": rows}), terms, {"exit_notice": paper})


def test_a_landscape_page_keeps_its_mark_where_it_lies_in_the_file(samples, terms):
    """Turned upright (head to the left), the mark stands 7 mm under the type area, odd right, even left."""
    with pypdfium2.PdfDocument(landscape(samples, terms, 3).pdf) as document:
        for number in (1, 2):
            page = document[number - 1]
            found = page.get_textpage().search(f"— {number} —").get_next()
            assert found is not None
            boxes = [page.get_textpage().get_charbox(found[0] + n) for n in range(found[1])]
            left, right = min(box[0] for box in boxes) / MM, max(box[2] for box in boxes) / MM
            top, bottom = 210 - max(box[3] for box in boxes) / MM, 210 - min(box[1] for box in boxes) / MM
            assert 35 - 7 - 14 / MM < left < right < 35 - 7 + 0.5
            if number % 2:
                assert bottom == pytest.approx(210 - 26 - 14 / MM, abs=0.8)
            else:
                assert top == pytest.approx(28 + 14 / MM, abs=0.8)


@pytest.mark.parametrize(
    ("line", "told"),
    [('table = "rows"', "by_group.table"), ('column = "village"', "by_group.column"), ('sum = "no"', "by_group.sum")],
)
def test_a_wrong_group_rule_is_refused_by_key(tmp_path, line, told):
    right = {"table": "households", "column": "group", "serial": "no", "place": "village", "count": "households",
             "sum": "persons", "summed": "size"}  # fmt: skip
    key, value = line.replace('"', "").split(" = ")
    rule = "\n".join(f'{name} = "{word}"' for name, word in {**right, key: value}.items())
    shipped = resources.path("papers", "exit_list.toml")
    head, _, tail = shipped.read_text(encoding="utf-8").partition("[by_group]")
    file = tmp_path / shipped.name
    file.write_text(f"{head}[by_group]\n{rule}\n\n[[block]]{tail.partition('[[block]]')[2]}", encoding="utf-8")
    with pytest.raises(Unreadable) as refusal:
        read_paper(file)
    assert told in refusal.value.text.render("en")
