"""Papers of monitoring: application, case sheet, both announcements, refusal, ledger."""

from __future__ import annotations

from datetime import timedelta

from tests.core.services.conftest import drafted, words
from tests.core.services.test_service_monitoring import FOUND, clock, clue, desk, home, recognised

__all__ = ["clock", "desk", "home"]  # the village that watches


def test_monitoring_from_application_to_both_announcements(desk, clock, home):
    case = recognised(desk, clock, home)
    for kind in ("monitoring_application", "monitoring_record"):
        assert home.head.name in words(desk.papers.preview(kind, [case]))
    record = words(desk.papers.preview("monitoring_record", [case]))
    assert "干部走访排查" in record
    assert "应到30人，实到24人，同意24票" in record
    today = desk.site.today()
    told = words(desk.papers.preview("monitoring_in_announcement", [drafted(desk, "monitoring_in_result", today)]))
    assert desk.profile.codes.word("monitoring_class", "2") in told
    assert f"{FOUND.year}年{FOUND.month}月{FOUND.day}日至" in told
    assert "摔伤" not in told
    assert desk.posting.waiting("monitoring_in_result", today.year) == ()
    assert desk.posting.waiting("monitoring_out_result", today.year) == ()
    desk.monitoring.take(case, "end_naturally", today, "全户迁出")
    out = words(desk.papers.preview("monitoring_out_announcement", [drafted(desk, "monitoring_out_result", today)]))
    assert "自然消除" in out
    listed = words(desk.papers.preview("monitoring_list", [str(today.year)]))
    assert home.head.name in listed
    assert "正在监测0户" in listed


def test_who_is_not_taken_under_watch_is_told_why(desk, clock, home):
    case = desk.monitoring.open(clue(home), "told").records["monitoring"][0]
    desk.monitoring.take(case, "visit", FOUND, "by the book")
    assert desk.papers.subjects("monitoring_refusal", FOUND.year) == ()
    desk.monitoring.take(case, "decline", FOUND, "有稳定工资收入，没有返贫风险")
    text = words(desk.papers.preview("monitoring_refusal", [case]))
    assert "有稳定工资收入，没有返贫风险" in text
    assert "随时可以再申请" in text


def test_the_ledger_says_what_is_due_next_and_what_is_late(desk, clock, home):
    desk.monitoring.open(clue(home), "told")
    clock.to(FOUND + timedelta(days=20))
    text = words(desk.papers.preview("monitoring_list", [str(FOUND.year)]))
    assert "超过时限1户" in text
    assert "（已超期）" in text
