"""How well a color is told from its ground (WCAG 2.1 §1.4.3)."""

from functools import cache

from textual.color import Color

LEAST = 4.5


@cache
def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(text: str) -> float:
    parts = (part / 255 for part in Color.parse(text).rgb)
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
