"""What stands outside the type area: page marks, list page counts, the small print, codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone

from villagedesk.documents import scan
from villagedesk.documents.dates import day
from villagedesk.documents.fonts import width
from villagedesk.documents.marks import Code, Mark, Page, Placed, Turned, Words
from villagedesk.documents.page import MM, SIZE_4, SIZE_5, SIZE_FOOT, Geometry
from villagedesk.documents.paper import Paper
from villagedesk.documents.sheet import Stamp, check_letters

CHINA = timezone(timedelta(hours=8))
CODE_SIDE = 9 * MM


def furnish(pages: Sequence[Page], page: Geometry, paper: Paper, stamp: Stamp, digest: str, remark: str = "") -> None:
    """Add page marks, counts, small print (with a ``remark``) and codes to the pages of one sheet."""
    for number, leaf in enumerate(pages, 1):
        marks: list[Mark] = [_page_mark(number, page), *_small_print(paper, stamp, (digest, remark), page)]
        if paper.footer == "code":
            marks.append(_code(stamp, page))
        elif paper.footer == "corners":
            marks += scan.corner_codes(stamp.document_id, number, page)
        leaf.placed.append(Placed(0.0, 0.0, tuple(marks)))
    for span in dict.fromkeys(span for leaf in pages for span in leaf.spans):
        _count(span, pages, page)


def _page_mark(number: int, page: Geometry) -> Words | Turned:
    """— 1 — in 四号, 7 mm under the type area, odd right, even left, one character in (GB/T 9704 §7.5).

    On a landscape page the mark keeps its place on the leaf as it lies in the file, and so stands at the left, turned.
    """
    text, size = f"— {number} —", SIZE_4 if page.official else SIZE_5
    extent = width(text, "song") * size
    if page.official and page.width > page.height:
        start = page.height - page.bottom - size - extent if number % 2 else page.top + size
        return Turned(page.left - 7 * MM - size * 0.76, start, "song", size, text)
    below = 7 * MM if page.official else 4 * MM
    y = page.height - page.bottom + below + size * 0.76
    if not page.official:
        return Words((page.width - extent) / 2, y, "song", size, text)
    x = page.width - page.right - size - extent if number % 2 else page.left + size
    return Words(x, y, "song", size, text)


def _small_print(paper: Paper, stamp: Stamp, told: tuple[str, str], page: Geometry) -> Iterator[Words]:
    """Number, data date, time and digest: which data this sheet shows, and nothing about anybody."""
    if paper.footer == "none":
        return
    digest, remark = told
    made = stamp.made_at.astimezone(CHINA)
    parts = [f"编号 {stamp.notice_no}"] if stamp.notice_no else []
    parts += [
        f"数据截至{day(stamp.data_date)}",
        f"制表{day(made)}{made:%H:%M}",
        f"校验 {check_letters(digest)}",
        *([remark] if remark else []),
    ]
    text = "　".join(parts)
    extent = width(text, "song") * SIZE_FOOT
    yield Words((page.width - extent) / 2, page.height - 11 * MM, "song", SIZE_FOOT, text)


def _code(stamp: Stamp, page: Geometry) -> Code:
    return Code(
        page.width - 10 * MM - CODE_SIDE, page.height - 10 * MM - CODE_SIDE, CODE_SIDE, stamp.document_id.upper()
    )


def _count(span: str, pages: Sequence[Page], page: Geometry) -> None:
    """Under a list that runs over several pages: which of its pages this is (DOMAIN §6.4)."""
    holding = [leaf for leaf in pages if span in leaf.spans]
    if len(holding) < 2:
        return
    for number, leaf in enumerate(holding, 1):
        text, size = f"第 {number} 页 共 {len(holding)} 页", 9.0
        x = page.width - page.right - width(text, "song") * size
        leaf.placed.append(Placed(0.0, 0.0, (Words(x, leaf.spans[span] + 12, "song", size, text),)))
