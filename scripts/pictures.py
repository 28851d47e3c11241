"""Makes the README's pictures from a rehearsed visit.

python3 scripts/pictures.py
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import environment
from scripts.environment import ROOT

PICTURES = ROOT / ".pictures"
_DRAW = """
import sys
import pypdfium2
page = pypdfium2.PdfDocument(sys.argv[1])[0].render(scale=1.5).to_pil()
page.crop((0, 0, page.width, page.height // 2)).convert("L").quantize(16).save(sys.argv[2], optimize=True)
"""


def main() -> None:
    """Writes .pictures/labels.png, the upper half of a printed sheet of labels, and steps of the screen."""
    python = environment.ready_for_tests()
    with tempfile.TemporaryDirectory() as home:
        visit = [str(python), "-P", "-m", "installer", "--home", home, "rehearse", "--visit"]
        left = subprocess.run(
            visit, env=environment.child_variables(), capture_output=True, text=True, check=True
        ).stdout.splitlines()
        (labels,) = [path for path in left if path.endswith("labels.pdf")]
        PICTURES.mkdir(exist_ok=True)
        subprocess.run([str(python), "-c", _DRAW, labels, str(PICTURES / "labels.png")], check=True)
    with tempfile.TemporaryDirectory() as home:
        steps = [str(python), str(ROOT / "scripts" / "screen_pictures.py"), home, str(PICTURES)]
        subprocess.run(steps, env=environment.child_variables(), check=True)


if __name__ == "__main__":
    main()
