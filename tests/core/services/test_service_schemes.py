"""The township's own way of signing: edited, fixed, kept on every case that was signed by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import TODAY
from villagedesk.drafts.exit import SignatureDraft
from villagedesk.drafts.scheme import ConfirmationDraft, SignerDraft
from villagedesk.errors import Refused
from villagedesk.policy.own_scheme import read_scheme, write_scheme


def own(desk, **changes):
    """Preset A with a sixth signer and a sixth item."""
    draft = desk.schemes.draft("A")
    signers = (*draft.signers, SignerDraft(title="村务监督委员会主任", marks=("signature",)))
    items = (*draft.items, ConfirmationDraft(text="公开监督情况"))
    return replace(draft, title="六签字六确认", signers=signers, items=items, **changes)


def fixed(desk, reopen, draft):
    desk.schemes.fix(draft, TODAY, "柳政发〔2019〕12号")
    return reopen(desk)


def test_a_scheme_of_ones_own_holds_from_the_next_opening(desk, reopen):
    assert not desk.exits.scheme.confirmed
    with fixed(desk, reopen, own(desk)) as again:
        scheme = again.exits.scheme
        assert scheme.confirmed
        assert (scheme.preset.key, scheme.preset.title, len(scheme.cells)) == ("own1", "六签字六确认", 6)
        assert scheme.id == "jiangsu-2018/1/own1"
        assert again.village.scheme_confirmed_on == TODAY


def test_the_sheet_prints_what_the_township_fixed(desk, reopen):
    with fixed(desk, reopen, own(desk)) as again:
        case = again.exits.propose(2019, [again.households.all()[0].id], "list").records["exit"][0]
        again.papers.print("signoff_sheet", [case], "print")
        sheet = again.papers.sheet("signoff_sheet", case)
        assert sheet.tables["signers"][-1] == ("村务监督委员会主任", "公开监督情况\n（签字）")
        assert sheet.fields["items_note"] == ""


def test_a_case_keeps_the_scheme_it_was_signed_by(desk, reopen):
    case = desk.exits.propose(2019, [desk.households.all()[0].id], "list").records["exit"][0]
    mark = SignatureDraft(role="household", item="members", person="王建国", signed_on=TODAY)
    desk.exits.sign(case, [mark], "signing day")
    with fixed(desk, reopen, own(desk)) as again:
        assert again.exits.scheme_of(again.exits.get(case)).preset.key == "A"
        fresh = again.exits.propose(2019, [again.households.all()[1].id], "list").records["exit"][0]
        assert again.exits.scheme_of(again.exits.get(fresh)).preset.key == "own1"
        with fixed(again, reopen, replace(own(again), title="另一种")) as third:
            assert third.exits.scheme.preset.title == "另一种"
            assert third.exits.scheme.preset.key == "own2"
            assert set(third.schemes.presets) >= {"A", "B", "C", "own1", "own2"}


def test_order_rules_and_scans_are_the_townships_too(desk, reopen):
    draft = own(desk, order=("along_the_chain", "within_term"), scan_required=True)
    with fixed(desk, reopen, draft) as again:
        rules = again.profile.signoff
        assert {key for key, setting in rules.order.items() if setting.on} == {
            "along_the_chain", "within_term", "helper_leads_team", "steps_in_order",
        }  # fmt: skip
        assert rules.scan_required


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"items": ()}, "signers"),
        ({"mode": "diagonal", "items": (ConfirmationDraft(text="全部"),)}, "items"),
        ({"signers": (SignerDraft(title="村书记"),), "mode": "full"}, "signers"),
        ({"signers": (SignerDraft(title="户主", level="household", marks=()),), "mode": "full"}, "signers"),
        ({"signers": (SignerDraft(title="户主", level="household", substitute=True),), "mode": "full"}, "signers"),
        ({"signers": (SignerDraft(title="甲", level="household"), SignerDraft(title="甲")), "mode": "full"}, "signers"),
    ],
)
def test_what_cannot_be_signed_is_refused_by_name(desk, changes, field):
    draft = replace(own(desk), **changes)
    assert field in {problem.field for problem in desk.schemes.check(draft)}
    with pytest.raises(Refused):
        desk.schemes.fix(draft, TODAY, "12号")
    assert desk.village.own_schemes == ()


def test_a_day_ahead_and_an_unknown_preset_are_refused(desk):
    with pytest.raises(Refused):
        desk.schemes.choose("Z", TODAY, "12号")
    with pytest.raises(Refused):
        desk.schemes.choose("B", TODAY + timedelta(days=1), "12号")
    desk.schemes.choose("B", TODAY, "12号")
    assert (desk.village.scheme, desk.village.scheme_confirmed_on) == ("B", TODAY)


def test_a_scheme_comes_back_from_its_text(desk):
    again = read_scheme(write_scheme(own(desk)))
    assert [signer.key for signer in again.signers][-1] == "role1"
    assert [item.key for item in again.items][-1] == "item1"
    assert read_scheme(write_scheme(again)) == again
