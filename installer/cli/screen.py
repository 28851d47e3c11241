"""Opening the screen with what the command was given."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from installer.cli.console import Console
from installer.cli.given import default_home, settings_of
from installer.cli.options import Request
from installer.errors import PunchdownError, UsageFault
from installer.session import Session, Settings

if TYPE_CHECKING:
    from installer.cli.voice import Voice
    from installer.domain.credential import Secret
    from installer.domain.finding import Finding

Screen = Callable[[Settings, Path], int]
"""Shows the screen on settings and a home until it is left; its exit code."""


def open_screen(request: Request, console: Console, voice: Callable[[], Voice], screen: Screen) -> int:
    """The exit code of the screen, or 2 and why it was not opened; nothing of it is loaded before.

    `voice` is asked for where something has to be said: most starts have nothing, and load none.
    """
    try:
        _can_be_shown(request, console)
        home = request.options.home or default_home()
        settings, findings = _given(request, home)
        if settings.platform is not None:
            _ = Session(settings).rooms.platform_profile  # a name that is none is said here
    except PunchdownError as fault:
        from installer.cli.exits import of_error

        voice().error(fault)
        return of_error(fault)
    if findings:
        voice().findings(findings)
    if request.options.no_color:
        os.environ["NO_COLOR"] = "1"
    return screen(settings, home)


def _can_be_shown(request: Request, console: Console) -> None:
    instead = "`punchdown --help` shows every verb, `punchdown rehearse --visit` a whole visit"
    if request.options.json:
        raise UsageFault("--json is for verbs, not for the screen", code="usage", remedy=instead)
    if not console.asks:
        raise UsageFault("the screen needs a terminal", code="no-terminal", remedy=instead)


def _given(request: Request, home: Path) -> tuple[Settings, list[Finding]]:
    """Settings with what the files of secrets hold, and findings about those files."""
    options = request.options
    findings: list[Finding] = []

    def secret(path: Path | None, option: str) -> Secret | None:
        if path is None:
            return None
        from installer.cli.asking import read_secret

        return read_secret(path, option, findings)

    settings = replace(
        settings_of(options, home),
        password=secret(options.password_file, "--password-file"),
        passphrase=secret(options.passphrase_file, "--passphrase-file"),
    )
    return settings, findings
