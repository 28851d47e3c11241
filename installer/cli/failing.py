"""What ended a command, told: a failure by what to do, a defect of the kit with a report of where it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

from installer.cli.exits import Exit, of_error
from installer.cli.voice import Voice
from installer.domain.finding import Finding, Severity
from installer.errors import PunchdownError
from installer.session.crash import write_report


def tell(fault: BaseException | None, voice: Voice, home: Path, verb: str) -> Exit:
    """Say what `fault` was; gives what it counts as, DONE where it is nothing to tell of."""
    if isinstance(fault, PunchdownError):
        voice.error(fault)
        return of_error(fault)
    if isinstance(fault, Exception):
        _tell_defect(voice, home, verb, fault)
        return Exit.DEFECT
    return Exit.DONE


def _tell_defect(voice: Voice, home: Path, verb: str, defect: Exception) -> None:
    from installer.outputs.written import WrittenFile

    path = write_report(home, verb, defect)
    remedy = "please send the crash report" if path else "no crash report could be written"
    message = f"a defect in the kit ({type(defect).__name__})"
    voice.findings([Finding(Severity.ERROR, "defect", message, remedy)])
    if path is not None:
        voice.artifacts([WrittenFile("crash-report", path, hashlib.sha256(path.read_bytes()).hexdigest())])
