"""The shape of a chart of stock and sales by day: numbers to draw from, no database, no markup.

Two panels share the days: above, the units on hand at the end of each day as a line that steps at midnight; below, the
units sold as bars. Lengths are in units of a plot ``WIDTH`` wide; positions of words are percentages, since words must
not stretch with the plot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 900.0
STOCK_HEIGHT = 180.0
SALES_HEIGHT = 72.0
BAR_SHARE = 0.62  # of a day's width; the rest is air
TICK_LAST = 95.0  # per cent; a month that begins further right has no room for its name
CROWDED = 14.0  # labels nearer than this stand on one another
WEEK = 7


@dataclass(frozen=True)
class Day:
    """Units on hand at the end of a day, and units sold in it less those cancelled or returned."""

    day: date
    on_hand: int
    sold: int


@dataclass(frozen=True)
class Bar:
    """A day's column: what to point at, and the bar drawn in it (``height`` 0: none)."""

    day: Day
    left: float
    width: float
    bar_left: float
    bar_width: float
    top: float
    height: float


@dataclass(frozen=True)
class Line:
    """A horizontal line of the grid with its value."""

    value: int
    y: float
    percent: float


@dataclass(frozen=True)
class Tick:
    """Where a month begins."""

    day: date
    x: float
    percent: float


@dataclass(frozen=True)
class Week:
    """Seven days (the first week may have fewer), for people who read tables."""

    first: date
    last: date
    on_hand: int
    sold: int


@dataclass(frozen=True)
class Chart:
    """All that a template draws, and the sentences' numbers."""

    days: Sequence[Day]
    line: str
    area: str
    stock_grid: Sequence[Line]
    sales_grid: Sequence[Line]
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    last_percent: float
    last_y: float
    lowest: Day
    best: Day
    sold: int
    weeks: Sequence[Week]
    width: float = WIDTH
    stock_height: float = STOCK_HEIGHT
    sales_height: float = SALES_HEIGHT

    @property
    def first(self) -> Day:
        """The first day."""
        return self.days[0]

    @property
    def last(self) -> Day:
        """The last day."""
        return self.days[-1]


def ceiling(highest: int) -> int:
    """Return the least round number (1, 2, 4 or 5 times a power of ten) that is at least ``highest`` and 1."""
    power = 1
    while True:
        for step in (1, 2, 4, 5):
            if step * power >= highest:
                return step * power
        power *= 10


def grid(bottom: int, top: int, height: float) -> list[Line]:
    """Return the lines at bottom, middle (where it is a whole number) and top of a panel."""
    span = top - bottom
    values = [bottom, *([bottom + span // 2] if span > 1 and span % 2 == 0 else []), top]
    if bottom < 0:
        # A label that would stand on the zero's gives way to it.
        apart = CROWDED * span / height
        values = sorted({0, *([bottom] if -bottom >= apart else []), *([top] if top >= apart else [])})
    return [
        Line(value, y=round(height * (top - value) / span, 2), percent=round(100 * (top - value) / span, 2))
        for value in values
    ]


def draw(days: Sequence[Day]) -> Chart:
    """Return the chart of consecutive days, the oldest first.

    :raises ValueError: there are no days.
    """
    if not days:
        raise ValueError("A chart needs at least one day.")
    slot = WIDTH / len(days)
    stock_top = ceiling(max(one.on_hand for one in days))
    stock_bottom = -ceiling(-lowest) if (lowest := min(one.on_hand for one in days)) < 0 else 0

    def height_of(units: int) -> float:
        return round(STOCK_HEIGHT * (stock_top - units) / (stock_top - stock_bottom), 2)

    line = _steps([height_of(one.on_hand) for one in days], slot)
    floor = height_of(0)
    last_y = height_of(days[-1].on_hand)
    bars, sales_grid = _bars(days, slot)
    ticks = [
        Tick(one.day, x=round(at * slot, 2), percent=round(100 * at / len(days), 2))
        for at, one in enumerate(days)
        if one.day.day == 1
    ]
    return Chart(
        days=days,
        line=line,
        area=f"{line}V{floor:g}H0Z",
        stock_grid=grid(stock_bottom, stock_top, STOCK_HEIGHT),
        sales_grid=sales_grid,
        bars=bars,
        ticks=[tick for tick in ticks if tick.percent <= TICK_LAST],
        last_percent=round(100 * last_y / STOCK_HEIGHT, 2),
        last_y=last_y,
        lowest=min(days, key=lambda one: one.on_hand),
        best=max(days, key=lambda one: one.sold),
        sold=sum(one.sold for one in days),
        weeks=_weeks(days),
    )


def _steps(heights: Sequence[float], slot: float) -> str:
    path = [f"M0 {heights[0]:g}"]
    for at, height in enumerate(heights):
        if at and height != heights[at - 1]:
            path.append(f"H{round(at * slot, 2):g}V{height:g}")
    path.append(f"H{WIDTH:g}")
    return "".join(path)


def _bars(days: Sequence[Day], slot: float) -> tuple[list[Bar], list[Line]]:
    # Returns may outweigh a day's sales: then its bar hangs below the line.
    most, least = max(one.sold for one in days), min(one.sold for one in days)
    top, bottom = ceiling(most), -ceiling(-least) if least < 0 else 0
    scale = SALES_HEIGHT / (top - bottom)
    bars = [
        Bar(
            day=one,
            left=round(at * slot, 2),
            width=round(slot, 2),
            bar_left=round((at + (1 - BAR_SHARE) / 2) * slot, 2),
            bar_width=round(BAR_SHARE * slot, 2),
            top=round((top - max(one.sold, 0)) * scale, 2),
            height=round(abs(one.sold) * scale, 2),
        )
        for at, one in enumerate(days)
    ]
    lines = grid(bottom, top, SALES_HEIGHT)
    return bars, [one for one in lines if one.value in {bottom, 0, top}]


def _weeks(days: Sequence[Day]) -> list[Week]:
    """Group the days into weeks that end with the last day."""
    weeks = []
    for end in range(len(days), 0, -WEEK):
        part = days[max(end - WEEK, 0) : end]
        weeks.append(Week(part[0].day, part[-1].day, part[-1].on_hand, sum(one.sold for one in part)))
    return weeks
