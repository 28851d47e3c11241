import pytest

from installer.domain.cabling import Rj11Jack, Rj21Pair, Rj21Position
from installer.errors import InvalidValue

# Written out by hand from the 25-pair colour code: pair, tip pin, tip, ring pin, ring.
GOLDEN = """
1 26 white-blue 1 blue-white
2 27 white-orange 2 orange-white
3 28 white-green 3 green-white
4 29 white-brown 4 brown-white
5 30 white-slate 5 slate-white
6 31 red-blue 6 blue-red
7 32 red-orange 7 orange-red
8 33 red-green 8 green-red
9 34 red-brown 9 brown-red
10 35 red-slate 10 slate-red
11 36 black-blue 11 blue-black
12 37 black-orange 12 orange-black
13 38 black-green 13 green-black
14 39 black-brown 14 brown-black
15 40 black-slate 15 slate-black
16 41 yellow-blue 16 blue-yellow
17 42 yellow-orange 17 orange-yellow
18 43 yellow-green 18 green-yellow
19 44 yellow-brown 19 brown-yellow
20 45 yellow-slate 20 slate-yellow
21 46 violet-blue 21 blue-violet
22 47 violet-orange 22 orange-violet
23 48 violet-green 23 green-violet
24 49 violet-brown 24 brown-violet
25 50 violet-slate 25 slate-violet
"""


def test_every_pair_has_its_pins_and_colours() -> None:
    pairs = [Rj21Pair(number) for number in range(1, 26)]
    made = [
        f"{pair.number} {pair.tip_pin} {pair.tip_colour} {pair.ring_pin} {pair.ring_colour}" for pair in pairs
    ]
    assert made == GOLDEN.strip().splitlines()


def test_the_pins_of_a_connector_are_each_used_once() -> None:
    pairs = [Rj21Pair(number) for number in range(1, 26)]
    assert sorted([pair.tip_pin for pair in pairs] + [pair.ring_pin for pair in pairs]) == list(range(1, 51))


@pytest.mark.parametrize("number", [-1, 0, 26])
def test_there_are_25_pairs(number: int) -> None:
    with pytest.raises(InvalidValue, match=f"no pair {number}"):
        Rj21Pair(number)


def test_sockets_say_where_they_are() -> None:
    assert str(Rj11Jack("3")) == "RJ11 3"
    assert Rj11Jack("3").connector == "3"
    position = Rj21Position("A", Rj21Pair(17))
    assert str(position) == "RJ21 A pair 17 (tip 42 yellow-orange, ring 17 orange-yellow)"
