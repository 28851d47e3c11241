"""Verbs for lines that stand on the platform: list, show, set, move, delete, reissue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from installer.cli.options import ACCEPT, BOTH, CONFIRM, SIGN_IN, YES, Act, Given, option, verb
from installer.cli.visit import port_of
from installer.errors import UsageFault

if TYPE_CHECKING:
    from installer.cli.turn import Turn
    from installer.domain.gateway import FxsPort
    from installer.domain.line import DeviceSlot

ACCOUNT = click.argument("account")
LINE = click.argument("line")


@click.group(no_args_is_help=False)
def lines() -> None:
    """Lines that stand, on an account (id, number or exact name); a line by its id or exact name."""


@verb(
    SIGN_IN,
    ACCOUNT,
    examples="""
punchdown --platform production lines list 2600147
punchdown --platform production lines list "Harbor Point Tower" --json""",
)
def list_lines(account: str) -> Act:
    """Every line of the account, as the platform has it now; ids with --json, registration with `show`."""

    async def act(turn: Turn) -> None:
        found = await turn.session.lines.list(account)
        turn.voice.standing(found)
        turn.counts["lines"] = len(found)
        if not found:
            turn.say("no-line", "the account has no line")

    return act


@verb(
    SIGN_IN,
    ACCOUNT,
    LINE,
    examples="""
punchdown --platform production lines show 2600147 "Elevator 1\"""",
)
def show(account: str, line: str) -> Act:
    """One line, as the platform has it now, and whether it registers; its password is never shown."""

    async def act(turn: Turn) -> None:
        turn.voice.line(await turn.session.lines.look(account, line))
        turn.counts["lines"] = 1

    return act


@verb(
    BOTH,
    ACCOUNT,
    LINE,
    option("--name", default=None, metavar="TEXT", help="The line's name."),
    option("--caller-id", default=None, metavar="NUMBER", help="What called parties see."),
    option("--e911-callback", default=None, metavar="NUMBER", help="Whose address 911 is sent to."),
    option("--calling-plan", default=(), multiple=True, metavar="ID", help="A calling plan's id."),
    YES,
    ACCEPT,
    examples="""
punchdown --platform beta lines set 2600147 Pool --name "Pool 1"
punchdown --platform beta lines set 2600147 Pool --caller-id 2604683252""",
)
def set_line(
    *,
    account: str,
    line: str,
    name: str | None,
    caller_id: str | None,
    e911_callback: str | None,
    calling_plan: tuple[str, ...],
    given: Given,
) -> Act:
    """Change a line's name, caller id, 911 callback number or calling plans; all else stays as it is."""

    async def act(turn: Turn) -> None:
        from installer.domain.line import LineChanges, parse_line_name
        from installer.domain.numbers import parse_number

        changes = LineChanges(
            name=None if name is None else parse_line_name(name),
            caller_id=None if caller_id is None else parse_number(caller_id),
            e911_callback=None if e911_callback is None else parse_number(e911_callback),
            calling_plan_ids=calling_plan or None,
        )
        if changes == LineChanges():
            raise UsageFault("nothing is to be changed", code="no-change", remedy="give --name or another")
        turn.session.lines.show_change = turn.voice.change
        await turn.session.lines.set(account, line, changes, turn.answers(given))

    return act


@verb(
    BOTH,
    ACCOUNT,
    LINE,
    click.argument("target", metavar="GATEWAY:PORT|MAC/PORT"),
    option("--model", default=None, metavar="MODEL", help="Of the gateway at MAC: 4, 8, 24, 50."),
    YES,
    ACCEPT,
    examples="""
punchdown --platform beta lines move 2600147 "Elevator 1" GW-1:5
punchdown --platform beta lines move 2600147 Pool 005058102008/3 --model 8""",
)
def move(account: str, line: str, target: str, model: str | None, given: Given) -> Act:
    """Put a line on another port: of its job by place, or of any gateway by MAC. Its numbers go along."""

    async def act(turn: Turn) -> None:
        to = _target(turn, target, model)
        turn.session.lines.show_change = turn.voice.change
        await turn.session.lines.move(account, line, to, turn.answers(given))

    return act


@verb(
    BOTH,
    ACCOUNT,
    LINE,
    YES,
    ACCEPT,
    CONFIRM,
    examples="""
punchdown --platform beta lines delete 2600147 "Old fax"
punchdown --platform beta lines delete 2600147 "Lift" --confirm "Lift\"""",
)
def delete(account: str, line: str, given: Given) -> Act:
    """Take a line off. One that registers or is rung only where its name is confirmed."""

    async def act(turn: Turn) -> None:
        await turn.session.lines.delete(account, line, turn.answers(given))

    return act


@verb(
    BOTH,
    ACCOUNT,
    LINE,
    YES,
    ACCEPT,
    CONFIRM,
    examples="""
punchdown --platform beta lines reissue 2600147 "Lift" --confirm "Lift\"""",
)
def reissue(account: str, line: str, given: Given) -> Act:
    """Give a line a new password under its username, and write the sheet that carries it.

    One that is registered loses its registration with the old password: its name is to be confirmed.
    """

    async def act(turn: Turn) -> None:
        await turn.session.lines.reissue(account, line, turn.answers(given))

    return act


def _target(turn: Turn, text: str, model: str | None) -> FxsPort | DeviceSlot:
    """A port of a job, or with a slash, of hardware whose model is named."""
    from installer.domain.line import DeviceSlot
    from installer.domain.mac import parse_mac

    mac, slash, number = text.rpartition("/")
    if not slash:
        return port_of(text)
    known = turn.session.rooms.profiles.gateways
    fits = [each for each in known.values() if model in {each.id, each.device_type}]
    if len(fits) != 1:
        names = ", ".join(known)
        raise UsageFault(
            "the gateway's model is not named", code="no-model", remedy=f"--model: one of {names}"
        )
    port = port_of(f"{fits[0].id}:{number}").number
    if not 1 <= port <= fits[0].fxs_ports:
        raise UsageFault("it has no such port", code="no-port", remedy=f"FXS port 1 to {fits[0].fxs_ports}")
    return DeviceSlot(parse_mac(mac), port, fits[0].device_type)


for _name, _command in (
    ("list", list_lines),
    ("show", show),
    ("set", set_line),
    ("move", move),
    ("delete", delete),
    ("reissue", reissue),
):
    lines.add_command(_command, _name)
