"""Every verb, loaded when it is asked for; `--help` loads none."""

from __future__ import annotations

import importlib
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

import click

from installer import __version__
from installer.text import safe

if TYPE_CHECKING:
    from installer.cli.options import Request

_OF = {
    "prepare": ("Before the visit", "visit:prepare", "check a sheet, make and keep its credentials"),
    "bind": ("Before the visit", "visit:bind", "bind scanned hardware to a gateway's place"),
    "plan": ("Before the visit", "visit:plan", "what an apply would do; nothing is kept"),
    "apply": ("On site", "visit:apply", "bring the platform to what the sheet or job says"),
    "resume": ("On site", "visit:resume", "go on where a run stopped"),
    "resolve": ("On site", "visit:resolve", "decide on a line whose outcome is not known"),
    "watch": ("On site", "look:watch", "poll registration until every line is up"),
    "jobs": ("What stands", "look:jobs", "the jobs of this home"),
    "status": ("What stands", "look:status", "each port, as the journal knows it"),
    "audit": ("What stands", "visit:audit", "what differs between sheet, journal and platform"),
    "lines": ("What stands", "lines:lines", "existing lines: list, show, set, move, delete, reissue"),
    "sheet": ("What a visit leaves", "leave:sheet", "the credential sheet for the partner"),
    "labels": ("What a visit leaves", "leave:labels", "labels for gateways and ports"),
    "report": ("What a visit leaves", "leave:report", "one page: what stands, what is open"),
    "undo": ("Care", "visit:undo", "take back what a job did"),
    "journal": ("Care", "journal:journal", "verify the journal, or rebuild it"),
    "doctor": ("Care", "doctor:doctor", "check this machine and this home"),
    "rehearse": ("Rehearsal", "rehearse:rehearse", "the rehearsal platform, or a whole visit on it"),
    "demo": ("Rehearsal", "demo:demo", "the screen on the rehearsal platform"),
}
_GROUPS = frozenset({"journal", "lines"})
_EXAMPLES = """\b
Examples:
  punchdown rehearse --visit
  punchdown --platform production --username me --password-file pw plan a.csv
  punchdown --platform production --username me --password-file pw apply a.csv
"""


class _Verbs(click.Group):
    """The verbs by what they are for, each loaded from its module at its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature, here and below
        return list(_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        _, place, _ = _OF.get(cmd_name, ("", "", ""))
        if not place:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(importlib.import_module(f"installer.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for section, verbs in groupby(_OF.items(), key=lambda each: each[1][0]):
            with formatter.section(section):
                formatter.write_dl([(name, what) for name, (_, _, what) in verbs])


@click.group(cls=_Verbs, no_args_is_help=False, epilog=_EXAMPLES)
@click.version_option(__version__, prog_name="punchdown", message="%(prog)s %(version)s")
def punchdown() -> None:
    """Turn up Sangoma Vega gateways on Alianza Managed Specialty Lines.

    Options that all verbs share may stand before or after the verb; each has an environment variable
    PUNCHDOWN_<NAME>. Exit codes: 0 done, 2 a correction or an answer is needed, 4 an outcome is unknown
    (resume), 11 something is left over; every other one says who has to act.
    """


def show_help() -> int:
    """Prints the verbs; the exit code."""
    with suppress(click.exceptions.Exit, BrokenPipeError):
        punchdown.make_context("punchdown", ["--help"])
    return 0


def said(fault: click.UsageError) -> str:
    """What was not understood, with the verbs that may have been meant."""
    from difflib import get_close_matches  # only a slip needs it

    if not isinstance(fault, click.NoSuchCommand) or fault.ctx is None:
        return safe(fault.format_message()).removesuffix(".")
    group = fault.ctx.command
    names = group.list_commands(fault.ctx) if isinstance(group, click.Group) else []
    close = " or ".join(
        f"`{fault.ctx.command_path} {name}`" for name in get_close_matches(fault.command_name, names)
    )
    asked = f": did you mean {close}?" if close else ""
    return f"there is no verb “{safe(fault.command_name, 40)}”{asked}"


def parse(arguments: list[str]) -> Request:
    """What the arguments ask for; without a verb, the screen.

    Raises click's exceptions, among them Exit after --help and --version.
    """
    if arguments == ["--help"]:
        raise click.exceptions.Exit(show_help())
    from installer.cli.options import SHARED, bring_behind

    moved = bring_behind(arguments, _GROUPS)
    command: click.Command = punchdown
    if not moved or moved[0].partition("=")[0] in SHARED:
        from installer.cli.demo import screen

        command = screen
    with command.make_context("punchdown", moved) as context:
        request: Request = command.invoke(context)
    return request
