"""The private environment beside the checkout: made once per lock and Python, complete or not used."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
HOME = ROOT / ".venv"
PYTHON_NEEDED = (3, 11)


class EnvironmentFault(Exception):
    """The environment could not be made; the message tells a person what to do."""


def ready(home: Path = HOME, run_lock: Path = RUN_LOCK) -> Path:
    """Path of a Python that has everything the kit runs with."""
    folder = home / key(run_lock)
    with alone(home):
        _fill(folder, run_lock, "run")
    return python_of(folder)


def ready_for_tests(home: Path = HOME, run_lock: Path = RUN_LOCK, test_lock: Path = TEST_LOCK) -> Path:
    """Path of the same Python, with the tools of the tests and checks added."""
    folder = home / key(run_lock)
    with alone(home):
        _fill(folder, run_lock, "run")
        _fill(folder, test_lock, "test")
    return python_of(folder)


def key(run_lock: Path) -> str:
    """Folder name that changes with the lock, the interpreter and the place of the checkout."""
    parts = [
        run_lock.read_bytes(),
        sys.version.encode(),
        sysconfig.get_platform().encode(),
        os.fsencode(ROOT),
    ]
    parts.append(os.fsencode(sys.base_prefix))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def tool(python: Path, name: str) -> str:
    """Path of a command installed beside `python`."""
    return str(python.parent / (f"{name}.exe" if sys.platform == "win32" else name))


def child_variables() -> dict[str, str]:
    """Our variables, less the one that would make every start compile everything anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Held by one start at a time; the system frees it when the holder ends, however it ends."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = (home / "lock").open("a+b")
    except OSError as fault:
        message = f"cannot write in {home}: {fault.strerror}. Put the checkout where you may write."
        raise EnvironmentFault(message) from fault
    with handle:
        if not _try_lock(handle.fileno()):
            say("another start is preparing the environment; waiting for it …")
            while not _try_lock(handle.fileno(), wait=True):
                pass
        yield


def _try_lock(handle: int, *, wait: bool = False) -> bool:
    """Whether the lock is ours; where `wait`, may come back without it only on Windows, after ten seconds."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _fill(folder: Path, lock: Path, name: str) -> None:
    """Installs one lock into the folder, unless its mark says that this was done to the end.

    The mark is written last: a start that was killed leaves none, and the next one does the work again.
    """
    mark = folder / f"installed-{name}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text("ascii") == wanted:
        return
    if name == "run":
        say("preparing a private environment (first start only, about a minute) …")
        shutil.rmtree(folder, ignore_errors=True)
        create(folder, ROOT)
    else:
        say("adding the test tools …")
    _install(folder, lock)
    unfinished = mark.with_suffix(".new")
    unfinished.write_text(wanted, "ascii")
    unfinished.replace(mark)


def create(folder: Path, *reaches: Path) -> None:
    """An empty environment that also imports from the folders `reaches`.

    Made without ensurepip, which Debian splits off.
    """
    venv.EnvBuilder(with_pip=False, symlinks=sys.platform != "win32").create(folder)
    lines = "".join(f"{reach}\n" for reach in reaches)
    (libraries(folder) / "reaches.pth").write_text(lines, "utf-8")


def libraries(folder: Path) -> Path:
    """Where the environment in `folder` keeps its packages."""
    base = str(folder)
    return Path(sysconfig.get_path("purelib", "venv", vars={"base": base, "platbase": base}))


def _install(folder: Path, lock: Path) -> None:
    command = [
        *pip(folder),
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "--only-binary=:all:",
        f"--requirement={lock}",
    ]
    outcome = subprocess.run(command, env=child_variables(), stdout=sys.stderr, check=False)
    if outcome.returncode:
        raise EnvironmentFault(
            f"pip could not install {lock.name} (its own words stand above). The first start needs to reach "
            "a Python package index; start again once it does, nothing half-made will be used."
        )


def pip(folder: Path) -> list[str]:
    """The start of a pip command that installs into the folder."""
    python = str(python_of(folder))
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", python]
    bootstrap = [python, "-m", "ensurepip"]
    if subprocess.run(bootstrap, env=child_variables(), capture_output=True, check=False).returncode == 0:
        return [python, "-m", "pip"]
    raise EnvironmentFault(
        f"{sys.executable} has neither pip nor ensurepip. On Debian and Ubuntu: apt-get install python3-pip; "
        "elsewhere install Python with pip."
    )


def say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()
