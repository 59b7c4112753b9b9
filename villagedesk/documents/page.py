"""The page in points: sizes, margins, grid and type sizes of GB/T 9704-2012 and of the forms.

One millimetre is 72/25.4 pt. Papers for the board follow the national layout for official papers; forms that are filled
in and filed have narrower margins and smaller type.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MM = 72 / 25.4
SIZES = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}

SIZE_2 = 22.0  # 二号
SIZE_3 = 16.0  # 三号
SIZE_4 = 14.0  # 四号
SIZE_SMALL_4 = 12.0  # 小四
SIZE_5 = 10.5  # 五号
SIZE_FOOT = 6.0

OFFICIAL_LINES = 22
OFFICIAL_CHARACTERS = 28


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page and its type, in points; ``pitch`` is the distance of base lines, ``advance`` that of characters."""

    width: float
    height: float
    top: float
    left: float
    right: float
    bottom: float
    body: float
    pitch: float
    advance: float
    title: float
    cell: float
    cell_pitch: float
    official: bool

    @property
    def measure(self) -> float:
        """The width of the type area."""
        return self.width - self.left - self.right

    @property
    def depth(self) -> float:
        """The height of the type area."""
        return self.height - self.top - self.bottom


def geometry(size: str = "A4", *, landscape: bool = False, official: bool = True, large: bool = False) -> Geometry:
    """The page of a paper. ``large``: big print for old eyes and for the board (list rows in 二号)."""
    width, height = (side * MM for side in (reversed(SIZES[size]) if landscape else SIZES[size]))
    page = _official(width, height, landscape=landscape) if official else _form(width, height)
    return _enlarged(page) if large else page


def small_page(width: float, height: float, *, large: bool = False) -> Geometry:
    """A page of these millimetres of which several share a leaf: a list's rows at full size, less white around it."""
    page = Geometry(width * MM, height * MM, 12 * MM, 14 * MM, 12 * MM, 21 * MM, SIZE_SMALL_4, 19.0, SIZE_SMALL_4, 18.0,
                    SIZE_SMALL_4, 17.0, official=False)  # fmt: skip
    return _enlarged(page) if large else page


def _official(width: float, height: float, *, landscape: bool) -> Geometry:
    """GB/T 9704 §5: 37/28/26/35 mm; 22 lines of 28 characters on A4. Larger leaves get more of the same grid.

    A landscape page lies in the file with its head to the left, so its margins are those of the upright page, turned.
    """
    top, left, right, bottom = (28, 35, 37, 26) if landscape else (37, 28, 26, 35)
    page = Geometry(width, height, top * MM, left * MM, right * MM, bottom * MM, SIZE_3, 225 * MM / OFFICIAL_LINES,
                    156 * MM / OFFICIAL_CHARACTERS, SIZE_2, SIZE_SMALL_4, 18.0, official=True)  # fmt: skip
    lines, characters = int(page.depth / page.pitch + 0.01), int(page.measure / page.advance + 0.01)
    return replace(page, pitch=page.depth / lines, advance=page.measure / characters)


def _form(width: float, height: float) -> Geometry:
    return Geometry(width, height, 20 * MM, 28 * MM, 20 * MM, 22 * MM, SIZE_SMALL_4, 20.0, SIZE_SMALL_4, 18.0, SIZE_5,
                    14.5, official=False)  # fmt: skip


def _enlarged(page: Geometry) -> Geometry:
    return replace(page, body=SIZE_2, pitch=36.0, advance=SIZE_2, title=32.0, cell=SIZE_2, cell_pitch=30.0)
