"""``python packaging/paper_gallery.py [--desk DIR]``: a picture of the first page of every kind of paper, for the docs.

Writes ``docs/pictures/papers/*.png`` and ``docs/paper-gallery.md``. The papers are those of the demonstration village,
of invented people; a kind that no record of the village fits is shown empty, or with invented examples in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ui import doors
from ui.years import working_year, working_years
from villagedesk import pdfium, text
from villagedesk.desk import open_desk
from villagedesk.documents.blocks import Column
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import RenderedPaper, Sheet
from villagedesk.errors import Refused
from villagedesk.hub import open_hub
from villagedesk.services.sheets import common

if TYPE_CHECKING:
    from villagedesk.desk import Desk

PICTURES = ROOT / "docs" / "pictures" / "papers"
PAGE = ROOT / "docs" / "paper-gallery.md"
OF_THE_TOWNSHIP = ("township_report", "township_list")
SCALE, COLOURS = 0.8, 8
AUDIENCES = {"public": "For the board", "household": "For the household", "office": "For the file"}


def rendered(desk: Desk, kind: str) -> tuple[RenderedPaper, str]:
    """The first paper of a kind that the village can make, and a word on what it shows."""
    papers = desk.papers
    if kind in OF_THE_TOWNSHIP:
        return _of_the_township(desk.place.folder.parent / "hub", kind), ""
    if kind in {paper.key for paper in papers.kinds()}:
        for at in (working_year(desk), *working_years(desk)):
            for subject in papers.subjects(kind, at)[:3]:
                try:
                    return papers.preview(kind, [subject]), ""
                except Refused:
                    continue
    paper = load_papers()[kind]
    if paper.by_hand is not None:
        return papers.by_hand(kind), "empty copy"
    return render(_labelled(desk, paper), common.terms(desk.profile)), "with invented examples"


EXAMPLES = {
    "village": "盛圪村", "township": "青阳镇", "county": "泗洪县", "year": "2019", "start": "2019年11月4日",
    "end": "2019年11月10日", "days": "7", "objection_place": "村便民服务室", "objection_phone": "0000-0000101",
    "supervision_phone": "0000-0000202", "hotline_label": "扶贫监督举报电话", "hotline": "12317",
    "phone": "0000-0000101",
    "issuer": "盛圪村村民委员会", "date": "2019年11月4日", "households": "2", "persons": "7", "leave_out_note": "",
    "basis": "《关于做好年度认定工作的通知》（某办发〔2019〕12号）", "monitored": "监测对象",
    "approval_no": "某政发〔2019〕30号",
    "approved": "2019年11月20日，经乡镇初审、县级审定，", "earlier": "2019年11月4日至2019年11月10日",
    "notice_no": "2019-03",
    "group": "三组", "head": "王建国", "household_no": "201900031", "size": "4", "matter": "帮扶申请",
    "applied_on": "2019年10月8日", "decided_on": "2019年11月2日", "decided_at": "民主评议", "made_on": "2019年11月4日",
    "ground": "复核收入高于识别标准", "heard": "没有意见", "visited_on": "2019年10月12日", "held_on": "2019年10月15日",
    "notice_span": "2019年10月16日至2019年10月22日",
    "reason": "人均可支配收入高于当年标准，住房、饮水、上学、看病都有保障。", "met": "2", "count": "2",
    "approval_date": "2019年11月20日", "subsidy": "20000.00", "amount": "12000.00",
    "text": "公示的户里有一户人口数不对。",
    "found": "两人入户核对，户口簿上是四人。", "opinion": "人口数无误，已当面说明。", "outcome": "不成立",
    "received_on": "2019年11月5日", "title": "某公司", "no": "2019-01",
}  # fmt: skip
ROWS = {
    "no": ("1", "2"), "group": ("一组", "三组"), "head": ("赵大山", "王建国"), "size": ("3", "4"), "note": ("", ""),
    "class": ("脱贫不稳定户", "边缘易致贫户"), "way": ("风险消除", "自然消除"), "year": ("2019", "2019"),
    "grade": ("C级", "D级"), "subsidy": ("12000.00", "20000.00"), "completion": ("2019年已改造", "未完成"),
    "indicator": ("低收入人口比例低于2%", "集体经济年收入达到18万元"), "figure": ("1.2%", "212000.00元"),
    "source": ("村低收入农户名册", "村账"), "result": ("达到", "达到"), "on": ("2019-10-02", "2019-10-08"),
    "donor": ("某公司", "某单位"), "occasion": ("慰问", "助学"), "goods": ("大米50袋", "—"), "use": ("发到户", "助学"),
    "amount": ("", "12000.00"),
}  # fmt: skip
"""Invented values for kinds that no record of the demonstration village fits."""


def _of_the_township(folder: Path, kind: str) -> RenderedPaper:
    with open_hub(folder, doors.DEMO_PASSPHRASE) as hub:
        if kind == "township_list":
            return hub.reports.households(hub.review.household_ids())
        return hub.reports.paper(hub.reports.fill("month", hub.review.today()))


def _labelled(desk: Desk, paper: Paper) -> Sheet:
    fields = {name: EXAMPLES.get(name, label) for name, label in paper.fields.items()}
    tables = {name: tuple(tuple(_cell(column, n) for column in columns) for n in (0, 1))
              for name, columns in paper.tables.items()}  # fmt: skip
    empty = [name for name, value in fields.items() if not value and name not in paper.blank]
    return Sheet(paper.key, fields | dict.fromkeys(empty, "—"), tables, common.stamp(desk.site, "0" * 32, "2019-03"))


def _cell(column: Column, row: int) -> str:
    if column.key in ROWS:
        return ROWS[column.key][row]
    return str(row + 1) if column.key == "share" else f"{column.heading}{row + 1}"


def picture(pdf: bytes) -> bytes:
    """The first page in few greys: small enough for the repository, large enough to judge the layout."""
    with pdfium.Document(pdf) as document:
        image = document.picture(0, SCALE, lambda bitmap: bitmap.to_pil().convert("L"))
    stream = BytesIO()
    image.quantize(COLOURS).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def page(desk: Desk) -> Iterator[str]:
    """The lines of the docs page; writes the pictures on the way."""
    yield "# Every kind of paper\n"
    yield "Made by `python packaging/paper_gallery.py` from the demonstration village; first pages, small.\n"
    for audience, heading in AUDIENCES.items():
        yield f"## {heading}\n"
        for key, paper in load_papers().items():
            if paper.audience == audience:
                made, word = rendered(desk, key)
                (PICTURES / f"{key}.png").write_bytes(picture(made.pdf))
                said = f"{paper.title} (`{key}`, {made.pages} p.{f', {word}' if word else ''})"
                yield f"{said}\n\n![{paper.title}](pictures/papers/{key}.png)\n"


def main() -> None:
    """Open the demonstration desk, or make it, and photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=Path)
    given = parser.parse_args()
    text.use("zh_CN")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        desk = given.desk or doors.make_demo(Path(folder))(lambda _done, _total: None)
        with open_desk(desk, doors.DEMO_PASSPHRASE, author="gallery") as opened:
            PAGE.write_text("\n".join(page(opened)), encoding="utf-8")
    print(sum(file.stat().st_size for file in PICTURES.glob("*.png")) // 1024, "kB")


if __name__ == "__main__":
    main()
