"""A village's yearly set of plans and cards for 300 households against typst, in one run (issue: plans; DESIGN §8).

    python -m tests.bench.bench_plans [--rounds N] [--dry]

Processor time of this process and its children. The rate to be held is that of DESIGN §8: about 1,440 pages in 7 s as
volumes and in 12 s as files of their own. Rounds go in turn; names differ between households and rounds.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pikepdf

from tests.bench import bench_papers as papers
from tests.bench.run import machine
from tests.core.documents import conftest as samples
from villagedesk.documents.sheet import Sheet, Stamp

HOUSEHOLDS = 300
PAGES_A_SECOND = {"as volumes": 1440 / 7, "as files": 1440 / 12}
MARK = "## Plans and cards of a year"


def set_of(number: int, source: random.Random) -> list[Sheet]:
    """The plan and the card of one household, in names of its own."""
    stamp = Stamp(f"{number:032x}", f"{number:011d}", date(2019, 11, 20), datetime(2019, 11, 21, tzinfo=UTC))
    plan, card = samples.plan_sheet(source.randint(1, 5)), samples.card()
    head = papers.person(source)
    members = tuple((papers.person(source), *row[1:]) for row in plan.tables["members"])
    named = {**plan.tables, "members": members}
    return [
        replace(plan, fields={**plan.fields, "head": head}, tables=named, stamp=stamp),
        replace(card, fields={**card.fields, "head": head}, stamp=stamp),
    ]


def pages(sets: Sequence[Sequence[Sheet]]) -> int:
    """How many pages these sets have."""
    with pikepdf.open(io.BytesIO(papers.render([s for each in sets for s in each], papers.TERMS).pdf)) as made:
        return len(made.pages)


def rounds(count: int, makers: dict[str, Callable[[Sequence[Sheet]], object]]) -> Iterator[tuple[str, str, float]]:
    """(program, how, processor seconds): the median of rounds in turn."""
    taken: dict[tuple[str, str], list[float]] = {}
    for number in range(count):
        source = random.Random(number)
        sets = [set_of(household, source) for household in range(HOUSEHOLDS)]
        for name, make in makers.items():
            ways = {
                "as volumes": [[each[place] for each in sets] for place in range(2)],
                "as files": [[sheet] for each in sets for sheet in each],
            }
            for how, documents in ways.items():
                taken.setdefault((name, how), []).append(papers.spent(partial(_make_all, make, documents))[1])
    for (name, how), seconds in taken.items():
        yield name, how, statistics.median(seconds)


def _make_all(make: Callable[[Sequence[Sheet]], object], documents: Sequence[Sequence[Sheet]]) -> None:
    for document in documents:
        make(document)


def section(rows: Sequence[tuple[str, str, float]], made: int) -> str:
    """The section of docs/benchmarks.md."""
    whole, single = (made / PAGES_A_SECOND[how] for how in ("as volumes", "as files"))
    lines = [
        MARK, "",
        f"`python -m tests.bench.bench_plans`: {HOUSEHOLDS} plans and {HOUSEHOLDS} cards, {made} pages, as two volumes",
        f"and as {2 * HOUSEHOLDS} files; processor seconds, medians, while other work ran on the same cores. The rate",
        f"of DESIGN §8 (1,440 pages in 7 s and 12 s) allows {whole:.1f} s and {single:.1f} s.",
        f"{machine()}, {datetime.now(UTC):%Y-%m-%d}.", "",
        "| program | how | processor | pages a second |", "|---|---|---|---|",
    ]  # fmt: skip
    lines += [f"| {name} | {how} | {seconds:.1f} s | {made / seconds:.0f} |" for name, how, seconds in rows]
    return "\n".join([*lines, ""])


def keep(said: str) -> None:
    """Put the section in place of the last one, after that of the papers."""
    text = papers.TABLE.read_text("utf-8")
    before, found, after = text.partition(MARK)
    rest = after.partition("\n## ")
    tail = f"\n## {rest[2]}" if rest[1] else ""
    papers.TABLE.write_text((before if found else text).rstrip("\n") + "\n\n" + said + tail, "utf-8")


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true")
    given = parser.parse_args()
    made = pages([set_of(n, random.Random(n)) for n in range(HOUSEHOLDS)])
    peers = {peer.name: peer.make for peer in papers.found_peers() if peer.name.startswith("typst")}
    makers = {"VillageDesk": papers.ours} | peers
    warm = set_of(0, random.Random(0))
    for make in makers.values():
        make(warm)
    said = section(list(rounds(given.rounds, makers)), made)
    print(said)
    if not given.dry:
        keep(said)


if __name__ == "__main__":
    main()
