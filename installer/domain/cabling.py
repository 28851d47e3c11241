"""Sockets: which jack, pair, pins and colours carry an FXS port.

RJ21 numbering: pair n has its tip on pin n + 25 and its ring on pin n; colours follow the 25-pair code,
five tip colours by five ring colours.
"""

from __future__ import annotations

from dataclasses import dataclass

from installer.errors import InvalidValue

RJ21_PAIRS = 25
_TIPS = ("white", "red", "black", "yellow", "violet")
_RINGS = ("blue", "orange", "green", "brown", "slate")


@dataclass(frozen=True, slots=True)
class Rj21Pair:
    """One pair of a 25-pair connector, numbered 1 to 25."""

    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= RJ21_PAIRS:
            raise InvalidValue(
                f"RJ21 has no pair {self.number}", code="invalid-pair", wanted=f"1 to {RJ21_PAIRS}"
            )

    @property
    def tip_pin(self) -> int:
        """The pin of the tip wire, 26 to 50."""
        return self.number + RJ21_PAIRS

    @property
    def ring_pin(self) -> int:
        """The pin of the ring wire, 1 to 25."""
        return self.number

    @property
    def tip_colour(self) -> str:
        """Main colour first, such as white-blue."""
        return f"{self._tip}-{self._ring}"

    @property
    def ring_colour(self) -> str:
        """Main colour first, such as blue-white."""
        return f"{self._ring}-{self._tip}"

    @property
    def _tip(self) -> str:
        return _TIPS[(self.number - 1) // 5]

    @property
    def _ring(self) -> str:
        return _RINGS[(self.number - 1) % 5]


@dataclass(frozen=True, slots=True)
class Rj11Jack:
    """A modular jack of its own; tip and ring on the centre two contacts."""

    label: str

    @property
    def connector(self) -> str:
        """What is printed at the socket."""
        return self.label

    def __str__(self) -> str:
        return f"RJ11 {self.label}"


@dataclass(frozen=True, slots=True)
class Rj21Position:
    """A pair on a named RJ21 connector of the gateway."""

    connector: str
    pair: Rj21Pair

    def __str__(self) -> str:
        pair = self.pair
        return (
            f"RJ21 {self.connector} pair {pair.number} "
            f"(tip {pair.tip_pin} {pair.tip_colour}, ring {pair.ring_pin} {pair.ring_colour})"
        )


Jack = Rj11Jack | Rj21Position
