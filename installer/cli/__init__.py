"""The headless command: parsed here, carried out on a session, told on stdout, stderr and by exit code.

Help is written before anything else is loaded: parsing needs click, the options and the verb's own module.
"""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import click

from installer.cli.verbs import parse, said
from installer.errors import UsageFault

if TYPE_CHECKING:
    from installer.cli.console import Console
    from installer.cli.options import Request
    from installer.cli.screen import Screen
    from installer.cli.voice import Voice

_USAGE, _INTERRUPTED = 2, 130


def main(argv: list[str], screen: Screen) -> int:
    """The exit code of `punchdown ARGV…`; with --json the last line on stdout is its summary, always.

    `screen` is opened where there is no verb, or one of the screen's.
    """
    os.umask(0o077)
    as_json = _asked_for("--json", argv)
    try:
        # Help would be no event: with --json it goes where people look.
        with redirect_stdout(sys.stderr if as_json else sys.stdout):
            request = parse(argv)
        if request.on_screen:
            return _on_screen(request, argv, screen, as_json=as_json)
        return _carried_out(request, argv, as_json=as_json)
    except click.exceptions.Exit as end:
        return _ended(argv, end.exit_code, as_json=as_json)
    except click.UsageError as fault:
        where = fault.ctx.command_path if fault.ctx else "punchdown"
        told = UsageFault(said(fault), code="usage", remedy=f"{where} --help")
        return _not_understood(told, argv, as_json=as_json)
    except UsageFault as fault:
        return _not_understood(fault, argv, as_json=as_json)
    except KeyboardInterrupt:  # before the run was there to catch it
        return _ended(argv, _INTERRUPTED, as_json=as_json)


def _carried_out(request: Request, argv: list[str], *, as_json: bool) -> int:
    from installer.cli.turn import carry_out

    console, voice = _voice(argv, as_json=as_json)
    code = carry_out(request, console, voice)
    console.end()
    return int(code)


def _on_screen(request: Request, argv: list[str], screen: Screen, *, as_json: bool) -> int:
    from installer.cli.screen import open_screen

    console = _console(argv)
    code = open_screen(request, console, lambda: _voice_on(console, as_json=as_json), screen)
    return _ended(argv, code, as_json=as_json)


def _ended(argv: list[str], code: int, *, as_json: bool) -> int:
    if as_json:
        from installer.cli.exits import Exit

        _, voice = _voice(argv, as_json=True)
        voice.summary(None, Exit(code), {})
    return code


def _not_understood(fault: UsageFault, argv: list[str], *, as_json: bool) -> int:
    from installer.cli.exits import Exit

    _, voice = _voice(argv, as_json=as_json)
    voice.error(fault)
    voice.summary(None, Exit(_USAGE), {})
    return _USAGE


def _voice(argv: list[str], *, as_json: bool) -> tuple[Console, Voice]:
    console = _console(argv)
    return console, _voice_on(console, as_json=as_json)


def _console(argv: list[str]) -> Console:
    from installer.cli.console import Console

    return Console(no_color=_asked_for("--no-color", argv))


def _voice_on(console: Console, *, as_json: bool) -> Voice:
    from installer.cli.jsonl import JsonLines
    from installer.cli.people import People

    return JsonLines(console) if as_json else People(console)


def variable(name: str) -> str:
    """The environment variable of an option: PUNCHDOWN_QUIET_WINDOW for --quiet-window."""
    return f"PUNCHDOWN_{name.removeprefix('--').replace('-', '_').upper()}"


def _asked_for(option: str, argv: list[str]) -> bool:
    """Whether a flag is given: known before anything is parsed, since parsing may fail."""
    given = os.environ.get(variable(option), "")
    before_end = argv[: argv.index("--")] if "--" in argv else argv
    return option in before_end or given.strip().lower() in {"1", "true", "t", "yes", "y", "on"}
