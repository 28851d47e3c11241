"""The ports of a draft as a table: its columns, its rows, and where a fault is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from installer.domain.finding import Finding, Severity
from installer.session.drafting import Draft, DraftFaults
from installer.text import safe
from tui import words
from tui.widgets.grid import Cell, Column, Row
from tui.words import SEVERITIES, Tone, counted

PORT_WIDTH = 11
_LABEL = PORT_WIDTH - 2


@dataclass(frozen=True, slots=True)
class PortColumn:
    """A column of the sheet as the table has it."""

    name: str
    title: str
    width: int


COLUMNS = tuple(
    PortColumn(*each)
    for each in (
        ("line_name", "name", 0), ("line_use", "use", 10), ("caller_id", "caller id", 12),
        ("e911_callback", "911 callback", 12), ("inbound_number", "rings for", 12),
        ("location", "location", 18), ("jack", "jack", 8), ("port_state", "state", 7),
        ("calling_plan", "plan", 20), ("notes", "notes", 20),
    )
)  # fmt: skip
HEAD = (Column("port", PORT_WIDTH), *(Column(each.title, each.width) for each in COLUMNS))
_AT = {each.name: index for index, each in enumerate(COLUMNS, 1)}
_STATES = {
    "use": (words.REGISTERED.sign, Tone.GOOD),
    "spare": (words.SPARE.sign, Tone.QUIET),
    "off": (words.OFF.sign, Tone.QUIET),
}


def column_of(name: str) -> int:
    """Where the sheet's column stands in the table; 0, the port, where it has none."""
    return _AT.get(name, 0)


def port_name(draft: Draft, row: int) -> str:
    """The port as people name it: GW-1:5."""
    said = draft.rows[row]
    return safe(f"{said['gateway']}:{said['fxs_port']}", 60)


def table(draft: Draft, faults: DraftFaults) -> list[Row]:
    """A row for each port; what is at fault is marked in its cell and at the port, always in sight."""
    whole: dict[int, list[Finding]] = {}
    for row, _, found in _placed(faults):
        whole.setdefault(row, []).extend(each for each in found if each.severity is not Severity.INFO)
    return [_row(draft, faults, index, whole.get(index, ())) for index in range(len(draft.rows))]


def at_fault(faults: DraftFaults) -> list[tuple[int, int]]:
    """Row and column of every cell with an error, in reading order."""
    return sorted(
        {(row, column) for row, column, found in _placed(faults) if _worst(found) is Severity.ERROR}
    )


def next_fault(faults: DraftFaults, here: tuple[int, int]) -> tuple[int, int] | None:
    """The cell at fault that comes after `here`, round the end; None where there is none."""
    places = at_fault(faults)
    return next((each for each in places if each > here), places[0] if places else None)


def found_in(faults: DraftFaults, row: int, column: int) -> tuple[Finding, ...]:
    """What is said of that cell, errors first."""
    found = [each for at, of, each in _placed(faults) if (at, of) == (row, column)]
    return tuple(
        sorted((each for one in found for each in one), key=lambda each: each.severity is not Severity.ERROR)
    )


def place_of(faults: DraftFaults, finding: Finding) -> tuple[int, int] | None:
    """The cell that shows `finding`, None where none does."""
    for (row, name), found in faults.cells.items():
        if any(each is finding for each in found):
            return row, _AT.get(name, 0)
    return None


def elsewhere(faults: DraftFaults) -> tuple[Finding, ...]:
    """Errors and warnings that are about no port of the table."""
    here = {id(each) for found in faults.cells.values() for each in found}
    return tuple(
        each for each in faults.findings if id(each) not in here and each.severity is not Severity.INFO
    )


def told_at(faults: DraftFaults, row: int, column: int) -> tuple[str, Tone]:
    """What is said of that cell; where it is nothing, how much is at fault elsewhere."""
    if found := found_in(faults, row, column):
        return safe(_told(found), 230), Tone.BAD if _worst(found) is Severity.ERROR else Tone.WARN
    if left := sum(each.severity is Severity.ERROR for each in faults.findings):
        return f"■ {counted(left, 'fault')} left, Ctrl+N goes to the next", Tone.BAD
    warned = len(elsewhere(faults))
    more = f"; ▲ {counted(warned, 'warning')}: Ctrl+L lists them" if warned else ""
    return f"● nothing is at fault{more}. F4 goes on.", Tone.WARN if warned else Tone.GOOD


def _told(found: Sequence[Finding]) -> str:
    """Findings of one place in a sentence or two, each with what to do."""
    return "; ".join(
        f"{SEVERITIES[each.severity].sign} {each.message}" + (f" - {each.remedy}" if each.remedy else "")
        for each in found
    )


def row_of(draft: Draft, place: str, number: int | None) -> int | None:
    """The row of that port; the gateway's first where `number` is None."""
    for index, row in enumerate(draft.rows):
        if row["gateway"].casefold() == place.casefold() and number in {None, _number(row["fxs_port"])}:
            return index
    return None


def holding(draft: Draft, digits: str) -> tuple[int, int] | None:
    """The first cell that holds that telephone number, `digits` of it being compared from the end."""
    for index, row in enumerate(draft.rows):
        for name in ("inbound_number", "caller_id", "e911_callback"):
            for part in row[name].split(";"):
                here = "".join(char for char in part if char.isdecimal())
                if len(here) >= len(digits) - 1 and here.endswith(digits[-10:]):
                    return index, _AT[name]
    return None


def _row(draft: Draft, faults: DraftFaults, index: int, whole: Sequence[Finding]) -> Row:
    said = draft.rows[index]
    state = draft.state(index)
    sign, tone = _STATES.get(str(state), (SEVERITIES[Severity.ERROR].sign, Tone.BAD))
    if whole:
        mark = SEVERITIES[_worst(whole)]
        sign, tone = mark.sign, mark.tone
    cells = [Cell(f"{sign} {_label(said['gateway'], said['fxs_port'])}", tone)]
    for column in COLUMNS:
        found = faults.cells.get((index, column.name), ())
        text = said.get(column.name, "")
        if column.name == "line_name" and not text and str(state) in {"spare", "off"}:
            cells.append(Cell(f"({state})", Tone.QUIET))
        elif found:
            mark = SEVERITIES[_worst(found)]
            cells.append(Cell(f"{mark.sign} {text}", mark.tone))
        else:
            cells.append(Cell(text))
    return Row(str(index), tuple(cells))


def _label(place: str, number: str) -> str:
    """The port's name with its number always in sight."""
    tail = f":{number}"
    return safe(place, _LABEL - len(tail)) + tail


def _placed(faults: DraftFaults) -> Iterator[tuple[int, int, tuple[Finding, ...]]]:
    """Every finding of a cell with where it is shown: column 0, the port, where the table has no column."""
    gathered: dict[tuple[int, int], tuple[Finding, ...]] = {}
    for (row, name), found in faults.cells.items():
        at = row, _AT.get(name, 0)
        gathered[at] = (*gathered.get(at, ()), *found)
    for (row, column), found in gathered.items():
        yield row, column, found


def _worst(found: Sequence[Finding]) -> Severity:
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    return min((each.severity for each in found), key=order.index)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
