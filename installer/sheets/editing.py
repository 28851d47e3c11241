"""Edits of a draft's gateways: each gives a new draft, or says why not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from itertools import count

from installer.domain.gateway import GatewayModel, parse_place
from installer.domain.job import PortState
from installer.domain.mac import MacAddress
from installer.errors import Conflict, UsageFault
from installer.sheets.columns import OF_A_LINE
from installer.sheets.draft import OF_A_GATEWAY, Draft, DraftGateway, Row, cell_text, new_row
from installer.text import safe

NUMBERS = ("caller_id", "e911_callback", "inbound_number")
"""The columns of a line that hold telephone numbers."""


def add_gateway(draft: Draft, model: GatewayModel, place: str = "") -> Draft:
    """A place at the end, all its ports spare; unnamed it is the first free GW-1, GW-2, ….

    Raises InvalidValue for what names no place, UsageFault for a name that is taken.
    """
    taken = {each.place.casefold() for each in draft.gateways}
    free = (name for number in count(1) if (name := f"GW-{number}").casefold() not in taken)
    name = _new_place(place, taken) if place.strip() else next(free)
    ports = range(1, model.fxs_ports + 1)
    made = ({"gateway": name, "model": model.id, "fxs_port": str(number)} for number in ports)
    return replace(draft, rows=(*draft.rows, *(new_row(draft, said) for said in made)))


def rename_gateway(draft: Draft, place: str, name: str) -> Draft:
    """The place under another name. Raises as `add_gateway` does."""
    gateway = draft.gateway(place)
    taken = {each.place.casefold() for each in draft.gateways} - {gateway.place.casefold()}
    return _with(draft, gateway.rows, {"gateway": _new_place(name, taken)})


def change_model(draft: Draft, place: str, model: GatewayModel) -> Draft:
    """The place as another model: new ports are spare. Raises UsageFault where one with text would go."""
    gateway = draft.gateway(place)
    kept: list[int] = []
    gone: list[int] = []
    for index in gateway.rows:
        (kept if int(draft.rows[index]["fxs_port"]) <= model.fxs_ports else gone).append(index)
    used = [draft.rows[index]["fxs_port"] for index in gone if _holds_text(draft, index)]
    if used:
        raise UsageFault(
            f"{model.name} has {model.fxs_ports} FXS ports, and {safe(gateway.place, 40)} holds text on "
            f"FXS {', '.join(used)}",
            code="ports-in-use",
            remedy=f"move these to FXS 1 to {model.fxs_ports}, or clear them",
        )
    known = {int(draft.rows[index]["fxs_port"]): draft.rows[index] for index in kept}
    common = {name: draft.rows[gateway.rows[0]][name] for name in OF_A_GATEWAY}
    ports = range(1, model.fxs_ports + 1)
    rows = [
        {**known.get(number, new_row(draft, common)), "model": model.id, "fxs_port": str(number)}
        for number in ports
    ]
    return _replaced(draft, gateway, rows)


def remove_gateway(draft: Draft, place: str) -> Draft:
    """The draft without the place. Raises UsageFault where a line is on it."""
    gateway = draft.gateway(place)
    used = [draft.rows[index]["fxs_port"] for index in gateway.rows if has_line(draft, index)]
    if used:
        raise UsageFault(
            f"{safe(gateway.place, 40)} has lines on FXS {', '.join(used)}",
            code="ports-in-use",
            remedy="move these lines to another gateway, or clear them",
        )
    return _replaced(draft, gateway, ())


def bind_gateway(draft: Draft, place: str, mac: MacAddress | None, serial: str = "") -> Draft:
    """The place with hardware, None for not known yet. Raises Conflict where it stands elsewhere."""
    gateway = draft.gateway(place)
    others = (each for each in draft.gateways if each != gateway)
    for other in others:
        if mac is not None and holds(other, mac):
            raise Conflict(
                f"{mac} is bound to {safe(other.place, 40)}",
                code="mac-bound",
                remedy="one MAC stands at one place",
            )
    return _with(draft, gateway.rows, {"mac": str(mac or ""), "serial": cell_text(serial)})


def copy_gateway(draft: Draft, source: str, target: str) -> Draft:
    """`target` with the rows of `source`, port by port, without its numbers; hardware and numbers stay.

    Raises UsageFault where `target` has fewer ports.
    """
    here, there = draft.gateway(source), draft.gateway(target)
    if len(there.rows) < len(here.rows):
        sizes = f"has {len(there.rows)} FXS ports, {safe(here.place, 40)} {len(here.rows)}"
        raise UsageFault(
            f"{safe(there.place, 40)} {sizes}",
            code="too-few-ports",
            remedy=f"choose a gateway with at least {len(here.rows)}",
        )
    columns = [name for name in draft.editable if name not in NUMBERS]
    rows = list(draft.rows)
    for origin, index in zip(here.rows, there.rows, strict=False):
        rows[index] = {**rows[index], **{name: rows[origin][name] for name in columns}}
    return replace(draft, rows=tuple(rows))


def has_line(draft: Draft, row: int) -> bool:
    """Whether the row says anything of a line."""
    said = any(draft.rows[row][name].strip() for name in OF_A_LINE)
    return said or draft.state(row) is PortState.USE


def _holds_text(draft: Draft, row: int) -> bool:
    cells = (draft.rows[row][name].strip() for name in draft.editable if name != "port_state")
    return any(cells) or draft.state(row) is PortState.USE


def _new_place(text: str, taken: Container[str]) -> str:
    name = parse_place(text).name
    if name.casefold() in taken:
        raise UsageFault(
            f"there is a gateway {name} already", code="place-taken", remedy="give it another name"
        )
    return name


def holds(gateway: DraftGateway, mac: MacAddress) -> bool:
    """Whether that hardware stands there, however its MAC is spelled."""
    return "".join(char for char in gateway.mac.lower() if char.isalnum()) == mac.bare


def _with(draft: Draft, indexes: Iterable[int], said: Mapping[str, str]) -> Draft:
    rows = list(draft.rows)
    for index in indexes:
        rows[index] = {**rows[index], **said}
    return replace(draft, rows=tuple(rows))


def _replaced(draft: Draft, gateway: DraftGateway, rows: Iterable[Row]) -> Draft:
    """`rows` where those of the gateway began; a gateway's rows may have stood apart."""
    first, mine = gateway.rows[0], frozenset(gateway.rows)
    before = [row for index, row in enumerate(draft.rows) if index < first]
    after = [row for index, row in enumerate(draft.rows) if index > first and index not in mine]
    return replace(draft, rows=(*before, *rows, *after))
