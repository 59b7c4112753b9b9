"""What the scan reader finds on a paper that comes back signed: four corner codes and where they stand.

Four codes of 12 mm, each carrying the document id and its corner, let a later reader straighten the scan to a tenth of
a millimetre; the codes stand at least 10 mm from the edge, where printers still print.
"""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.documents.marks import Code
from villagedesk.documents.page import MM, Geometry

SIDE = 12 * MM
EDGE = 10 * MM
CORNERS = ("A", "B", "C", "D")
"""Upper left, upper right, lower left, lower right."""


def corner_codes(document_id: str, number: int, page: Geometry) -> Iterator[Code]:
    """The corner codes of page ``number`` of a paper: ``<document id>-<page><corner>``, in capitals."""
    for place, corner in enumerate(CORNERS):
        x = page.width - EDGE - SIDE if place % 2 else EDGE
        y = page.height - EDGE - SIDE if place > 1 else EDGE
        yield Code(x, y, SIDE, corner_text(document_id, number, corner))


def corner_text(document_id: str, number: int, corner: str) -> str:
    """What one corner code says; capitals and digits keep the code small."""
    return f"{document_id.upper()}-{number}{corner}"


def read_corner_text(text: str) -> tuple[str, int, str] | None:
    """(document id, page, corner) of a code's text, None when it is no corner code."""
    document_id, _, tail = text.rpartition("-")
    if not document_id or tail[-1:] not in CORNERS or not tail[:-1].isdigit():
        return None
    return document_id.lower(), int(tail[:-1]), tail[-1]
