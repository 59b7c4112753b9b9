"""The paper of the signing day: who still has to sign what, and where to find the person (DOMAIN §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.team import VillageDraft
from villagedesk.services.sheets import common
from villagedesk.services.signing_day import SigningRow
from villagedesk.services.site import Site


def signing_list(site: Site, village: VillageDraft, year: int, rows: Sequence[SigningRow]) -> Sheet:
    """Who still has to sign what and where to find the person: one line a signer of a sheet, group by group."""
    lines = [line for row in rows for line in _to_sign(village, row)]
    values = {
        "village": village.name,
        "year": str(year),
        "signers": str(len(lines)),
        "cells": str(sum(int(line["cells"]) for line in lines)),
        "made_on": common.chinese_date(site.today()),
    }
    numbered = [{"no": str(place), **line} for place, line in enumerate(lines, 1)]
    tables = {"households": common.table("signing_list", "households", numbered)}
    return Sheet("signing_list", values, tables, common.stamp(site, str(year)))


def _to_sign(village: VillageDraft, row: SigningRow) -> Iterator[dict[str, str]]:
    home = row.household
    places = {"household": home.address or home.group, "group": home.group, "township": village.township}
    for role in row.scheme.preset.roles.values():
        missing = [cell.item.text for cell in row.missing if cell.role.key == role.key]
        if missing:
            yield {
                "group": home.group,
                "head": home.head.name if home.head else home.no,
                "role": role.title,
                "who": row.signers.get(role.key, ""),
                "where": places.get(role.level) or village.name,
                "items": "各项" if len(missing) == len(row.scheme.preset.items) > 1 else "；".join(missing),
                "cells": str(len(missing)),
            }
