import subprocess
import sys

import pytest

from installer.cli.verbs import _OF
from tests.cli.kit import ROOT, environment, run

HEAVY = {
    "asyncio",
    "httpx",
    "pydantic",
    "reportlab",
    "textual",
    "openpyxl",
    "starlette",
    "cryptography",
    "sqlite3",
}
VERBS = list(_OF)
NESTED = [
    "journal verify",
    "journal rebuild",
    *(f"lines {name}" for name in ["list", "show", "set", "move", "delete", "reissue"]),
]


def test_help_and_every_verbs_help_load_nothing_heavy() -> None:
    script = (
        "import io, sys; from contextlib import redirect_stdout; from installer.cli import main\n"
        "for line in sys.argv[1:]:\n"
        "    with redirect_stdout(io.StringIO()) as out: assert main([*line.split(), '--help'], int) == 0\n"
        "    assert 'Usage: punchdown' in out.getvalue()\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    script = f"import sys; sys.path[:0] = {sys.path!r}\n{script}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, "", *VERBS, *NESTED],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "click" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("verb", [*(verb for verb in VERBS if verb not in {"journal", "lines"}), *NESTED])
def test_every_verb_has_examples_that_start_with_the_command(verb: str) -> None:
    shown = run(*verb.split(), "--help").out
    examples = shown.partition("Examples:\n")[2].strip().splitlines()
    assert examples
    assert all(line.strip().startswith("punchdown ") for line in examples)
    assert any(f" {verb}" in line for line in examples)
    assert all(len(line) <= 80 for line in shown.partition("Examples:")[0].splitlines())


def test_the_top_help_names_every_verb() -> None:
    shown = run("--help").out
    assert all(f"\n  {verb} " in shown for verb in _OF)


def test_help_with_json_leaves_stdout_to_events() -> None:
    ran = run("--json", "plan", "--help")
    assert ran.code == 0
    assert [each["event"] for each in ran.events] == ["summary"]
    assert "Usage: punchdown plan" in ran.err


def test_version_among_other_options() -> None:
    assert run("--version").out.startswith("punchdown ")
