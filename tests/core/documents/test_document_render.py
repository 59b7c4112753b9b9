"""Sheets become PDF: complete, searchable, the same every time, refused in words where they cannot be."""

import dataclasses
import hashlib
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pypdfium2
import pytest

from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.errors import Cancelled, Refused

KINDS = sorted(load_papers())


def squeezed(text):
    return re.sub(r"\s", "", text.replace("￾", ""))


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(squeezed(page.get_textpage().get_text_range()) for page in document)


def changed(sheet, **fields):
    return dataclasses.replace(sheet, fields={**sheet.fields, **fields})


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_says_every_field_and_row_it_was_given(kind, samples, terms):
    sheet = samples[kind]
    pdf = render(sheet, terms).pdf
    with pypdfium2.PdfDocument(pdf) as document:
        text = text_of(pdf) + "".join(entry.get_title() for entry in document.get_toc())
    for value in sheet.fields.values():
        for part in value.split():
            assert squeezed(part) in text or kind == "recovery_sheet", part
    for rows in sheet.tables.values():
        for row in rows:
            for cell in row:
                assert squeezed(cell) in text, cell


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_layer_is_what_was_drawn(kind, samples, terms):
    paper = render(samples[kind], terms)
    assert sorted(text_of(paper.pdf)) == sorted(squeezed("".join(paper.texts)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_is_an_archive_file_with_its_fonts_in_it(kind, samples, terms):
    with pikepdf.open(io.BytesIO(render(samples[kind], terms).pdf)) as document:
        packet = document.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in packet
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert document.Root.Lang == "zh-CN"
        fonts = {str(font.BaseFont): font for page in document.pages for font in page.Resources.Font.values()}
        assert fonts
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts.values())
        assert not [name for name in fonts if "Helvetica" in name]


def test_no_paper_names_a_person_in_metadata_and_public_ones_not_in_the_outline(samples, terms):
    for kind, sheet in samples.items():
        with pikepdf.open(io.BytesIO(render(sheet, terms).pdf)) as document:
            words = " ".join(map(str, document.docinfo.values())) + document.Root.Metadata.read_bytes().decode()
            with document.open_outline() as outline:
                titles = [item.title for item in outline.root]
        assert titles, kind
        assert "阿卜杜拉" not in words + " ".join(titles)


def test_the_same_sheet_gives_the_same_bytes(samples, terms):
    assert render(samples["exit_notice"], terms) == render(samples["exit_notice"], terms)


def test_another_process_gives_the_same_bytes(samples, terms, request, make_long_minutes):
    script = (
        "import sys, hashlib, importlib.util as u\n"
        "spec = u.spec_from_file_location('c', sys.argv[1]); c = u.module_from_spec(spec); spec.loader.exec_module(c)\n"
        "from villagedesk.documents.render import render\n"
        "r = render([c.card(), c.notice(), c.long_minutes()], c.TERMS); "
        "print(hashlib.sha256(r.pdf).hexdigest(), r.digest)"
    )
    conftest = request.path.parent / "conftest.py"
    command = [sys.executable, "-c", script, str(conftest)]
    root = request.config.rootpath
    seen = {
        subprocess.run(
            command, cwd=root, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }
    here = render([samples["card"], samples["exit_notice"], make_long_minutes()], terms)
    assert seen == {f"{hashlib.sha256(here.pdf).hexdigest()} {here.digest}\n"}


def test_the_digest_follows_every_word(samples, terms):
    one = render(samples["exit_notice"], terms)
    other = render(changed(samples["exit_notice"], days="8"), terms)
    assert one.digest != other.digest


def test_a_list_of_two_thousand_rows_repeats_its_head_and_counts_its_pages(make_notice, terms):
    paper = render(make_notice(2000), terms)
    assert paper.pages > 70
    for number, text in enumerate(paper.texts[:-1], 1):
        assert "户主姓名" in text
        assert f"第 {number} 页 共 " in text
    rows = [int(line) for text in paper.texts for line in text.split("\n") if re.fullmatch(r"\d{1,4}", line)]
    assert {*range(1, 2001)} <= set(rows)
    assert paper.texts[-1].count("以下空白") == 1
    assert sum(text.count("以下空白") for text in paper.texts) == 1


def test_the_last_row_total_and_end_mark_stay_together(make_notice, terms):
    for count in range(1, 60, 3):
        for text in render(make_notice(count), terms).texts:
            if "以下空白" in text:
                assert "合计" in text
                assert f"\n{count}\n" in text


def test_an_empty_list_says_so(make_notice, terms):
    paper = render(make_notice(0), terms)
    assert "本年度没有拟脱贫低收入农户" in "".join(paper.texts)


def test_a_household_of_thirty_is_laid_out(make_household_file, make_plan, terms):
    assert "30" in render(make_household_file(30), terms).texts[1]
    assert render(make_plan(30), terms).pages == 2


def test_a_very_long_cell_is_wrapped_and_an_endless_one_refused_in_words(make_plan, terms):
    sheet = make_plan()
    wrapped = render(changed(sheet, needs="想学大棚种植。" * 60), terms)
    assert squeezed("想学大棚种植。" * 60) in squeezed("".join(wrapped.texts))
    with pytest.raises(Refused, match="higher than a page"):
        render(changed(sheet, needs="想学大棚种植。" * 900), terms)


@pytest.mark.parametrize("char", ["\U0001f600", "\U00030000", "\ue863", "\u200b", "\t"])
def test_a_character_nobody_draws_is_refused_with_its_place(samples, terms, char):
    sheet = samples["exit_notice"]
    rows = (("1", "第1村民小组", f"王{char}", "3", "2019", ""),)
    with pytest.raises(Refused) as refusal:
        render(dataclasses.replace(sheet, tables={"households": rows}), terms)
    told = refusal.value.problems[0].text.render("en")
    assert f"U+{ord(char):04X}" in told
    assert "户主姓名" in str(refusal.value)
    with pytest.raises(Refused, match="发布单位"):
        render(changed(sheet, issuer=f"沙洲{char}村"), terms)


def test_missing_superfluous_and_empty_words_are_refused_by_name(samples, terms):
    sheet = samples["exit_notice"]
    fields = {**sheet.fields, "weather": "晴", "start": " "}
    del fields["end"]
    with pytest.raises(Refused) as refusal:
        render(dataclasses.replace(sheet, fields=fields, tables={"rows": ()}), terms)
    assert {problem.field for problem in refusal.value.problems} == {"weather", "start", "end", "rows", "households"}


def test_a_row_of_wrong_length_and_a_missing_word_of_the_profile_are_refused(samples, terms):
    sheet = dataclasses.replace(samples["exit_notice"], tables={"households": (("1", "第1村民小组"),)})
    words = {name: word for name, word in terms.items() if name != "planned_exit_household_word"}
    with pytest.raises(Refused) as refusal:
        render(sheet, words)
    assert [problem.field for problem in refusal.value.problems] == ["households", "planned_exit_household_word"]


def test_an_unknown_paper_and_an_empty_volume_are_refused(samples, terms):
    with pytest.raises(Refused, match="exit_notice"):
        render(dataclasses.replace(samples["card"], paper="poem"), terms)
    with pytest.raises(Refused):
        render([], terms)


def test_braces_in_what_people_typed_stay_braces(samples, terms):
    text = "".join(render(changed(samples["plan_sheet"], needs="{head} 和 }"), terms).texts)
    assert "{head} 和 }" in text


def test_a_volume_holds_every_sheet_with_its_own_page_marks(make_household_file, samples, terms):
    sheets = [make_household_file(5, number) for number in range(1, 6)]
    volume = render(sheets, terms)
    assert volume.pages == 10
    assert volume.starts == (1, 3, 5, 7, 9)
    with pikepdf.open(io.BytesIO(volume.pdf)) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root] == [sheet.fields["household_no"] for sheet in sheets]
    assert all("— 1 —" in volume.texts[start - 1] for start in volume.starts)
    assert len(volume.pdf) < 5 * len(render(sheets[0], terms).pdf) / 2


def test_long_work_can_be_watched_and_stopped(samples, terms):
    seen = []
    render([samples["card"]] * 3, terms, step=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def stop(done, total):
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        render([samples["card"]] * 3, terms, step=stop)


def test_the_small_print_says_data_date_number_and_digest(samples, terms):
    text = render(samples["exit_notice"], terms).texts[0]
    assert "编号 公示〔2019〕3号" in text
    assert "数据截至2019年11月20日" in text
    assert re.search(r"校验 [A-P]{8}", text)


def test_many_threads_render_at_once(samples, terms):
    alone = {kind: render(sheet, terms).pdf for kind, sheet in samples.items()}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda kind: (kind, render(samples[kind], terms).pdf), KINDS * 3))
    differing = [(kind, _first_difference(alone[kind], pdf)) for kind, pdf in together if alone[kind] != pdf]
    assert differing == []


def _first_difference(one, other):
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return place, one[place - 60 : place + 20], other[place - 60 : place + 20]
