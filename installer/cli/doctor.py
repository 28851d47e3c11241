"""The verb that looks at this machine and this home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installer.cli.exits import Exit
from installer.cli.options import NOTHING, Act, verb
from installer.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from installer.cli.turn import Turn


@verb(
    NOTHING,
    examples="""
punchdown doctor
punchdown --platform production doctor --json""",
)
def doctor() -> Act:
    """Check Python, libraries, home, disk, vault, journal, proxy, terminal, and a platform if one is named.

    Nobody signs in, nothing is written. Ends 11 where something is not as it should be.
    """

    async def act(turn: Turn) -> None:
        from installer.session.doctor import examine

        found = [*await examine(turn.session.rooms), _terminal(turn)]
        turn.findings(found, fault=Exit.LEFT_OVER)
        if any(each.severity is not Severity.INFO for each in found):
            turn.exits.append(Exit.LEFT_OVER)

    return act


def _terminal(turn: Turn) -> Finding:
    encoding = turn.console.encoding
    if encoding.lower().replace("-", "") != "utf8":
        return Finding(
            Severity.WARNING,
            "terminal-encoding",
            f"the output's encoding is {encoding}: symbols show as question marks",
            "set a UTF-8 locale, or PYTHONUTF8=1",
        )
    where = "a terminal" if turn.console.narrates else "no terminal"
    return Finding(Severity.INFO, "terminal", f"{where}, in {encoding}")
