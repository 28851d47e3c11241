"""The rehearsal: its platform as a server, or a whole visit on it without a screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from installer.cli.look import watch_lines
from installer.cli.options import NOTHING, Act, Given, option, verb
from installer.cli.voice import Served

if TYPE_CHECKING:
    from installer.cli.turn import Turn
    from installer.session.serving import Serving

_PATIENCE = 120.0
_STOCK = "avery-5160"
_FILE = click.Path(dir_okay=False, path_type=Path)
_PORT = click.IntRange(0, 65535)


@verb(
    NOTHING,
    option("--visit", is_flag=True, help="Make a whole visit on it, without a screen, and end."),
    option("--port", type=_PORT, default=0, metavar="N", help="Of the API; default any free one."),
    option("--sip-port", type=_PORT, default=0, metavar="N", help="Of the registrar; default any free one."),
    option(
        "--latency",
        type=click.FloatRange(min=0.0),
        default=0.0,
        metavar="S",
        help="Seconds before each answer.",
    ),
    option("--no-unique", is_flag=True, help="Take several lines on one port and of one username."),
    option("--faults", type=_FILE, metavar="FILE", help="A fault script: a JSON list of rules."),
    option(
        "--gateways",
        type=_FILE,
        multiple=True,
        metavar="SHEET",
        help="Virtual gateways load this exported sheet as soon as it is there, and whenever it changes.",
    ),
    examples="""
punchdown rehearse --visit
punchdown rehearse --port 8080
punchdown rehearse --latency 0.08 --gateways site-credentials.csv --json""",
    rehearses=True,
)
def rehearse(
    *,
    visit: bool,
    port: int,
    sip_port: int,
    latency: float,
    no_unique: bool,
    faults: Path | None,
    gateways: tuple[Path, ...],
) -> Act:
    """The rehearsal platform as a server on loopback, until it is told to stop by a signal.

    Lines made there are made nowhere else, and its passwords open nothing else: they lie in a vault whose
    passphrase is published.
    """

    async def act(turn: Turn) -> None:
        from installer.session.serving import Serving

        _say_published(turn)
        if visit:
            await _visit(turn)
        else:
            await _serve(turn, Serving(port, sip_port, latency, not no_unique, faults, gateways))

    return act


async def _serve(turn: Turn, wanted: Serving) -> None:
    import asyncio

    from installer.session.serving import serve, write_password

    rooms = turn.session.rooms
    with serve(rooms, wanted) as platform:
        password = write_password(rooms, platform.password)
        registrar = f"{platform.registrar_host}:{platform.registrar_port}"
        turn.voice.rehearsal(Served(platform.url, platform.username, password, registrar, platform.customers))
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:  # a signal is how a server ends, not what breaks it off
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - this coroutine runs in one
            task.uncancel()


async def _visit(turn: Turn) -> None:
    """The whole visit; one that was killed goes on, one that is finished writes nothing."""
    from installer.session.rehearsing import example_sheet

    session = turn.session
    visits = session.visits
    turn.say("sign-in", "signing in, reading the line sheet of the rehearsal's customer")
    await visits.apply(example_sheet(), turn.answers(Given(yes=True)))
    run = visits.runs[-1]
    if run.error is not None:
        return
    turn.say("provisioned", f"{len(run.record.lines)} lines stand; the partner's gateways load the sheet")
    await watch_lines(turn, run.record.job.id, None, _PATIENCE)
    record = visits.runs[-1].record
    turn.left(record, await session.outputs.labels(record, _STOCK, 1))
    turn.left(record, await session.outputs.report(record))


def _say_published(turn: Turn) -> None:
    from installer.session.settings import REHEARSAL_PASSPHRASE

    turn.say(
        "rehearsal-vault",
        f"nothing rehearsed is secret: the rehearsal's vault opens with the published passphrase "
        f"“{REHEARSAL_PASSPHRASE}”",
    )
