"""A gateway's sockets as they are on the box, each with the sign of its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from installer.domain.cabling import Jack, Rj21Position
from installer.text import safe
from tui.words import Tone, Word

_A_ROW = 5
"""Pairs of one colour of tip, which lie together in the cable and on the block."""
_JACKS = 8
_CELL = 5
_NAME = 8
WIDTH = _NAME + _A_ROW * _CELL + 1


@dataclass(frozen=True, slots=True)
class Sockets:
    """A line of sockets: what it is called, and the FXS ports on it, in order."""

    name: str
    ports: tuple[int, ...]


def sockets(jacks: Sequence[Jack]) -> tuple[Sockets, ...]:
    """RJ11 jacks in lines of eight; RJ21 pairs in lines of five, by the colour of their tips.

    A line without ports is the heading of a connector.
    """
    lines: list[Sockets] = []
    pairs: dict[tuple[str, str], list[int]] = {}
    plain: list[int] = []
    for number, jack in enumerate(jacks, 1):
        if isinstance(jack, Rj21Position):
            colour = jack.pair.tip_colour.split("-", maxsplit=1)[0]
            pairs.setdefault((jack.connector, colour), []).append(number)
        else:
            plain.append(number)
    lines += [
        Sockets("" if at else "RJ11", tuple(plain[at : at + _JACKS])) for at in range(0, len(plain), _JACKS)
    ]
    heading = ""
    for (connector, colour), ports in pairs.items():
        if connector != heading:
            heading = connector
            lines.append(Sockets(f"RJ21 {connector}", ()))
        lines.append(Sockets(colour, tuple(ports)))
    return tuple(lines)


class Faceplate(Widget):
    """Shows one gateway; what changed is drawn, and nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"faceplate--{tone}" for tone in Tone} | {"faceplate--here"}

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = ""
        self._lines: tuple[Sockets, ...] = ()
        self._shown: tuple[tuple[Sockets, ...], ...] = ()
        self._words: Mapping[int, Word] = {}
        self._here: int | None = None

    def show(self, title: str, jacks: Sequence[Jack], words: Mapping[int, Word], here: int | None) -> None:
        """The gateway with the state of each port; the port `here` is marked."""
        wanted = (title, sockets(jacks), dict(words), here)
        if wanted != (self._title, self._lines, self._words, self._here):
            self._title, self._lines, self._words, self._here = wanted
            self._fit()
            self.refresh()

    def on_resize(self) -> None:
        """Connectors stand side by side where there is room."""
        self._fit()

    def _fit(self) -> None:
        connectors: list[list[Sockets]] = []
        for line in self._lines:
            if not line.ports or not connectors:
                connectors.append([])
            connectors[-1].append(line)
        if self.size.width >= len(connectors) * WIDTH:
            self._shown = tuple(tuple(each for each in row if each) for row in zip_longest(*connectors))
        else:
            self._shown = tuple((line,) for line in self._lines)
        if self.styles.height is None or self.styles.height.value != len(self._shown) + 1:
            self.styles.height = len(self._shown) + 1

    def render_line(self, y: int) -> Strip:
        """The title, then a line of sockets each."""
        plain = self.get_component_rich_style("faceplate--plain")
        if y == 0:
            return Strip([Segment(safe(self._title, 80), plain)]).adjust_cell_length(self.size.width, plain)
        if y > len(self._shown):
            return Strip.blank(self.size.width, plain)
        row = self._shown[y - 1]
        parts = [Strip(list(self._segments(line, plain))) for line in row]
        if len(parts) > 1:
            parts = [part.adjust_cell_length(WIDTH, plain) for part in parts]
        return Strip.join(parts).adjust_cell_length(self.size.width, plain)

    def _segments(self, line: Sockets, plain: Style) -> Iterator[Segment]:
        yield Segment(line.name.ljust(_NAME), self.get_component_rich_style("faceplate--quiet"))
        for port in line.ports:
            word = self._words.get(port)
            style = self.get_component_rich_style(f"faceplate--{word.tone if word else Tone.QUIET}")
            mark = " "
            if port == self._here:
                mark, style = "►", style + self.get_component_rich_style("faceplate--here")
            yield Segment(f"{mark}{port:>2}{word.sign if word else ' '}", style)
            yield Segment(" ", plain)
