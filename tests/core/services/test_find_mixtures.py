"""Names typed as syllables and initials mixed: what is read out of a word, and whom it finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_household, make_member
from villagedesk.store.pinyin import readings
from villagedesk.store.syllables import SYLLABLES, fits, mixtures

ZHANG_SAN_FENG = ("张", "三", "丰")


@pytest.mark.parametrize(
    ("typed", "way"),
    [("zhangsf", ("zhang", "s", "f")), ("zsfeng", ("z", "s", "feng")), ("zsanf", ("z", "san", "f")),
     ("zhsf", ("zh", "s", "f")), ("zsfe", ("z", "s", "fe")), ("zhangsfe", ("zhang", "s", "fe"))],
)  # fmt: skip
def test_a_mixed_word_is_read_as_it_was_meant(typed: str, way: tuple[str, ...]) -> None:
    assert way in mixtures(typed)
    assert fits(way, [readings(char) for char in ZHANG_SAN_FENG])


@pytest.mark.parametrize("typed", ["zsf", "wjg", "zhangs", "zhangsanf", "qqq", "x" * 30, ""])
def test_what_the_keys_hold_anyway_is_no_mixture_of_three(typed: str) -> None:
    assert ("zhang", "san", "f") not in mixtures(typed)
    assert all(any(len(piece) > 1 for piece in way) for way in mixtures(typed))


def test_a_whole_syllable_is_not_the_beginning_of_another() -> None:
    assert not fits(("zha", "s", "f"), [readings(char) for char in ZHANG_SAN_FENG])
    assert fits(("s", "feng"), [readings(char) for char in ZHANG_SAN_FENG])


@given(st.lists(st.tuples(st.sampled_from(sorted(SYLLABLES)), st.booleans()), min_size=1, max_size=3))
def test_every_mixture_fits_the_name_it_was_typed_for(name: list[tuple[str, bool]]) -> None:
    pieces = tuple(syllable if whole else syllable[0] for syllable, whole in name)
    assert fits(pieces, [(syllable,) for syllable, _ in name])
    for way in mixtures("".join(pieces)):
        assert "".join(way) == "".join(pieces)


def test_people_are_found_by_a_mixture_and_others_are_not(desk) -> None:
    names = ("张三丰", "赵四发", "张思凡", "欧阳小雨", "周三")
    for number, name in enumerate(names, 1):
        head = make_member(name=name, id_number="", phone="")
        desk.households.save(replace(make_household(no=f"80{number}"), phone="", members=(head,)), "entered")

    def found(typed: str) -> set[str]:
        return {hit.name for hit in desk.lists.find(typed)}

    assert found("zhangsf") == {"张三丰", "张思凡"}
    assert found("zsfeng") == {"张三丰"}
    assert found("zsan") == {"张三丰", "周三"}
    assert found("zsanf") == {"张三丰"}
    assert found("zhaosf") == {"赵四发"}
    assert found("ouyxy") == found("ouyangxy") == found("oyxiaoyu") == {"欧阳小雨"}
    assert found("zhangsfx") == set()
