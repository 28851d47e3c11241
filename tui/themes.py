"""The two themes of the kit: tones at a contrast of 4.5:1 or more, on dark and on light ground."""

from __future__ import annotations

from textual.theme import Theme

SIGNS = {"good": "#7ee787", "bad": "#ff9d94", "warn": "#f2cc60", "quiet": "#a8b3bd",
         "bad-ground": "#8e1519", "bad-text": "#ffffff"}  # fmt: skip
DARK = Theme(
    "punchdown-dark", primary="#79b8ff", secondary="#79b8ff", accent="#79b8ff", warning="#f2cc60",
    error="#ff9d94", success="#7ee787", foreground="#e6edf3", background="#0d1117", surface="#161b22",
    panel="#21262d", variables=SIGNS,
)  # fmt: skip
LIGHT = Theme(
    "punchdown-light", primary="#0a4fa0", secondary="#0a4fa0", accent="#0a4fa0", warning="#7a4d00",
    error="#a40e17", success="#0f5d27", foreground="#1a1f24", background="#ffffff", surface="#f3f5f7",
    panel="#e1e6eb", dark=False,
    variables={**SIGNS, "good": "#0f5d27", "bad": "#a40e17", "warn": "#7a4d00", "quiet": "#4b5660"},
)  # fmt: skip
