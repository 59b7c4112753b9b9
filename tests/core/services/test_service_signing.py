"""The paper of the signing day: who still has to sign what, and where to find the person."""

from __future__ import annotations

from tests.factories import YEAR


def words(rendered):
    return ["".join(text.split()) for text in rendered.texts]


def test_the_list_to_take_along_names_group_signer_and_place_and_shrinks_with_each_mark(desk, story):
    cases = story.cases()
    story.verify(cases)
    story.evaluate(cases)
    story.agree(cases)
    (text,) = words(desk.papers.preview("signing_list", [str(YEAR)]))
    roles = desk.exits.scheme.preset.roles
    assert "五签字五确认待签字清单" in text
    assert all(role.title in text for role in roles.values())
    assert all(name in text for name in ("王建国", "赵大山", "钱长河", "一组1号"))
    assert f"合计{3 * len(roles)}人次" in text
    marks = story.marks()
    desk.exits.sign(cases[0], marks, "signing day")
    (text,) = words(desk.papers.preview("signing_list", [str(YEAR)]))
    assert "王建国" not in text
    assert f"合计{2 * len(roles)}人次" in text
    desk.exits.sign(cases[1], marks[:2], "signing day")
    (text,) = words(desk.papers.preview("signing_list", [str(YEAR)]))
    assert f"合计{2 * len(roles) - 2}人次" in text


def test_a_list_by_group_is_one_sheet_a_group_and_nobody_left_is_said(desk, story):
    assert "没有待签字的表" in words(desk.papers.preview("signing_list", [str(YEAR)]))[0]
    story.cases()
    pages = words(desk.papers.preview("signing_list", [str(YEAR)], look=desk.papers.look(by_group=True)))
    assert len(pages) == 3
    assert ["王建国" in page for page in pages] == [True, False, False]
