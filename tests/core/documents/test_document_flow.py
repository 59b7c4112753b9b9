"""Pieces on pages: what follows a list that runs over several pages keeps clear of the list's own page count."""

from __future__ import annotations

import pytest

from villagedesk.documents.flow import COUNT_LINE, paginate
from villagedesk.documents.marks import Piece, Words
from villagedesk.documents.page import geometry


def piece(height: float, span: str = "") -> Piece:
    return Piece(height, (Words(0.0, 0.0, "song", 9.0, span or "after"),), span=span, gap=0.0)


@pytest.mark.parametrize(("rows", "kept"), [(3, 0.0), (60, COUNT_LINE)])
def test_room_is_kept_for_the_count_of_a_long_list_only(rows: int, kept: float) -> None:
    page = geometry("A4", landscape=False, official=False, large=False)
    leaf = paginate([*(piece(20.0, "list") for _ in range(rows)), piece(20.0)], page)[-1]
    last, after = leaf.placed[-2], leaf.placed[-1]
    assert after.y - (last.y + 20.0) == pytest.approx(kept)
