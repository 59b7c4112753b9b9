"""A set of papers that was stopped goes on where it stopped; page ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from ui.papers.batch import Batch
from ui.printing import pages_in, ranges
from villagedesk.errors import Cancelled


@dataclass
class Papers:
    """Stands for the service; remembers what it was asked to print."""

    printed: list[str] = field(default_factory=list)

    def print(self, kind, subjects, reason, look):
        self.printed += subjects
        return [SimpleNamespace(rendered=SimpleNamespace(pdf=subject.encode())) for subject in subjects]

    def file_name(self, kind, subject, year):
        return f"{kind}-{subject}-{year}.pdf"


def test_a_stopped_set_goes_on_where_it_stopped(tmp_path: Path) -> None:
    papers, subjects = Papers(), [f"s{number}" for number in range(25)]
    batch = Batch(papers, "card", 2019, subjects, None, tmp_path)

    def stop(done: int, total: int) -> None:
        if done >= 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        batch.run(stop)
    assert (batch.done, len(list(tmp_path.iterdir()))) == (10, 10)
    told: list[tuple[int, int]] = []
    batch.run(lambda done, total: told.append((done, total)))
    assert told == [(10, 25), (20, 25), (25, 25)]
    assert papers.printed == subjects
    assert [file.read_bytes().decode() for file in sorted(tmp_path.iterdir())] == subjects


@pytest.mark.parametrize(
    ("text", "count", "wanted"),
    [("", 9, ""), ("2-5,9", 9, "2,3,4,5,9"), ("1-9", 9, ""), ("8-20", 9, "8,9"), ("30", 9, ""), ("3,", 9, "3")],
)
def test_page_ranges(text: str, count: int, wanted: str) -> None:
    assert ranges(text, count) == wanted
    assert list(pages_in("2-3,7")) == [2, 3, 7]
