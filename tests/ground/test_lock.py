import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import environment
from scripts.environment import ROOT, RUN_LOCK, TEST_LOCK
from tests.ground.test_environment import write_wheel

LOCKS = [RUN_LOCK, TEST_LOCK]
PLATFORMS = ["linux", "macos", "windows"]


def resolve(lock: Path, target: str, version: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Finds a wheel with a locked hash for everything that the lock asks for there; installs nothing."""
    uv = environment.tool(Path(sys.executable), "uv")
    words = [uv, "pip", "install", "--no-config", "--dry-run", "--require-hashes", "--only-binary=:all:"]
    words += [
        f"--target={ROOT / '.venv' / 'never'}",
        f"--python-platform={target}",
        f"--python-version={version}",
    ]
    return subprocess.run(
        [*words, *more, f"--requirement={lock}"], capture_output=True, text=True, check=False
    )


def requirements(lock: Path) -> list[Requirement]:
    joined = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [Requirement(line.split("--hash")[0].strip()) for line in lines]


def pins(lock: Path) -> dict[str, set[str]]:
    """Versions by name; a name may have one for each platform."""
    found: dict[str, set[str]] = {}
    for requirement in requirements(lock):
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        found.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return found


@pytest.mark.parametrize("version", ["3.11", "3.13"])
@pytest.mark.parametrize("target", PLATFORMS)
@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_a_wheel_there(lock: Path, target: str, version: str) -> None:
    outcome = resolve(lock, target, version)
    assert outcome.returncode == 0, outcome.stderr
    assert re.search(r"Would install \d\d packages", outcome.stderr)


def test_an_intel_mac_is_served_too() -> None:
    outcome = resolve(RUN_LOCK, "x86_64-apple-darwin", "3.11")
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("target", PLATFORMS)
def test_a_missing_wheel_is_found_out(target: str, tmp_path: Path) -> None:
    digest = write_wheel(tmp_path, "punchdowntiny", "py3-none-manylinux_2_17_x86_64")
    lock = tmp_path / "tiny.lock"
    lock.write_text(f"punchdowntiny==1.0 --hash={digest}\n")
    outcome = resolve(lock, target, "3.11", "--no-index", f"--find-links={tmp_path}")
    assert (outcome.returncode == 0) == (target == "linux")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_it_names_no_index_and_no_path(lock: Path) -> None:
    allowed = re.compile(
        r"#.*|[a-z0-9-]+==[0-9][\w.]*( ; [\w\s.()'<>=!]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    assert [line for line in lock.read_text("utf-8").splitlines() if not allowed.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_is_hashed(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z])", lock.read_text("utf-8").split("\n", 1)[1])
    assert len(entries) == len(requirements(lock))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [(line, RUN_LOCK) for line in project["project"]["dependencies"]]
    asked += [(line, TEST_LOCK) for group in project["dependency-groups"].values() for line in group]
    unmet = []
    for line, lock in asked:
        wanted = Requirement(line)
        versions = pins(lock).get(canonicalize_name(wanted.name), set())
        if not any(wanted.specifier.contains(version) for version in versions):
            unmet.append(line)
    assert unmet == []


def test_both_locks_agree_on_what_they_share() -> None:
    running, testing = pins(RUN_LOCK), pins(TEST_LOCK)
    shared = running.keys() & testing.keys()
    assert shared
    assert {name: testing[name] for name in shared if not testing[name] <= running[name]} == {}
