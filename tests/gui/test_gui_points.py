"""The points a pack leaves open are told in words, for every pack and in both languages."""

from __future__ import annotations

import re

import pytest

from ui.settings import points
from villagedesk import text
from villagedesk.policy.profile import load_profile, profiles


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("pack", [row.id for row in profiles()])
def test_no_point_is_told_by_its_place_in_the_pack(pack: str, language: str) -> None:
    text.use(language)
    profile = load_profile(pack)
    for point in profile.unconfirmed:
        assert "." not in points.title(point, profile).replace("...", ""), point.path
        said = points.value(point, profile)
        assert said
        assert not re.search(r"mappingproxy|\(key=|True|False|disposable", said), point.path
    text.use(text.DEFAULT_LANGUAGE)


def test_money_is_told_in_yuan() -> None:
    profile = load_profile("national-2018")
    line = next(point for point in profile.unconfirmed if point.path.startswith("income.lines."))
    assert points.value(line, profile) in {"2800", "2952", "2995", "2,800", "2,952", "2,995", "2800.00"}
