"""The villages whose files a hub of these tests receives."""

from __future__ import annotations

from datetime import UTC, date, datetime

from villagedesk import divisions
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.store.wraps import Cost

CHEAP = Cost(8, 1, 1)
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
VILLAGES = [found.code for found in divisions.children("321324111")[:3]]
PASSPHRASE = "p"


def family(no: str, name: str = "王大", id_number: str = "") -> HouseholdDraft:
    head = MemberDraft(name=name, relation="01", sex="1", id_number=id_number, birth=date(1970, 1, 1))
    return HouseholdDraft(no=no, group="一组", state="2", kind="1", members=(head,))
