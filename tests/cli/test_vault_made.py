"""A command that keeps nothing makes no vault."""

from pathlib import Path

import pytest

from tests.cli.kit import run


def secret(path: Path, text: str) -> Path:
    path.touch(0o600)
    path.write_text(f"{text}\n")
    return path


@pytest.mark.parametrize("words", [["undo", "nosuch"], ["apply", "nosuch.csv"], ["journal", "rebuild"]])
def test_a_command_that_comes_to_nothing_leaves_no_vault(tmp_path: Path, words: list[str]) -> None:
    home = tmp_path / "home"
    password, passphrase = secret(tmp_path / "pw", "p"), secret(tmp_path / "pp", "wrong")
    ran = run(
        *words, "--home", home, "--base-url", "http://127.0.0.1:9", "--username", "u",
        "--password-file", password, "--passphrase-file", passphrase,
    )  # fmt: skip
    assert ran.code != 0
    assert not (home / "vault.json").exists()
