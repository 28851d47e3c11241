"""Options that verbs share (contract §5): before or after the verb, or as PUNCHDOWN_<NAME>."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from installer.cli import variable

if TYPE_CHECKING:
    from installer.cli.turn import Turn

P = ParamSpec("P")
Act = Callable[["Turn"], Awaitable[None]]
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Texts(click.ParamType[str]):
    """Texts that may hold blanks: in an environment variable they are parted by semicolons."""

    name = "text"
    envvar_list_splitter = ";"


class _Codes(_Texts):
    """Codes that can be accepted: another one is a fault that names them all."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        from installer.domain.finding import Acceptable
        from installer.errors import UsageFault
        from installer.text import safe

        if value not in set(Acceptable):
            known = f"one of {', '.join(Acceptable)}"
            raise UsageFault(f"--accept knows no code “{safe(value, 60)}”", code="no-such-code", remedy=known)
        return value


_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_SECONDS = click.FloatRange(min=0.0, min_open=True)


def option(name: str, *alias: str, **more: Any) -> Decorator:  # noqa: ANN401 - what click takes
    """A click option with its environment variable."""
    return click.option(name, *alias, envvar=variable(name), **more)


SHARED: dict[str, dict[str, Any]] = {
    "--home": {"type": _FOLDER, "metavar": "DIR", "help": "Where the kit keeps all it keeps."},
    "--platform": {"metavar": "NAME", "help": "production, beta, rehearsal, or a profile of your own."},
    "--base-url": {"metavar": "URL", "help": "The platform's address instead; https, or http to loopback."},
    "--ca-file": {"type": _FILE, "metavar": "FILE", "help": "A certificate authority to trust as well."},
    "--username": {"metavar": "NAME", "help": "Who signs in."},
    "--password-file": {"type": _FILE, "metavar": "FILE", "help": "Holds the sign-in's password."},
    "--passphrase-file": {"type": _FILE, "metavar": "FILE", "help": "Holds what unlocks the vault."},
    "--operator": {"metavar": "NAME", "help": "Who acts, for the journal; default: your user name."},
    "--out": {"type": _FOLDER, "metavar": "DIR", "help": "Where files go; default: out/<job> of the home."},
    "--concurrency": {
        "type": click.IntRange(1, 8), "default": 4, "show_default": True, "metavar": "N",
        "help": "Calls under way at once.",
    },
    "--deadline": {
        "type": _SECONDS, "default": 30.0, "show_default": True, "metavar": "S",
        "help": "Seconds for a whole call.",
    },
    "--quiet-window": {
        "type": click.FloatRange(min=0.0), "default": None, "metavar": "S",
        "help": "Seconds between two looks before a create is sent again; default 30.",
    },
    "--json": {"is_flag": True, "help": "One JSON object a line on stdout, nothing else."},
    "--no-color": {"is_flag": True, "help": "No color, on a terminal too (so does NO_COLOR)."},
}  # fmt: skip
"""What every verb takes."""

FLAGS = frozenset(name for name, more in SHARED.items() if more.get("is_flag"))

ONLY = option("--gateway", metavar="PLACE", default=None, help="Only this gateway.")
YES = option("--yes", is_flag=True, help="Agree to the plan; never to a life-safety warning.")
PARTIAL = option("--partial", is_flag=True, help="Leave gateways with faults out, go on with the rest.")
ACCEPT = option(
    "--accept", type=_Codes(), multiple=True, metavar="CODE", help="Take on findings of that code."
)
CONFIRM = option(
    "--confirm", type=_Texts(), multiple=True, metavar="NAME", help="A line's name, where one must be typed."
)
GOING_ON = (ONLY, YES, PARTIAL, ACCEPT)
"""Of every verb that brings a job to what it says."""

JOB = click.argument("job", required=False)
SOURCE = click.argument("source", metavar="[SHEET|JOB]", required=False)


@dataclass(frozen=True, slots=True)
class Options:
    """The shared options as given."""

    home: Path | None
    platform: str | None
    base_url: str | None
    ca_file: Path | None
    username: str | None
    password_file: Path | None
    passphrase_file: Path | None
    operator: str | None
    out: Path | None
    concurrency: int
    deadline: float
    quiet_window: float | None
    json: bool
    no_color: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What was decided beforehand, by those of --yes, --accept, --confirm and --partial that a verb takes."""

    yes: bool = False
    accept: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """What a verb cannot do without, so that a person is asked before it begins.

    With `open_job` only as far as the jobs that are open need it, unless one is named.
    """

    sign_in: bool = False
    vault: bool = False
    open_job: bool = False


NOTHING = Needs()
VAULT = Needs(vault=True)
SIGN_IN = Needs(sign_in=True)
BOTH = Needs(sign_in=True, vault=True)


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed command: what to do with which options."""

    verb: str
    options: Options
    needs: Needs
    act: Act
    on_screen: bool


def verb(
    needs: Needs, *own: Decorator, examples: str, rehearses: bool = False, on_screen: bool = False
) -> Callable[[Callable[P, Act]], click.Command]:
    """A verb's command: its own arguments and options, then the shared ones; it gives a Request.

    Its decisions come as one Given, as `given`.

    One that `rehearses` is about the rehearsal platform, whatever else the environment names; one that is
    `on_screen` is left to the screen.
    """

    def made(act: Callable[..., Act]) -> click.Command:
        @functools.wraps(act)
        def parsed(**given: Any) -> Request:  # noqa: ANN401 - what click parsed
            shared = {each.name: given.pop(each.name) for each in fields(Options)}
            decided = {each.name: given.pop(each.name) for each in fields(Given) if each.name in given}
            if decided:
                given["given"] = Given(**decided)
            path = click.get_current_context().command_path
            if rehearses:
                from installer.session.settings import (
                    REHEARSAL,  # the session's package is more than help needs
                )

                shared |= {"platform": REHEARSAL, "base_url": None, "username": None, "password_file": None}
            wanted = replace(needs, open_job=needs.open_job and given["job"] is None)
            name = path.removeprefix("punchdown ")
            return Request(name, Options(**shared), wanted, act(**given), on_screen)

        command: Callable[..., Any] = parsed
        for name, more in reversed(SHARED.items()):
            command = option(name, **more)(command)
        for decorate in reversed(own):
            command = decorate(command)
        lines = "\n".join(f"  {line}" for line in examples.strip().splitlines())
        return click.command(epilog=f"\b\nExamples:\n{lines}")(command)

    return made


def bring_behind(arguments: list[str], groups: frozenset[str]) -> list[str]:
    """The same command with the shared options that stood before its verb moved behind it.

    Without a verb it is those options by themselves.
    """
    early: list[str] = []
    names: list[str] = []
    rest = list(arguments)
    while rest:
        name, given, _ = rest[0].partition("=")
        if name in SHARED:
            taken = 1 if given or name in FLAGS or "=" in rest[0] else 2
            early += rest[:taken]
            del rest[:taken]
        elif rest[0].startswith("-"):
            break
        else:
            names.append(rest.pop(0))
            if names[-1] not in groups or len(names) > 1:
                break
    if not names:
        return rest or early
    if not rest and len(names) == 1 and names[0] in groups:
        return names  # a group by itself takes no options: what is missing is its verb
    return [*names, *early, *rest]
