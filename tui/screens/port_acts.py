"""What is done with a whole port, a line or a gateway on the screen of ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from installer.domain.gateway import FxsPort, GatewayPlace
from installer.session import Answers
from installer.session.drafting import Draft, DraftGateway, editing, filling
from installer.text import safe
from tui.scan import Scan
from tui.screens import port_table as tables
from tui.screens.dialog import Prompt, Question, Said
from tui.screens.pick import Offer, Pick
from tui.screens.port_offers import STATES
from tui.screens.step import Step
from tui.screens.written import tell
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.session.visits import Visits

_OLD = timedelta(minutes=10)


class PortActs(Step):
    """Fill, move, swap, copy, use, spare, off, clear; a scan finds its port; the account is looked at."""

    def edit(self, change: Callable[[Draft], Draft], said: str = "") -> bool:
        """Change the draft and show it; whether it could be."""
        raise NotImplementedError

    def forget_edits(self) -> None:
        """None of the edits so far is taken back any more."""
        raise NotImplementedError

    @property
    def at(self) -> tuple[int, int]:
        """The row and the column of the cursor."""
        raise NotImplementedError

    def place_of(self, draft: Draft, scan: Scan) -> tuple[int, int] | None:
        """The cell that the scan names: a telephone number, the port of a label, a gateway's first port."""
        if scan.number is not None:
            return tables.holding(draft, scan.number.digits)
        if scan.mac is not None:
            for gateway in draft.gateways:
                if editing.holds(gateway, scan.mac):
                    return gateway.rows[0], 1
        for named in self.app.session.kept.named(scan.text) if scan.is_strong else ():
            if named.job_id == self.app.job_id:
                number = named.port.number if named.port else None
                row = tables.row_of(draft, named.gateway.name, number)
                return None if row is None else (row, 1)
        return None

    def look_if_old(self) -> None:
        """Look at the account's numbers and plans, signed in, where nobody did lately."""
        draft, session = self.app.draft, self.app.session
        if draft is None or not self.app.user:
            return
        seen = session.customers.seen(draft.account)
        if seen is None or session.rooms.clock.now() - seen.taken_at > _OLD:
            self.app.start("look", self._look(draft.account))

    async def _look(self, account_id: str) -> None:
        customers = self.app.session.customers
        for found in await customers.search(account_id):
            if found.account.id == account_id:
                await customers.look(found.account)
                self.app.say("numbers and plans are as of now: Enter on a cell offers them")

    def action_fill(self) -> None:
        """Down to the last port in use of the gateway, or as many as said."""
        draft, (row, column) = self.app.draft, self.at
        if draft is None or not draft.rows or column == 0:
            return
        name = tables.COLUMNS[column - 1].name
        rows, wanted = filling.reach(draft, row)
        first = draft.rows[row].get(name, "")
        counts = {str(count): count for count in range(1, len(rows) + 1)}

        def wrong(text: str) -> str:
            fits = text.strip().lstrip("0") in counts
            return "" if fits else f"it takes 1 to {len(rows)}: so many there are"

        def fill(text: Said) -> None:
            if isinstance(text, str):
                filled = rows[: counts[text.strip().lstrip("0")]]
                said = f"{counted(len(filled), 'port')} filled: {_besides(draft, filled, name)}"
                change = partial(filling.fill, rows=filled, column=name, first=first)
                self.edit(change, f"{said}; Ctrl+Z takes it back")

        besides = _besides(draft, rows[:wanted], name)
        words = (
            f"“{safe(first, 40)}”, counting up, from this port on. For {counted(wanted, 'port')}: {besides}."
        )
        prompt = Prompt("Fill down", f"{words} How many ports?", "ports", str(wanted), wrong=wrong)
        self.app.push_screen(prompt, fill)

    def action_state(self) -> None:
        """In use, spare or off."""
        draft, row = self.app.draft, self.at[0]
        if draft is None or not draft.rows:
            return

        def put(state: Said) -> None:
            if isinstance(state, str):
                self.edit(lambda draft: filling.set_cell(draft, row, "port_state", state))

        title = f"{tables.port_name(draft, row)}: what is it for?"
        self.app.push_screen(Pick(title, "", STATES, at=str(draft.state(row) or "")), put)

    def action_empty(self) -> None:
        """The port has no line any more."""
        draft, row = self.app.draft, self.at[0]
        if draft is not None and draft.rows:
            said = f"{tables.port_name(draft, row)} is spare; Ctrl+Z takes it back"
            self.edit(lambda draft: filling.clear(draft, [row]), said)

    def action_copy(self) -> None:
        """From which gateway?"""
        draft = self.app.draft
        if draft is None or not draft.rows:
            return
        target = draft.rows[self.at[0]]["gateway"]
        others = [
            Offer(each.place, safe(each.place, 40), counted(_lines(draft, each), "line"))
            for each in draft.gateways
            if each.place != target
        ]
        if not others:
            self.app.say("there is no other gateway to copy from", Tone.WARN)
            return

        def copy(source: Said) -> None:
            if isinstance(source, str):
                said = f"copied from {safe(source, 40)}; Ctrl+Z takes it back"
                self.edit(lambda draft: editing.copy_gateway(draft, source, target), said)

        title = f"Copy onto {safe(target, 40)}, port by port"
        words = "Names, uses and places are copied over what stands there; telephone numbers stay out."
        self.app.push_screen(Pick(title, words, others), copy)

    def action_move_line(self) -> None:
        """To which port?"""
        draft, source = self.app.draft, self.at[0]
        if draft is None or not draft.rows:
            return
        if not editing.has_line(draft, source):
            self.app.say(f"{tables.port_name(draft, source)} has no line to move", Tone.WARN)
            return
        ports = [self._target(draft, row) for row in range(len(draft.rows)) if row != source]
        standing = self._line_of(draft, source) is not None
        where = "The line stands on the platform: it is moved there, at once." if standing else "In the plan."
        words = f"{where} The credential stays with the port; name, numbers and location go along."

        def move(row: Said) -> None:
            if isinstance(row, str):
                self._move(source, int(row))

        title = f"Move the line of {tables.port_name(draft, source)} to"
        self.app.push_screen(Pick(title, words, ports), move)

    def _target(self, draft: Draft, row: int) -> Offer:
        name = tables.port_name(draft, row)
        if not editing.has_line(draft, row):
            return Offer(str(row), name, str(draft.state(row) or "■ at fault"), Tone.QUIET)
        return Offer(str(row), name, f"swap with {safe(draft.rows[row]['line_name'], 40)}", Tone.WARN)

    def _move(self, source: int, target: int) -> None:
        draft = self.app.draft
        if draft is None:
            return
        names = [tables.port_name(draft, row) for row in (source, target)]
        stands, has_line = self._line_of(draft, source), editing.has_line(draft, target)
        if self._line_of(draft, target) or (stands and has_line):
            there = names[0 if stands else 1]
            self.app.say(f"the line of {there} stands: move it to a spare port first, then back", Tone.WARN)
        elif stands and self.app.record is not None:
            account_id = self.app.record.job.account.id
            self._move_standing(account_id, stands, *(_port(draft, row) for row in (source, target)))
        else:
            move = filling.swap_lines if has_line else filling.move_line
            said = f"{names[0]} and {names[1]} swapped" if has_line else f"the line is on {names[1]}"
            self.edit(lambda draft: move(draft, source, target), f"{said}; Ctrl+Z takes it back")

    def _move_standing(self, account_id: str, line_id: str, source: FxsPort, target: FxsPort) -> None:
        """A line that stands is moved on the platform by an act of its own, with its own question."""
        app, changes = self.app, list[str]()

        async def asked(question: str) -> bool:
            words = "\n".join(["It is written to the platform now:", *changes, "", question])
            return await app.ask(Question("Move a line that stands", words, "Move it"))

        async def move(visits: Visits) -> None:
            lines = app.session.lines_with(visits)
            lines.show_change = lambda _line, change: changes.extend(
                f"{what}: {before} → {after}" for what, before, after in change
            )
            try:
                await lines.move(account_id, line_id, target, Answers(ask=asked))
            finally:
                self._follow(line_id, source, target)

        done = f"moved on the platform: the line is on {target}, with that port's credential"
        app.write("move a line", move, lambda runs: tell(app, runs, target, done))

    def _follow(self, line_id: str, source: FxsPort, target: FxsPort) -> None:
        """Where the job has the line on its new port, what was edited has it there as well."""
        record, draft = self.app.record, self.app.draft
        held = record.lines.get(target) if record else None
        if held is None or held.line_id != line_id or draft is None:
            return
        if isinstance(self.app.step, PortActs):
            self.app.step.forget_edits()
        rows = [tables.row_of(draft, port.gateway.name, port.number) for port in (source, target)]
        if isinstance(self.app.source, Path) and rows[0] is not None and rows[1] is not None:
            here, there = rows[0], rows[1]
            if editing.has_line(draft, here) and not editing.has_line(draft, there):
                self.app.edit(lambda draft: filling.move_line(draft, here, there))

    def _line_of(self, draft: Draft, row: int) -> str | None:
        """The platform's id of the line that stands on the row's port, None where none does."""
        record = self.app.record
        held = record.lines.get(_port(draft, row)) if record else None
        return held.line_id if held else None


def _port(draft: Draft, row: int) -> FxsPort:
    said = draft.rows[row]
    return FxsPort(GatewayPlace(said["gateway"]), int(said["fxs_port"]))


def _besides(draft: Draft, rows: Sequence[int], column: str) -> str:
    """What filling those cells changes besides blank ones."""
    filled, spare = filling.overwritten(draft, rows, column)
    told = f"{counted(filled, 'filled cell') if filled else 'no filled cell'} overwritten"
    return f"{told}, {counted(spare, 'spare port')} put to use" if spare else told


def _lines(draft: Draft, gateway: DraftGateway) -> int:
    return sum(editing.has_line(draft, row) for row in gateway.rows)
