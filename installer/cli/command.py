"""A command from its arguments to its exit code: parsed, carried out on a session, told."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout, suppress

import click

from installer.cli.console import Console
from installer.cli.exits import Exit
from installer.cli.jsonl import JsonLines
from installer.cli.options import Request, variable
from installer.cli.people import People
from installer.cli.verbs import parse
from installer.cli.voice import Voice
from installer.errors import UsageFault
from installer.text import safe


def run(argv: list[str]) -> int:
    """The exit code of `punchdown ARGV…`; with --json the last line on stdout is its summary, always."""
    os.umask(0o077)
    as_json = _asked_for("--json", argv)
    console = Console(no_color=_asked_for("--no-color", argv))
    voice: Voice = JsonLines(console) if as_json else People(console)
    try:
        request = _parsed(argv, voice, as_json=as_json)
        if isinstance(request, Exit):
            code = request
            voice.summary(None, code, {})
        else:
            from installer.cli.turn import carry_out

            code = carry_out(request, console, voice)
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
        voice.summary(None, code, {})
    return int(code)


def _parsed(argv: list[str], voice: Voice, *, as_json: bool) -> Request | Exit:
    """The request; or, told already, how a command ends that asks for nothing or is not understood."""
    try:
        with redirect_stdout(sys.stderr if as_json else sys.stdout), suppress(BrokenPipeError):
            return parse(argv)
    except click.exceptions.Exit as end:
        return Exit(end.exit_code)
    except click.UsageError as fault:
        where = fault.ctx.command_path if fault.ctx else "punchdown"
        message = safe(fault.format_message())
        voice.error(UsageFault(message, code="usage", remedy=f"{where} --help"))
    return Exit.USAGE


def _asked_for(option: str, argv: list[str]) -> bool:
    """Whether a flag is given: known before anything is parsed, since parsing may fail."""
    given = os.environ.get(variable(option), "")
    before_end = argv[: argv.index("--")] if "--" in argv else argv
    return option in before_end or given.strip().lower() in {"1", "true", "t", "yes", "y", "on"}
