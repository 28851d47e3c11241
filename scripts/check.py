"""Every check that runs no test: format, rules, types, import contracts, the wheel in a clean environment.

python3 scripts/check.py          all of them
python3 scripts/check.py --fast   all but the wheel
"""

import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import environment
from scripts.environment import ROOT


class CheckFailed(Exception):
    """A check found something; the message is what it found."""


def main(arguments: list[str]) -> int:
    """1 if any check failed, after running all of them; else 0."""
    try:
        python = environment.ready_for_tests()
    except environment.EnvironmentFault as fault:
        environment.say(f"check: {fault}")
        return 1
    return 0 if run_all(python, fast=arguments == ["--fast"]) else 1


def run_all(python: Path, *, fast: bool) -> bool:
    """Whether every check holds; prints one line for each, and what a failing one said."""
    ruff = environment.tool(python, "ruff")
    checks: dict[str, Callable[[], object]] = {
        "format": lambda: command(ruff, "format", "--check", "--quiet", "."),
        "rules": lambda: command(ruff, "check", "--quiet", "."),
        "types": lambda: command(str(python), "-m", "mypy"),
        "imports": lambda: command(environment.tool(python, "lint-imports"), "--no-logo"),
    }
    if not fast:
        checks["wheel"] = lambda: wheel(python)
    failed = [name for name, check in checks.items() if not report(name, check)]
    return not failed


def report(name: str, check: Callable[[], object]) -> bool:
    """Whether the check holds."""
    start = time.monotonic()
    try:
        check()
    except CheckFailed as failure:
        print(f"{name:<8} FAILED\n{failure}", flush=True)
        return False
    print(f"{name:<8} ok  {time.monotonic() - start:.1f} s", flush=True)
    return True


def command(*words: str, cwd: Path = ROOT) -> str:
    """Standard output of a command; ended non-zero, it fails the check with all it said."""
    outcome = subprocess.run(
        words, cwd=cwd, env=environment.child_variables(), capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        raise CheckFailed(f"{outcome.stdout}{outcome.stderr}".rstrip())
    return outcome.stdout


def wheel(python: Path) -> None:
    """Builds the wheel, installs it where the checkout is out of reach, and starts it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        command(str(python), "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
        (built,) = home.glob("*.whl")
        carries_profiles(built)
        clean = install(python, built, home / "clean")
        version = command(environment.tool(clean, "punchdown"), "--version", cwd=home).strip()
        if built.name.split("-")[1] not in version.split():
            raise CheckFailed(f"{built.name} calls itself {version!r}")
        command(environment.tool(clean, "punchdown"), "--help", cwd=home)


def carries_profiles(built: Path) -> None:
    """Every file of profiles/ is in the wheel."""
    inside = set(zipfile.ZipFile(built).namelist())
    profiles = ROOT / "profiles"
    wanted = {
        f"installer/_profiles/{path.relative_to(profiles).as_posix()}"
        for path in profiles.rglob("*")
        if path.is_file()
    }
    if not wanted or wanted - inside:
        raise CheckFailed(f"missing in {built.name}: {sorted(wanted - inside) or 'profiles/ is empty'}")


def install(python: Path, built: Path, folder: Path) -> Path:
    """Python of a new environment that holds the wheel, and borrows only the libraries of ours.

    Ours reaches the checkout by a .pth file; read through another environment's, that file does not count.
    """
    environment.create(folder, environment.libraries(python.parent.parent))
    clean = environment.python_of(folder)
    command(*environment.pip(folder), "install", "-q", "--no-deps", "--no-index", str(built))
    found = command(str(clean), "-P", "-c", "import installer; print(installer.__file__)", cwd=folder)
    if not Path(found.strip()).resolve().is_relative_to(folder.resolve()):
        raise CheckFailed(f"the kit was taken from {found.strip()}, not from the wheel")
    return clean


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
