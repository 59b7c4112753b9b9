"""What the search box leads to beside people: a page, something to do, a page of the manual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ui.fields.initials import initials
from ui.finder import Found
from ui.help import manual
from ui.pagemenu import PageMenu
from villagedesk.text import language, tr

if TYPE_CHECKING:
    from ui.frame import DeskFrame
    from ui.window import Window

_FEWEST = 2  # signs of the alphabet; one would find half of everything
_MOST = 3  # of each kind
_MANUAL = 2

Named = tuple[str, Callable[[], Found]]


def targets(window: Window, frame: DeskFrame, typed: str) -> Sequence[Found]:
    """Pages, acts of the menus and pages of the manual that are called so, by words or by pinyin initials."""
    wanted = typed.casefold()
    if not wanted or wanted.isdecimal() or (wanted.isascii() and len(wanted) < _FEWEST):
        return ()
    return (*_best(_pages(frame), wanted), *_best(_acts(window), wanted), *_manual(window, wanted))


def _best(named: Iterable[Named], wanted: str) -> Iterator[Found]:
    """Those called so, first those whose name begins so; each name once."""
    ranked = [(_rank(name, wanted), make) for name, make in dict(named).items()]
    fitting = sorted((each for each in ranked if each[0]), key=lambda each: each[0])
    return (make() for _place, make in fitting[:_MOST])


def _rank(name: str, wanted: str) -> int:
    """1 when it begins so, 2 when its initials do, 3 when it holds it, 0 when it is something else."""
    bare = name.casefold()
    letters = initials(name) if wanted.isascii() and not name.isascii() else ""
    return next((rank for rank, met in enumerate((bare.startswith(wanted), letters.startswith(wanted) and bool(letters),
                                                  wanted in bare), 1) if met), 0)  # fmt: skip


def _pages(frame: DeskFrame) -> Iterator[Named]:
    for kind in frame.pages.pages:
        if not kind.under:
            said = tr("Page: {title}", title=kind.title)
            yield str(kind.title), partial(Found, "", "", said, sign=kind.sign, lead=partial(frame.go, kind.key))


def _acts(window: Window) -> Iterator[Named]:
    for action in chain.from_iterable(_of_menu(top.menu()) for top in window.menuBar().actions()):
        name = action.text().strip().rstrip("…")
        said = tr("To do: {what}", what=name)
        yield name, partial(Found, "", "", said, sign="forward", lead=action.trigger)


def _of_menu(menu: object) -> Iterator[QAction]:
    """What a menu offers now; its pages are offered as such, those opened lately by the empty box."""
    if isinstance(menu, PageMenu):
        menu.fill()
    for action in menu.actions() if isinstance(menu, QMenu) else ():
        if action.text() and not action.text().startswith(" ") and action.isEnabled() and action.menu() is None:
            yield action


def _manual(window: Window, wanted: str) -> Iterator[Found]:
    for hit in manual.find(language(), wanted)[:_MANUAL]:
        said = tr("Manual: {title}", title=hit.title)
        yield Found("", "", said, sign="help", lead=partial(window.show_manual, hit.key))
