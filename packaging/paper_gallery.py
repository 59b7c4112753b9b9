"""``python packaging/paper_gallery.py [--desk DIR]``: a picture of the first page of every kind of paper, for the docs.

Writes ``docs/pictures/papers/*.png`` and ``docs/paper-gallery.md``. The papers are those of the demonstration village,
of invented people; a kind that no record of the village fits is shown empty, or with its own field names in it.
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
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import render
from villagedesk.documents.sheet import RenderedPaper, Sheet
from villagedesk.errors import Refused
from villagedesk.services.sheets import common

if TYPE_CHECKING:
    from villagedesk.desk import Desk

PICTURES = ROOT / "docs" / "pictures" / "papers"
PAGE = ROOT / "docs" / "paper-gallery.md"
SCALE, COLOURS = 0.8, 8
AUDIENCES = {"public": "For the board", "household": "For the household", "office": "For the file"}


def rendered(desk: Desk, kind: str) -> tuple[RenderedPaper, str]:
    """The first paper of a kind that the village can make, and a word on what it shows."""
    papers = desk.papers
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
    return render(_labelled(desk, paper), common.terms(desk.profile)), "with its field names"


def _labelled(desk: Desk, paper: Paper) -> Sheet:
    tables = {name: tuple(tuple(str(n) if column.key == "share" else f"{column.heading}{n}" for column in columns)
                          for n in (1, 2)) for name, columns in paper.tables.items()}  # fmt: skip
    return Sheet(paper.key, dict(paper.fields), tables, common.stamp(desk.site, "0" * 32, "0000"))


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
