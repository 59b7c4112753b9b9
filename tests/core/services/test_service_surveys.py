"""The scheme's own lists (四看): words per household and year, no score, on no paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.services.conftest import CHEAP, PASSPHRASE
from tests.factories import YEAR, make_household
from villagedesk.desk import create_desk
from villagedesk.documents.papers import load_papers
from villagedesk.drafts.survey import SurveyDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused


@pytest.fixture
def desk(tmp_path, clock):
    village = VillageDraft(code="441402101201", name="甲村", township="乙镇", county="丙县", profile="guangdong-2016")
    made, _ = create_desk(tmp_path / "gd", PASSPHRASE, village, author="队长", clock=clock, cost=CHEAP)
    with made:
        made.households.save(make_household(), "visit")
        yield made


@pytest.fixture
def seen(desk):
    answers = ("瓦房三间", "够吃", "夫妻两人能干活", "")
    return SurveyDraft(household_id=desk.households.all()[0].id, year=YEAR, checklist="four_looks",
                       seen_on=desk.site.today(), seen_by="周敏", answers=answers)  # fmt: skip


def test_what_was_seen_is_kept_by_household_and_year(desk, seen):
    assert [each.checklist for each in desk.surveys.of_household(seen.household_id, YEAR)] == list(desk.surveys.lists)
    assert desk.surveys.lists["four_looks"].items[:2] == ("看房", "看粮")
    desk.surveys.save(seen, "visit")
    (first, *others) = desk.surveys.of_household(seen.household_id, YEAR)
    assert first.answers == ("瓦房三间", "够吃", "夫妻两人能干活", "")
    assert all(not each.id for each in others)
    desk.surveys.save(replace(first, answers=("瓦房三间", "够吃", "夫妻两人能干活", "读初二")), "asked again")
    assert desk.surveys.of_household(seen.household_id, YEAR)[0].answers[3] == "读初二"
    assert not desk.surveys.of_household(seen.household_id, YEAR - 1)[0].id


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"checklist": "stars"}, "checklist"), ({"answers": ("",) * 5}, "checklist"), ({"seen_on": None}, "seen_on"),
        ({"seen_by": " "}, "seen_by"), ({"answers": (" ", "")}, "answers"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(desk, seen, over, field):
    with pytest.raises(Refused) as refusal:
        desk.surveys.save(replace(seen, **over), "visit")
    assert field in {problem.field for problem in refusal.value.problems}


def test_nobody_looks_tomorrow(desk, seen):
    with pytest.raises(Refused):
        desk.surveys.save(replace(seen, seen_on=seen.seen_on + timedelta(days=1)), "ahead")


def test_a_list_whose_content_is_known_nowhere_keeps_a_note(desk, seen):
    desk.surveys.save(replace(seen, checklist="five_first", answers=(), note="镇里口头说明"), "visit")
    with pytest.raises(Refused):
        desk.surveys.save(replace(seen, checklist="five_first"), "invented items")


def test_an_answer_is_no_number_and_stands_on_no_paper():
    kinds = {name: field.type for name, field in SurveyDraft.__dataclass_fields__.items()}
    assert kinds["answers"] == "tuple[str, ...]"
    assert not {"score", "points", "rank", "sum"} & set(kinds)
    assert not [paper for paper in load_papers().values() if "four_looks" in str(paper) or "survey" in str(paper.key)]
