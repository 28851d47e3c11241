"""Verbs of the journal: verify, rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from installer.cli.options import NOTHING, VAULT, Act, verb
from installer.text import safe

if TYPE_CHECKING:
    from installer.cli.turn import Turn


@click.group(no_args_is_help=False)
def journal() -> None:
    """Verify the journal of this home, or rebuild it."""


@verb(
    NOTHING,
    examples="""
punchdown journal verify
punchdown journal verify --passphrase-file pass""",
)
def verify() -> Act:
    """Prove every row of the journal and, with the vault's key, every sealed value; ends 8 if one fails."""

    async def act(turn: Turn) -> None:
        from installer.session.journal_care import verify

        found = verify(turn.session.rooms)
        sealed = "not opened: no key was given" if found.seals is None else f"{found.seals} opened"
        turn.say("journal-whole", f"{found.rows} rows, every one as it was written; sealed values: {sealed}")
        turn.counts.update(rows=found.rows, seals=found.seals or 0)

    return act


@verb(
    VAULT,
    examples="""
punchdown journal rebuild --passphrase-file pass""",
)
def rebuild() -> Act:
    """Save the rows that hold into a new journal. The damaged one is kept beside it, nothing is deleted."""

    async def act(turn: Turn) -> None:
        from installer.session.journal_care import rebuild

        done = rebuild(turn.session.rooms)
        turn.counts.update(rows=done.rows, left=done.left)
        if done.damaged is None:
            turn.say("journal-whole", f"{done.rows} rows stand, every one as it was written")
            return
        turn.say(
            "journal-rebuilt", f"{done.rows} rows hold; the damaged journal is {safe(str(done.damaged))}"
        )
        if done.left:
            turn.say(
                "rows-left",
                f"{done.left} more rows hold, but what they began is not whole: they stay in the damaged one",
            )
        turn.say(
            "read-the-platform",
            "what was done after the last of them is not known here: `audit` reads the platform, names the "
            "differences, `resume` goes on; lines found at their MAC and port are adopted, not made again",
        )

    return act


journal.add_command(verify)
journal.add_command(rebuild)
