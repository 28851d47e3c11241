import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import installer
from scripts import check, components, run
from scripts import test as whole
from scripts.environment import ROOT, tool
from tests.components import need


@pytest.mark.parametrize(
    "arguments,terminal,expected",
    [
        ([], True, ["demo"]),
        ([], False, ["rehearse", "--visit"]),
        (["--headless"], True, ["rehearse", "--visit"]),
        (["--headless", "--json"], False, ["rehearse", "--visit", "--json"]),
        (["plan", "site.csv", "--json"], True, ["plan", "site.csv", "--json"]),
        (["--version"], False, ["--version"]),
    ],
)
def test_run_starts_the_verb_for_the_place(arguments: list[str], terminal: bool, expected: list[str]) -> None:
    assert run.verb(arguments, terminal=terminal) == expected


def test_run_starts_our_kit_wherever_the_person_stands(tmp_path: Path) -> None:
    (tmp_path / "installer").mkdir()
    (tmp_path / "installer" / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    words = [sys.executable, str(ROOT / "scripts" / "run.py"), "--version"]
    answer = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, f"punchdown {installer.__version__}\n"), answer.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot replace a process")
def test_run_becomes_the_kit_so_that_signals_reach_it() -> None:
    script = (
        "import sys; from scripts.run import become; "
        "become([sys.executable, '-c', 'import os, sys; print(os.getpid()); sys.exit(11)'], {})"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as started:
        out, _ = started.communicate(timeout=30)
    assert (int(out), started.returncode) == (started.pid, 11)


def test_check_says_what_a_failing_command_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = (sys.executable, "-c", "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)")
    assert not check.report("rules", lambda: check.command(*words))
    assert capsys.readouterr().out == "rules    FAILED\nout\nerr\n"


def test_check_says_in_one_line_what_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.report("rules", lambda: None)
    assert capsys.readouterr().out.startswith("rules    ok  ")


def test_a_wheel_without_a_profile_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "ROOT", tmp_path)
    for name in ("gateways/vega24.toml", "labels/avery5160.toml"):
        (tmp_path / "profiles" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "profiles" / name).touch()
    built = tmp_path / "kit.whl"
    with zipfile.ZipFile(built, "w") as archive:
        archive.writestr("installer/_profiles/gateways/vega24.toml", "")
    with pytest.raises(check.CheckFailed, match=r"labels/avery5160\.toml"):
        check.carries_profiles(built)
    with zipfile.ZipFile(built, "a") as archive:
        archive.writestr("installer/_profiles/labels/avery5160.toml", "")
    check.carries_profiles(built)


@pytest.mark.parametrize(
    "module,line,contract",
    [
        ("installer/domain/extra.py", "import os", "rules have no I/O"),
        ("installer/planning/extra.py", "import httpx", "one module knows httpx"),
        ("installer/domain/extra.py", "import installer.planning", "imports run one way"),
        ("installer/unknown.py", "", "imports run one way"),
        ("installer/text.py", "import textual", "the engine knows no screen"),
        ("tui/extra.py", "import installer.clock", "the screen talks to a session"),
        ("installer/rehearsal/extra.py", "import installer.domain", "the rehearsal shares nothing"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    module: str, line: str, contract: str, tmp_path: Path
) -> None:
    for name in ("installer", "tui"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / module
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a") as file:
        file.write(f"\n{line}\n")
    words = [tool(Path(sys.executable), "lint-imports"), "--no-cache", "--no-logo"]
    variables = os.environ | {"PYTHONPATH": str(tmp_path)}
    said = subprocess.run(words, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert said.returncode == 1, said.stdout
    broken = [row for row in said.stdout.splitlines() if "BROKEN" in row]
    assert any(row.startswith(contract) for row in broken), said.stdout


@pytest.mark.parametrize(
    "line,summary",
    [
        ("===== 12 passed, 1 skipped in 3.21s =====", "12 passed, 1 skipped in 3.21s"),
        ("\x1b[31m==== \x1b[1m1 failed\x1b[0m, 2 passed in 1.00s ====\x1b[0m", "1 failed, 2 passed in 1.00s"),
    ],
)
def test_pytests_own_last_line_is_told_again(line: str, summary: str) -> None:
    found = whole.SUMMARY.match(whole.COLOUR.sub("", line))
    assert found is not None
    assert found[1] == summary


def test_every_room_that_must_be_covered_is_measured() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    rooms = ("domain", "journal", "planning", "provisioning", "sip")
    assert project["tool"]["coverage"]["report"]["fail_under"] == 100
    assert project["tool"]["coverage"]["run"]["source"] == [f"installer.{room}" for room in rooms]
    assert project["tool"]["coverage"]["run"]["branch"]


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("nothing_installed")
def test_a_missing_component_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"sipp is not installed .*sip-tester"):
        need("sipp")


@pytest.mark.usefixtures("nothing_installed")
def test_under_ci_a_missing_component_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="sipp is not installed"):
        need("sipp")


def test_a_component_that_is_there_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "sipp"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert need("sipp") == str(program)


@pytest.mark.parametrize(
    "release,expected",
    [
        ("ID=debian\n", True),
        ('ID=ubuntu\nID_LIKE="debian"\n', True),
        ('ID=fedora\nID_LIKE="rhel centos"\n', False),
    ],
)
def test_packages_are_installed_on_debian_only(
    release: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    (tmp_path / "os-release").write_text(release)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert components.may_install(tmp_path / "os-release") is expected


def test_packages_are_not_installed_without_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not components.may_install()
