"""The command `punchdown`: without a verb the screen, with one the command line."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing would be half of --version
    from pathlib import Path

    from installer.session import Settings

# A start allocates what stays; to look it through for garbage time and again takes a tenth of it.
_ALLOCATIONS = 50_000


def main() -> int:
    """Exit code of what the arguments ask for.

    `--version` is answered before anything heavier than the interpreter is loaded.
    """
    arguments = sys.argv[1:]
    if (complaint := shadow_complaint()) is not None:
        sys.stderr.write(f"punchdown: {complaint}\n")
        return 2
    if arguments == ["--version"]:
        from installer import __version__

        sys.stdout.write(f"punchdown {__version__}\n")
        return 0
    gc.set_threshold(_ALLOCATIONS)
    from installer.cli import main as start

    return start(arguments, start_screen)


def start_screen(settings: Settings, home: Path) -> int:
    """Exit code of the screen; only here does the kit's engine meet it."""
    gc.disable()  # until its first frame stands, from when on it looks for garbage as often as ever
    from tui.app import run

    return run(settings, home)


def shadow_complaint() -> str | None:
    """What to tell a person whose `installer` is not this package; None where it is.

    The import name also belongs to another published distribution, so a shared environment may hold that one.
    """
    try:
        import installer
    except ModuleNotFoundError:
        return "start it as `punchdown` or `python -m installer`, not by the path of a file."
    ours = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs half of --version
    found = os.path.dirname(os.path.abspath(installer.__file__ or ""))  # noqa: PTH100, PTH120
    if found == ours and getattr(installer, "__distribution__", None) == "punchdown":
        return None
    from importlib.metadata import packages_distributions

    owners = [name for name in packages_distributions().get("installer", []) if name != "punchdown"]
    other = f"the distribution {', '.join(sorted(set(owners)))!r}" if owners else "another package"
    return (
        f"the Python package `installer` in {found} belongs to {other}, not to punchdown. "
        "Install punchdown in an environment of its own: `pipx install punchdown`, "
        "`uv tool install punchdown`, or `python3 scripts/run.py` from a checkout."
    )


if __name__ == "__main__":
    sys.exit(main())
