"""The extract that a person may ask for: everything kept on him or her."""

from __future__ import annotations

from collections.abc import Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.services.persons import Held
from villagedesk.services.sheets import common
from villagedesk.services.site import Site


def personal_extract(site: Site, village: str, record: str, name: str, kept: Sequence[Held]) -> Sheet:
    """个人信息查阅单. ``record``: id of the person."""
    values = {"village": village, "name": name, "count": str(len(kept)),
              "hotline": f"{site.profile.hotline.label}{site.profile.hotline.number}"}  # fmt: skip
    rows = [{"part": each.part, "label": each.label, "value": each.value} for each in kept]
    tables = {"held": common.table("personal_extract", "held", rows)}
    return Sheet("personal_extract", values, tables, common.stamp(site, record))
