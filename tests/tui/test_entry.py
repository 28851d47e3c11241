"""What starts the screen, on a real terminal."""

import re
import shlex
from pathlib import Path

import pytest

from tests.tui.terminal import punchdown, terminal


@pytest.mark.parametrize(
    "arguments, shown",
    [
        ((), ("NO PLATFORM", "Which platform?")),
        (("--platform", "production"), ("PRODUCTION: REAL TELEPHONE LINES", "Which platform?")),
        (("demo",), ("REHEARSAL",)),
        (("--username", "pat@example.com"), ("pat@example.com",)),
    ],
)
def test_the_screen_opens_with_what_was_given(
    folder: Path, arguments: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    with terminal(punchdown("--home", folder / "home", *arguments)) as screen:
        screen.until(*shown)
        screen.press("C-q")
        assert screen.code == 0
        assert screen.is_restored


def test_what_cannot_be_used_is_said_before_a_screen_is_opened(folder: Path) -> None:
    given = (
        (("--platform", "nowhere"), "no platform profile “nowhere”"),
        (("--password-file", "/nonexistent/file"), "--password-file"),
        (("--quiet-window", "1", "--platform", "beta"), "a quiet window of 1 s"),
    )
    each = [shlex.join(map(str, punchdown("--home", folder / "home", *words))) for words, _ in given]
    with terminal(["sh", "-c", "; echo = $?; ".join([*each, "true"])], (300, 50)) as screen:
        assert screen.code == 0
        told = " ".join(screen.scrolled.split()).split("= 2")
        assert b"\x1b[?1049h" not in screen.stream
    assert len(told) == len(given) + 1
    for (_, said), here in zip(given, told, strict=False):
        assert said in here


@pytest.mark.parametrize("arguments, more", [(("--no-color",), {}), ((), {"NO_COLOR": "1"})])
def test_without_color_every_shade_is_grey(
    folder: Path, arguments: tuple[str, ...], more: dict[str, str]
) -> None:
    command = punchdown("--home", folder / "home", *arguments, "demo")
    with terminal(command, (80, 24), COLORTERM="truecolor", **more) as screen:
        screen.until("punchdown · REHEARSAL")
        screen.press("F10")
        assert screen.code == 0
        shades = set(re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", screen.stream))
    assert shades
    assert all(len(set(each)) == 1 for each in shades)
