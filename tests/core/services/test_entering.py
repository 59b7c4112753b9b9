"""What is read before the desk is open: the likely policy once, and no fault of it is told too early."""

from __future__ import annotations

import threading

from villagedesk.policy import profile
from villagedesk.services.entering import warm_up


def test_the_likely_policy_is_read_before_the_desk_is_open():
    warm_up("guangdong-2016")
    read = profile._cached.cache_info().misses
    assert profile.load_profile("guangdong-2016").id == "guangdong-2016"
    assert profile._cached.cache_info().misses == read


def test_a_policy_that_is_gone_is_for_the_opening_to_tell():
    warm_up("")
    warm_up("no-such-policy")


def test_two_that_ask_at_once_read_it_once(monkeypatch):
    reads, begin = [], threading.Barrier(2)
    load = profile._load
    monkeypatch.setattr(profile, "_load", lambda *given: reads.append(given) or load(*given))
    profile._cached.cache_clear()

    def ask() -> None:
        begin.wait()
        profile.load_profile("national-2018")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(reads) == 1
