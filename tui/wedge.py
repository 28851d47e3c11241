"""Telling a scanner's burst from typing: a keyboard wedge types faster than anybody, and ends with Enter.

Pure: keys and their times go in, what they mean comes out, in the order they were struck.
"""

from __future__ import annotations

from dataclasses import dataclass

GAP = 0.035
"""Seconds between two keys of a burst at most; the keys of a fast typist lie further apart."""
LULL = 0.25
"""The same once they are a burst: a busy machine sends and reads late, and nobody types on within it."""
SWIFT = 0.005
"""Seconds between two keys that no two fingers struck: what follows them is waited for as in a burst."""
SHORTEST = 6
"""Characters of a burst at least: two keys that were rolled over are typing."""
TERMINATORS = frozenset({"enter", "tab", "ctrl+j"})
_BACKSPACE = "backspace"


@dataclass(frozen=True, slots=True)
class Typed:
    """Characters that somebody typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key that is no character."""

    key: str


@dataclass(frozen=True, slots=True)
class Burst:
    """What came faster than anybody types; `terminator` is the key that ended it, None for silence."""

    text: str
    terminator: str | None


Struck = Typed | Pressed | Burst


class Wedge:
    """Holds characters back until it is known whether they are a burst, which takes `patience` seconds."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._last = 0.0
        self._ended = False
        self._is_swift = False

    @property
    def holds(self) -> bool:
        """Whether characters wait; `silence` has to be told once `patience` has passed without a key."""
        return bool(self._held)

    @property
    def patience(self) -> float:
        """Seconds without a key after which what is held is known."""
        return LULL if self._is_burst or self._is_swift or self._ended else GAP

    def strike(self, key: str, character: str | None, at: float) -> list[Struck]:
        """What is known by this key, struck at `at` seconds; `character` is None for one that prints none."""
        at_once = at - self._last <= self.patience
        after_code = self._ended and at_once
        before = [] if at_once else self._let_go(None)
        self._is_swift = bool(self._held) and at - self._last <= SWIFT
        self._last, self._ended = at, False
        if character is not None:
            self._held.append(character)
            return before
        if key == _BACKSPACE and self._held:
            self._held.pop()
            return before
        if key in TERMINATORS and (after_code or self._is_burst):
            self._ended = True
            return before + ([] if not self._held else self._let_go(key))
        return [*before, *self._let_go(None), Pressed(key)]

    def silence(self, at: float) -> list[Struck]:
        """What is known once nothing was struck up to `at` seconds."""
        return self._let_go(None) if at - self._last > self.patience else []

    def pasted(self, at: float, *, is_code: bool) -> list[Struck]:
        """What was held when something was pasted at `at`; a terminator right behind a code belongs to it."""
        held = self._let_go(None)
        self._last, self._ended = at, is_code
        return held

    @property
    def _is_burst(self) -> bool:
        # A key that is held down repeats about as fast.
        return len(self._held) >= SHORTEST and len(set(self._held)) > 1

    def _let_go(self, terminator: str | None) -> list[Struck]:
        text, burst = "".join(self._held), self._is_burst
        self._held.clear()
        if not text:
            return []
        return [Burst(text, terminator) if burst else Typed(text)]
