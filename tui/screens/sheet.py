"""Step 9: the credential sheet, and what goes with it to the provisioning partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from installer.errors import Conflict
from installer.planning.record import JobRecord
from installer.text import safe
from tui.commands import Command
from tui.screens.sheet_words import freshness, row_states
from tui.screens.step import WIDE, Step
from tui.widgets.plain import Plain
from tui.widgets.qr import Symbol
from tui.words import Tone

if TYPE_CHECKING:
    from installer.session import WrittenFile

_TOO_SMALL = "The symbol needs a larger window: Ctrl+E shows text or symbol alone."


class Sheet(Step):
    """Path and hand-over text; the passwords stay in the file."""

    NAME = "Sheet"
    HELP = (
        "The credential sheet holds the SIP passwords: hand it over the way your company agreed on, "
        "never by open mail. The text below holds no secret and may be sent as it is; the symbol holds "
        "what stands under it, for a phone. F3 writes sheet and text anew, Ctrl+E shows the symbol."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("write", "f3", "write anew", "write the sheet and the hand-over text", in_bar=True),
        Command("code", "ctrl+e", "symbol", "the hand-over as a symbol that a phone reads", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """Where the file lies and how far it is, then the text and the symbol."""
        yield Plain("", id="where")
        yield Plain("", id="fresh")
        yield Plain("", id="states", classes="hint")
        with Horizontal(id="both"):
            with VerticalScroll(id="text"):
                yield Plain("", id="handover")
            with VerticalScroll(id="code"):
                yield Plain("", id="holds", classes="hint")
                yield Symbol(_TOO_SMALL, id="handover-code")

    def on_mount(self) -> None:
        """The text, and beside it the symbol where there is room."""
        self._code_alone = False
        self._arrange()

    def on_resize(self) -> None:
        """Both, or one of them."""
        self._arrange()

    def renew(self) -> None:
        """What was written last."""
        record = self.app.record
        where, fresh = self.query_one("#where", Plain), self.query_one("#fresh", Plain)
        if record is None:
            where.update(self.app.no_record)
            return
        sheet = record.artifacts.get("credential-sheet")
        where.update(safe(sheet.path, 400) if sheet else "No sheet was written yet.")
        fresh.say(*freshness(record, sheet, self.app.session.rooms.clock.now()))
        self.query_one("#states", Plain).update(row_states(self.app.session.previews.row_states(record)))
        self.query_one("#handover", Plain).update(self.app.session.previews.handover(record))
        self._draw(record)

    def action_write(self) -> None:
        """Write both."""
        record = self.app.record
        if record is None:
            self.app.say(self.app.no_record, Tone.WARN)
            return
        work = self.app.session.outputs.sheet(record, "xlsx")
        self.app.start("sheet", work, self._left, sealed=True, waits=True)

    def action_code(self) -> None:
        """The symbol alone, or the text again."""
        self._code_alone = not self._code_alone
        self._arrange()

    def _left(self, written: list[WrittenFile]) -> None:
        self.mended()
        self.app.left(written)
        self.app.say("sheet and hand-over text written", Tone.GOOD)
        for finding in self.app.session.outputs.lacking():
            self.app.say(f"{finding.message} - {finding.remedy}", Tone.WARN)
        if self.is_mounted:
            self.renew()

    def _draw(self, record: JobRecord) -> None:
        holds, symbol = self.query_one("#holds", Plain), self.query_one(Symbol)
        try:
            code = self.app.session.previews.handover_code(record)
        except Conflict as why:
            holds.say(f"▲ no symbol: {why.message}. {why.remedy}", Tone.WARN)
            symbol.draw((), 0)
        else:
            holds.say(f"{code.about}: {code.text}", Tone.QUIET)
            symbol.draw(code.dark, code.modules)
        symbol.styles.min_height = symbol.rows

    def _arrange(self) -> None:
        wide = self.app.size.width >= WIDE
        self.query_one("#text").display = wide or not self._code_alone
        self.query_one("#code").display = wide or self._code_alone
