"""Every command that the README shows is run, in its order, on the rehearsal platform."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_ENDS = re.compile(r"# ends with ([0-9]+)$")
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in _BLOCK.findall(README) for line in block.splitlines()]


def test_the_readme_shows_commands_of_three_kinds_only() -> None:
    shown = commands()
    assert {shlex.split(line, comments=True)[0] for line in shown} == {"punchdown", "python3", "export"}
    assert all((ROOT / shlex.split(line)[1]).is_file() for line in shown if line.startswith("python3"))


@pytest.mark.timeout(170)
def test_every_verb_the_readme_shows_does_what_it_says(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    ran = 0
    for line in commands():
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            name, value = words[1].split("=")
            environment[name] = value.replace("$HOME", environment["HOME"])
        elif words[0] == "punchdown":
            arguments = [str(ROOT / word) if word.startswith("profiles/") else word for word in words[1:]]
            done = subprocess.run(
                [sys.executable, "-m", "installer", *arguments],
                cwd=tmp_path,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            told = _ENDS.search(line)
            assert done.returncode == (int(told[1]) if told else 0), (
                f"{line}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
            )
            ran += 1
    assert ran == sum(line.startswith("punchdown") for line in commands())


def test_every_file_and_picture_the_readme_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#]+)\)", README) + re.findall(
        r"`((?:profiles|scripts|installer)/[^`*]+)`", README
    )
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []
