"""The report of all villages: the sum of the villages' own reports, on the page, on paper and as a workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from tests.gui.townships import NOW, VILLAGES, click, family, meet, page_of
from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.pdfview import PdfView
from villagedesk.desk import Desk
from villagedesk.drafts.money import FundDraft, PaymentDraft
from villagedesk.errors import Refused
from villagedesk.hub import Hub
from villagedesk.services.township_figures import COUNTED

DAY = NOW.date()


@pytest.fixture
def met(hub: Hub, desks: list[Desk], tmp_path: Path) -> Hub:
    """Two villages that differ have sent; one of them has a late notice, a third was invited only."""
    stick = tmp_path / "stick"
    stick.mkdir()
    desks[0].households.save(family("2", "赵二"), "visit")
    desks[0].households.save(replace(family("3", "钱三"), exited_year=2025), "visit")
    for desk, amount in zip(desks, (100_00, 23_45), strict=True):
        fund = desk.funds.save(FundDraft(title="挂钩资金", year=2026, amount=amount), "letter").records["fund"][0]
        desk.funds.pay(PaymentDraft(fund_id=fund, way="in", amount=amount, on=DAY), "booked")
    with desks[1].site.store.work("test", "test") as work:
        late = {"kind": "exit", "no": "公示1号", "year": 2026, "state": "posted", "posted_on": date(2026, 2, 2)}
        work.put("notice", VILLAGES[1], {**late, "ends_on": date(2026, 2, 9)}, "late")
    meet(desks, hub, stick)
    hub.township.invite("321324111003", stick)
    return hub


def _words(pdf: bytes) -> str:
    """What another library reads from the paper, without blanks."""
    found = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_range() for page in found).split())


@pytest.mark.parametrize("key", ["month", "week", "year", "situation"])
def test_every_figure_is_the_sum_of_the_villages_own_reports(met: Hub, desks: list[Desk], key: str) -> None:
    report = met.reports.fill(key, DAY)
    own = [{line.figure.key: line.value for line in desk.reports.fill(key, DAY).lines} for desk in desks]
    assert report.lines
    for line in report.lines:
        assert line.by_village == {village: said[line.figure.key] or 0
                                   for village, said in zip(VILLAGES, own, strict=True)}  # fmt: skip
    assert not {line.figure.key for line in report.lines} & {rule.key for rule in report.left_out}
    assert all(rule.unit == "%" or rule.key == "income_per_head" for rule in report.left_out)


def test_what_it_says_of_a_village_agrees_with_the_figures(met: Hub, desks: list[Desk]) -> None:
    """A file that was closed counts in neither."""
    gone = desks[0].lists.household_ids()[0]
    with desks[0].site.store.work("test", "test") as work:
        work.put("household", VILLAGES[0], {"removed_reason": "1"}, gone)
    meet(desks, met, desks[0].place.folder.parent / "stick")
    report = met.reports.fill("month", DAY)
    sums = {line.figure.key: line.word for line in report.lines}
    assert (sums["households"], sums["persons"]) == ("3", "6")
    assert [report.counted(name) for name in ("households", "persons", "exited")] == [3, 6, 1]


def test_paper_and_workbook_say_the_same(met: Hub, tmp_path: Path) -> None:
    report = met.reports.fill("month", DAY)
    words = _words(met.reports.paper(report).pdf)
    met.reports.write(report, tmp_path / "month.xlsx")
    sums, villages, notices, parts, notes = load_workbook(tmp_path / "month.xlsx").worksheets
    cells = {row[1]: row[3] for row in sums.iter_rows(min_row=3, values_only=True)}
    meanings = {row[0]: row[1] for row in notes.iter_rows(values_only=True)}
    for line in report.lines:
        assert cells[line.title] == line.word
        assert f"{line.title}{line.figure.unit}{line.word}{line.figure.meaning}" in words
        assert meanings[line.title] == line.figure.meaning
    assert cells["本期到账资金"] == "123.45"
    assert [row[1] for row in villages.iter_rows(min_row=3, values_only=True)] == ["东村", "西村"]
    assert "公示1号" in [row[3] for row in notices.iter_rows(min_row=3, values_only=True)]
    assert [row[0] for row in parts.iter_rows(min_row=3, values_only=True)] == ["东村", "西村", "合计"]
    for said in ("界集镇驻村工作月报（全乡镇汇总）", "已上报2个村，共邀请3个村", "还没有上报：李塘社区。", "公示1号",
                 "期满，没有填写结果"):  # fmt: skip
        assert said in words
    assert "".join(["合计", *(str(report.counted(name)) for name in COUNTED)]) in words


def test_the_page_shows_prints_and_saves_it(
    qtbot: QtBot, office: Program, met: Hub, tmp_path: Path, answers: Answers
) -> None:
    page = page_of(office, "report")
    settle(qtbot, office)
    assert [page.kind.itemData(n) for n in range(page.kind.count())] == list(met.reports.kinds())
    assert "驻村工作月报（全乡镇汇总）" in _words(page.view.pdf)
    page.kind.setCurrentIndex(page.kind.findData("year"))
    page._on_kind()
    settle(qtbot, office)
    assert "年度专题报告（全乡镇汇总）" in _words(page.view.pdf)
    assert "脱贫率、人均收入、住房改建完成率是比例或平均数" in _words(page.view.pdf)
    answers.path = tmp_path / "year.pdf"
    click(page, "Save as PDF")
    assert answers.path.read_bytes() == page.view.pdf
    answers.path = tmp_path / "year.xlsx"
    click(page, "Save as a table")
    settle(qtbot, office)
    assert len(load_workbook(answers.path).worksheets) == 5


def test_before_the_first_file_the_page_says_what_to_do(office: Program, hub: Hub) -> None:
    page = page_of(office, "report")
    assert page._body.currentIndex() == 1
    assert not page.kind.isEnabled()
    with pytest.raises(Refused, match="先接收"):
        hub.reports.fill("month", DAY)


def test_the_list_of_all_villages_is_printed_as_it_is_filtered_and_says_no_more_than_it_must(
    qtbot: QtBot, office: Program, met: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    desks[1].households.save(
        replace(family("9", "孙九", "000000197001010017"), phone="00000009999", state="1"), "visit"
    )
    meet(desks, met, tmp_path / "stick")
    page = page_of(office, "files")
    shown: list[bytes] = []

    def look(dialog: Any) -> bool:
        shown.append(dialog.findChild(PdfView).pdf)
        answers.path = tmp_path / "list.pdf"
        click(dialog, "Save as PDF")
        return False

    answers.dialog = look
    click(page, "Print the list")
    settle(qtbot, office)
    words = _words(shown[0])
    assert answers.path.read_bytes() == shown[0]
    rows = met.reports.households(met.review.household_ids())
    assert rows.pdf == shown[0]
    assert all(said in words for said in ("界集镇各村农户名单", "2个村5户10人", "孙九", "东村", "西村", "不排名次"))
    assert words.index("东村") < words.index("西村")
    assert not any(kept in words for kept in ("000000197001010017", "010017", "00000009999", "只列"))
    page._village.setCurrentIndex(page._village.findText("西村"))
    page._state.setCurrentIndex(page._state.findData("1"))
    click(page, "Print the list")
    settle(qtbot, office)
    words = _words(shown[1])
    assert f"只列：西村，{page._state.currentText()}。" in words
    assert "孙九" in words
    assert "东村" not in words


def test_a_list_of_nothing_is_not_offered(office: Program, hub: Hub) -> None:
    assert not page_of(office, "files")._print.isEnabled()
    assert "没有符合条件的户" in _words(hub.reports.households(()).pdf)
