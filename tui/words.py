"""Words and signs that the screen shows: each state has both, and neither depends on color.

Every sign is in the character set that old console fonts have (WGL4); no check mark, no emoji.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from installer.domain.finding import Severity


class Tone(StrEnum):
    """What a style class is chosen by."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    QUIET = "quiet"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Word:
    """A state as it is shown: sign, word, tone."""

    sign: str
    word: str
    tone: Tone

    def __str__(self) -> str:
        return f"{self.sign} {self.word}"


NOT_KNOWN = Word("?", "not known yet", Tone.WARN)
OUTCOMES = {
    "done": Word("●", "done", Tone.GOOD),
    "already-done": Word("●", "stood already", Tone.GOOD),
    "refused": Word("■", "refused", Tone.BAD),
    "unknown": NOT_KNOWN,
    "conflict": Word("■", "in the way", Tone.BAD),
    "deferred": Word("○", "for later", Tone.WARN),
    "skipped": Word("○", "skipped", Tone.WARN),
    "undone": Word("◄", "taken back", Tone.QUIET),
}
ACTIONS = {
    "validate-username": "check username",
    "create-line": "new line",
    "update-line": "change",
    "delete-line": "take off line",
    "route-number": "route",
    "unroute-number": "take off route",
}
"""What a step does, as the review calls it."""
SEVERITIES = {
    Severity.INFO: Word("·", "note", Tone.QUIET),
    Severity.WARNING: Word("▲", "warning", Tone.WARN),
    Severity.ERROR: Word("■", "fault", Tone.BAD),
}
ON_ITS_WAY = Word("►", "on its way", Tone.PLAIN)
WAITING = Word("·", "waits", Tone.QUIET)

REGISTERED = Word("●", "registered", Tone.GOOD)
LOST = Word("■", "lost", Tone.BAD)
NEVER = Word("○", "never registered", Tone.WARN)
NOT_EXPECTED = Word("·", "not expected yet", Tone.QUIET)
NOT_LOOKED = Word("?", "not looked at yet", Tone.QUIET)
NOT_TOLD = Word("?", "platform did not say", Tone.WARN)
BEFORE_BIND = Word("▲", "from the box before", Tone.WARN)
REGISTRATIONS = {
    "registered": REGISTERED,
    "lost": LOST,
    "never registered": NEVER,
    "not expected yet": NOT_EXPECTED,
    "not known yet": NOT_KNOWN,
    "not looked at yet": NOT_LOOKED,
    "not told": NOT_TOLD,
    "from the box before": BEFORE_BIND,
}
SPARE = Word("-", "spare", Tone.QUIET)
OFF = Word("x", "off", Tone.QUIET)

NO_VISIT = "No visit is open: step 2, Visits, opens one."
NOT_KEPT = "This visit is a draft: step 8, Provision, makes its lines."
ONLY_A_SHEET = "A line sheet is open that can be edited in itself only: step 7, Review, shows what it does."
IN_A_DIALOG = "This box waits for an answer: Escape leaves it, and nothing is changed then."
UNREADABLE = "■ the visit cannot be read"
TOO_SMALL = "This window is too small: punchdown needs 60 columns and 20 rows. Make it larger. Ctrl+Q quits."


def seconds_ago(seconds: float) -> str:
    """An age in the unit that a person would say."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now" if seconds < 2 else f"{int(seconds)} s ago"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 line`, `2 lines`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
