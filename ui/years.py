"""Which year the desk is working on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from villagedesk.desk import Desk


def working_years(desk: Desk) -> Sequence[int]:
    """The years a page offers, the newest first: this one, the next, and those households plan to exit in."""
    this_year = int(desk.site.today().year)
    planned = {int(year) for year, _ in desk.lists.values_of("planned_exit_year") if year}
    return sorted({this_year, this_year + 1, *planned}, reverse=True)


def working_year(desk: Desk) -> int:
    """The newest year with exit cases, else this year when exits are planned for it, else the last planned one."""
    years = set(working_years(desk))
    with_cases = next((year for year in desk.exits.years() if year in years), None)
    if with_cases is not None:
        return with_cases
    planned = [int(year) for year, _ in desk.lists.values_of("planned_exit_year") if year]
    this_year = int(desk.site.today().year)
    return this_year if this_year in planned or not planned else max(planned)
