"""Lines of Chinese text: marks where they may stand, numbers whole, lines full."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.documents.fonts import width
from villagedesk.documents.lines import Measure, break_cell, break_text, break_title
from villagedesk.documents.page import geometry

CLOSING = set("，。、；：？！）》〉」』】〕”’…—·%")
OPENING = set("（《〈「『【〔“‘")
PAGE = geometry()
ROOM = Measure(PAGE.measure, PAGE.body, PAGE.advance - PAGE.body, 2 * PAGE.advance)
PROSE = st.text(
    st.sampled_from("村民小组公示户主姓名的在了，。、；：？！（）《》“”〔〕…—·0123456789年月日人户ab%"), max_size=300
)
# Runs of marks nobody writes ("（（（" over a whole line) leave no place to break.
SANE = PROSE.filter(lambda text: not any(set(text[n : n + 4]) <= CLOSING | OPENING for n in range(len(text) - 3)))


@given(SANE, st.integers(8, 28))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text, characters):
    room = ROOM._replace(width=characters * PAGE.advance, indent=0.0)
    lines = [line.text for line in break_text(text, "fang", room)]
    assert all(line[0] not in CLOSING for line in lines[1:] if line)
    assert all(line[-1] not in OPENING for line in lines[:-1] if line)


@given(SANE, st.integers(8, 28))
def test_breaking_loses_no_character(text, characters):
    lines = break_text(text, "fang", ROOM._replace(width=characters * PAGE.advance))
    assert "".join(line.text for line in lines) == text


@given(SANE)
def test_no_ink_passes_the_right_edge_and_full_lines_reach_it(text):
    lines = break_text(text, "fang", ROOM)
    for number, line in enumerate(lines):
        limit = ROOM.width - (ROOM.indent if number == 0 else 0.0)
        assert line.width <= limit + PAGE.body / 2 + 0.1, line
        if number < len(lines) - 1:
            assert line.width >= limit - 0.1, line


@pytest.mark.parametrize("characters", range(7, 20))
def test_a_date_is_never_torn_inside_a_number(characters):
    text = "公示期自2019年11月21日起至2019年11月27日止，共计7天"
    lines = [line.text for line in break_text(text, "fang", Measure(characters * 16.0, 16.0))]
    for before, after in pairwise(lines):
        assert not (before[-1].isdigit() and after[0].isdigit())
        assert not (before[-1].isdigit() and after[0] in "年月日天")


def test_twenty_eight_characters_fill_a_line():
    lines = break_text("村" * 27 * 3, "fang", ROOM._replace(indent=0.0))
    assert [len(line.text) for line in lines] == [28, 28, 25]


def test_a_title_breaks_where_its_writer_wants_and_only_when_it_must():
    short, long = "关于沙洲村\n名单的公示", "关于柳树湾镇沙洲村2019年度\n拟脱贫低收入农户名单的公示"
    assert [line.text for line in break_title(short, "title", PAGE.measure, 22)] == ["关于沙洲村名单的公示"]
    assert [line.text for line in break_title(long, "title", PAGE.measure, 22)] == long.split("\n")


def test_an_overlong_title_part_breaks_into_a_longer_and_a_shorter_line():
    lines = break_title("关于柳树湾镇沙洲村低收入农户脱贫认定工作有关情况的说明和公示", "title", PAGE.measure, 22)
    assert len(lines) == 2
    assert all(line.width <= PAGE.measure for line in lines)
    assert lines[0].width > lines[1].width


def test_a_number_wider_than_its_cell_is_cut_rather_than_drawn_over_the_next():
    lines = break_text("0" * 60, "song", Measure(100.0, 10.5))
    assert all(width(line.text, "song") * 10.5 <= 100.0 for line in lines)


@pytest.mark.parametrize("mark", sorted(CLOSING))
@pytest.mark.parametrize("before", range(18, 24))
def test_each_closing_mark_keeps_to_the_character_before_it(mark, before):
    for line in break_text("村" * before + mark + "民" * 30, "fang", Measure(20 * 16.0, 16.0))[1:]:
        assert not line.text.startswith(mark)


@pytest.mark.parametrize("mark", sorted(OPENING))
@pytest.mark.parametrize("before", range(16, 22))
def test_each_opening_mark_keeps_to_the_character_after_it(mark, before):
    for line in break_text("村" * before + mark + "民" * 30, "fang", Measure(20 * 16.0, 16.0)):
        assert not line.text.endswith(mark)


def test_a_name_of_several_parts_breaks_between_them():
    lines = break_cell("阿卜杜拉·买买提", "song", Measure(70.0, 12.0))
    assert [line.text for line in lines] == ["阿卜杜拉·", "买买提"]
