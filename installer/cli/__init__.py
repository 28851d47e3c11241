"""The headless command: parsed here, carried out on a session, told on stdout, stderr and by exit code."""

from __future__ import annotations

import os


def main(argv: list[str]) -> int:
    """The exit code of `punchdown ARGV…`; with --json the last line on stdout is its summary, always.

    The list of verbs is shown before anything but click is loaded.
    """
    if argv == ["--help"] and "PUNCHDOWN_JSON" not in os.environ:
        from installer.cli.verbs import show_help

        return show_help()
    from installer.cli.command import run

    return run(argv)
