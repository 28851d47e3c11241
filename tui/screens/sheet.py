"""Step 9: the credential sheet, and what goes with it to the provisioning partner."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tui.commands import Command
from tui.screens.step import Step
from tui.widgets.plain import Plain
from tui.words import Tone


class Sheet(Step):
    """Path and hand-over text; the passwords stay in the file."""

    NAME = "Sheet"
    HELP = (
        "The credential sheet holds the SIP passwords: hand it over the way your company agreed on, "
        "never by open mail. The text below holds no secret and may be sent as it is. F3 writes both "
        "anew."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("write", "f3", "write anew", "write the sheet and the hand-over text", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """Where the file lies, then the text."""
        yield Plain("", id="where", classes="title")
        yield Plain("It holds passwords: keep it, and hand it over, with care.", classes="hint")
        with VerticalScroll():
            yield Plain("", id="handover")

    def renew(self) -> None:
        """What was written last."""
        record = self.app.record
        where = self.query_one("#where", Plain)
        if record is None or "credential-sheet" not in record.artifacts:
            where.update("No sheet was written yet. F3 writes it.")
            return
        written = record.artifacts["credential-sheet"]
        fresh = "" if "credential-sheet" in record.fresh else "  ▲ older than the visit: F3 writes it anew"
        where.say(f"{written.path}{fresh}", Tone.WARN if fresh else Tone.PLAIN)
        self.query_one("#handover", Plain).update(self.app.session.previews.handover(record))

    def action_write(self) -> None:
        """Write both."""
        record = self.app.record
        if record is not None:
            self.app.start("sheet", self._write(), lambda _: self.renew())

    async def _write(self) -> None:
        record = self.app.record
        assert record is not None  # noqa: S101 - asked before
        left = self.app.session.outputs.sheet(record, "xlsx")
        self.app.left(left)
