"""Every paper that the domain asks for is there, or it is said why not (docs/paper-kinds.toml)."""

import tomllib
from pathlib import Path

import pytest

from villagedesk.documents.papers import load_papers
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.services.notice_kinds import NOTICES_OF
from villagedesk.services.paper_kinds import PAPER_MAKERS, SUBJECTS

ROOT = Path(__file__).resolve().parents[3]
ROWS = tomllib.loads((ROOT / "docs/paper-kinds.toml").read_text(encoding="utf-8"))["paper"]
NOT_FROM_THE_DESK = {"recovery_sheet", "group_list", "township_report", "township_list"}
"""Made at the founding of a desk; the appendix form of a list, printed by group as a look of the notices; of a hub."""
NOT_POSTED_BY_ITSELF = {"exit_result", "objection_result"}
"""Kinds of the policy that are papers about another record: the exit notice, a notice."""


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_what_the_domain_asks_for_is_a_paper_or_has_a_reason(row):
    assert row.keys() <= {"clause", "name", "papers", "left_out"}
    assert bool(row.get("papers")) != bool(row.get("left_out", "").strip())
    assert set(row.get("papers", ())) <= set(load_papers())


def test_every_shipped_paper_is_asked_for():
    asked = [key for row in ROWS for key in row.get("papers", ())]
    assert len(asked) == len(set(asked))
    assert set(asked) == set(load_papers())


def test_every_notice_and_announcement_of_the_domain_is_in_the_table():
    """The kinds of §6.1, as the policy packs name them."""
    wanted = {row["name"] for row in ROWS if row["clause"] == "6.1"}
    assert len(wanted) == 16
    packs = [load_profile(row.id) for row in profiles()]
    kinds = {kind for pack in packs for kind in pack.notices}
    assert kinds - NOT_POSTED_BY_ITSELF == set(NOTICES_OF)


def test_every_paper_can_be_made():
    assert set(SUBJECTS) == set(PAPER_MAKERS) == set(load_papers()) - NOT_FROM_THE_DESK
