import subprocess
import sys

import pytest

from installer.cli.verbs import _OF
from tests.cli.kit import ROOT, environment, run

OURS = {"installer.domain", "installer.planning", "installer.session"}
"""Rooms of the engine: what they hold is for the verb, not for its help."""
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
        "print(*sys.modules)"
    )
    script = f"import sys; sys.path[:0] = {sys.path!r}\n{script}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, "", *VERBS, *NESTED],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "click" in loaded
    assert not loaded & HEAVY


def test_the_top_help_loads_nothing_of_the_engine() -> None:
    script = "import sys; from installer.cli import main; main(['--help'], int); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert {"click", "installer.cli.verbs"} <= loaded
    assert not {".".join(name.split(".")[:2]) for name in loaded} & OURS


@pytest.mark.parametrize("verb", [*(verb for verb in VERBS if verb not in {"journal", "lines"}), *NESTED])
def test_every_verb_has_examples_that_start_with_the_command(verb: str) -> None:
    shown = run(*verb.split(), "--help").out
    examples = shown.partition("Examples:\n")[2].strip().splitlines()
    assert examples
    assert all(line.strip().startswith("punchdown ") for line in examples)
    assert any(f" {verb}" in line for line in examples)
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_the_top_help_names_every_verb() -> None:
    shown = run("--help").out
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    assert all(f"\n  {verb} " in shown for verb in _OF)


def test_help_with_json_leaves_stdout_to_events() -> None:
    ran = run("--json", "plan", "--help")
    assert ran.code == 0
    assert [each["event"] for each in ran.events] == ["summary"]
    assert "Usage: punchdown plan" in ran.err


def test_version_among_other_options() -> None:
    assert run("--version").out.startswith("punchdown ")


@pytest.mark.parametrize(
    "typed, said",
    [
        ("statsu", "there is no verb “statsu”: did you mean `punchdown status`?"),
        (
            "lines lst",
            "there is no verb “lst”: did you mean `punchdown lines list` or `punchdown lines set`?",
        ),
        ("frobnicate", "there is no verb “frobnicate”"),
        ("plan --yes", "No such option '--yes'"),
    ],
)
def test_what_is_not_understood_is_said_without_a_stray_stop_and_with_what_was_meant(
    typed: str, said: str
) -> None:
    ran = run(*typed.split(), "--json")
    (finding,) = ran.of("finding")
    assert (ran.code, finding["code"], finding["message"]) == (2, "usage", said)
