"""The signers' places of a scanned sheet: cut out, and judged by their ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from villagedesk.drafts.notice import PaperDraft
from villagedesk.services.frozen import Place, places_of

if TYPE_CHECKING:  # the libraries that read pictures take a quarter of a second: loaded when the first page comes in
    from PIL import Image

    from villagedesk.services.scan_pages import Box, FoundPage, Ink


@dataclass(frozen=True)
class ScannedCell:
    """A signer's place on a scanned sheet. ``image`` (PNG) shows signature, handprint and date side by side."""

    role: str
    item: str
    ink: Ink
    mark: str  # signature or handprint, by where the ink is
    dated: bool
    image: bytes


def scan_cells(paper: PaperDraft, found: FoundPage, image: Image.Image) -> Iterator[ScannedCell]:
    """The signers' places of a page, none when it could not be straightened."""
    from villagedesk.services import scan_pages

    rows: dict[tuple[str, str], dict[str, Place]] = {}
    for place in places_of(paper.sheet):
        if place.page == found.page and found.to_pixels is not None:
            rows.setdefault((place.role, place.item), {})[place.kind] = place
    for (role, item), places in rows.items():
        inked = {kind: scan_pages.ink(scan_pages.cut(image, found, _box(place))) for kind, place in places.items()}
        marks = [inked.get("sign", "empty"), inked.get("hand", "empty")]
        said: Ink = "signed" if "signed" in marks else "empty" if set(marks) == {"empty"} else "unsure"
        mark = "handprint" if marks[1] == "signed" and marks[0] == "empty" else "signature"
        picture = scan_pages.png(scan_pages.cut(image, found, _around(list(places.values()))))
        yield ScannedCell(role, item, said if found.exact else "unsure", mark, inked.get("date") == "signed", picture)


def _box(place: Place) -> Box:
    return place.x, place.y, place.width, place.height


def _around(places: Sequence[Place]) -> Box:
    left, top = min(place.x for place in places), min(place.y for place in places)
    right = max(place.x + place.width for place in places)
    bottom = max(place.y + place.height for place in places)
    return left, top, right - left, bottom - top
