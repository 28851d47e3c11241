"""The README's pictures of the screen, drawn by the script that makes them."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

from scripts.environment import ROOT, child_variables
from tui.themes import DARK

SHOWN = {
    "screen-review.svg": "F3 makes",
    "screen-ports.svg": "● nothing is at fault",
    "screen-registration.svg": "● 29 of 29 lines registered",
    "screen-labels.svg": "Elevator 2",
}


def test_steps_of_a_visit_are_drawn_with_their_words_on_their_ground(folder: Path) -> None:
    script = ROOT / "scripts" / "screen_pictures.py"
    words = [sys.executable, str(script), str(folder / "home"), str(folder)]
    subprocess.run(words, env=child_variables(), check=True)
    drawn = {path.name: path.read_text("utf-8") for path in folder.glob("*.svg")}
    assert drawn.keys() == SHOWN.keys()
    for name, text in drawn.items():
        said = [unescape(each) for each in re.findall(r">([^<>]+)</text>", text)]
        assert any(SHOWN[name] in each for each in said), said
        assert f'fill="{DARK.background}"' in text
        assert text.endswith("</svg>\n")
