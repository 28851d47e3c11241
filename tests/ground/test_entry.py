import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import installer
from scripts.environment import ROOT

HEAVY = {"asyncio", "click", "httpx", "importlib.metadata", "pathlib", "pydantic", "re", "textual", "tui"}


def kit(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "installer", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_version_is_one_line() -> None:
    answer = kit("--version")
    assert (answer.returncode, answer.stdout, answer.stderr) == (
        0,
        f"punchdown {installer.__version__}\n",
        "",
    )


def test_version_loads_nothing_heavy() -> None:
    # -S: what the environment's own .pth files load at start-up is not ours to count.
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop()); from installer.__main__ import main; "
        "main(); print(*sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-S", "-c", script, "--version", str(ROOT)],
        capture_output=True, text=True, check=True, env={},
    )  # fmt: skip
    loaded = set(answer.stdout.split())
    assert "installer.__main__" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("arguments", [(), ("demo",), ("--home", "x", "demo"), ("--platform", "rehearsal")])
def test_without_a_terminal_the_screen_says_so_and_what_to_use(arguments: tuple[str, ...]) -> None:
    answer = kit(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "needs a terminal" in answer.stderr
    assert "punchdown rehearse --visit" in answer.stderr
    assert "punchdown --help" in answer.stderr


def test_the_screen_with_json_ends_with_its_summary() -> None:
    for arguments in (("demo", "--json"), ("--json",)):
        finding, summary = map(json.loads, kit(*arguments).stdout.splitlines())
        assert (finding["event"], finding["code"]) == ("finding", "usage")
        assert summary == {"event": "summary", "job": None, "exit": 2, "counts": {"findings": 0}}


def test_nothing_of_the_screen_is_loaded_where_it_is_not_opened() -> None:
    script = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from installer.__main__ import main; "
        "sys.argv[1:] = ['demo']; code = main(); print(*sys.modules); sys.exit(code)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert answer.returncode == 2
    loaded = {name.partition(".")[0] for name in answer.stdout.split()}
    assert "installer" in loaded
    assert not loaded & {"textual", "tui", "httpx", "pydantic"}


def test_started_by_path_it_says_how_to_start_it(tmp_path: Path) -> None:
    # A path start puts installer/ itself on sys.path; -S keeps an installed kit from being found instead.
    entry = str(ROOT / "installer" / "__main__.py")
    answer = subprocess.run(
        [sys.executable, "-S", entry, "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert "python -m installer" in answer.stderr


def shadowed(folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "installer").mkdir()
    (folder / "installer" / "__init__.py").write_text('__version__ = "1.1.0"\n')
    shutil.copy(ROOT / "installer" / "__main__.py", folder / "installer")
    return kit("--version", cwd=folder)


def test_a_foreign_installer_package_is_said_plainly(tmp_path: Path) -> None:
    answer = shadowed(tmp_path)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert str(tmp_path / "installer") in answer.stderr
    assert "belongs to another package, not to punchdown" in answer.stderr
    assert "pipx install punchdown" in answer.stderr


def test_the_distribution_that_owns_the_foreign_package_is_named(tmp_path: Path) -> None:
    record = tmp_path / "installer-1.1.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: installer\nVersion: 1.1.0\n")
    (record / "top_level.txt").write_text("installer\n")
    assert "the distribution 'installer', not to punchdown" in shadowed(tmp_path).stderr
