"""What opens the screen: the command without a verb, and the verb that does so on the rehearsal platform."""

from __future__ import annotations

from installer.cli.options import NOTHING, Act, verb


@verb(NOTHING, examples="punchdown", on_screen=True)
def screen() -> Act:
    """The screen; without --platform it asks for one."""
    return _left_to_the_screen


@verb(
    NOTHING,
    examples="""
punchdown demo""",
    rehearses=True,
    on_screen=True,
)
def demo() -> Act:
    """The screen on the rehearsal platform: nothing there reaches a real one."""
    return _left_to_the_screen


async def _left_to_the_screen(_: object) -> None:
    """Nothing is left to do without one."""
