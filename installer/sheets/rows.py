"""One row of the sheet: cells in, the port it describes out, every fault named on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from installer.domain.credential import (
    PASSWORD_ADVISED,
    PLATFORM_WORD,
    CredentialSource,
    SipCredential,
    parse_password,
    parse_username,
)
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayPlace, parse_place
from installer.domain.job import PortState
from installer.domain.label import parse_label_id
from installer.domain.line import LineDraft, parse_line_name
from installer.domain.mac import parse_mac
from installer.domain.numbers import parse_number
from installer.errors import InvalidValue
from installer.sheets import cells
from installer.sheets.columns import KIT, OF_A_LINE, OF_A_PORT, Header
from installer.sheets.port_row import Catalogue, PortRow, ReadRow, Standing
from installer.sheets.raw import CELL_LIMIT, RawRow
from installer.text import safe, safe_block

T = TypeVar("T")
_TEXT_LENGTH = 1000
_NO_NUMBERS = frozenset({"mac", "sip_username", "sip_password", "label_id", "gateway_label_id"})
_SECRET_COLUMN = "sip_password"  # noqa: S105 - a column's name


_NEW = Standing("", None, {})


class RowReader:
    """Reads row after row under one header; `findings` grows, and nothing is raised.

    `standing` is, by row number, what blank cells mean.
    """

    def __init__(
        self, header: Header, catalogue: Catalogue, standing: Mapping[int, Standing] | None = None
    ) -> None:
        self._header = header
        self._catalogue = catalogue
        self._standing = standing or {}
        self.findings: list[Finding] = []
        self.missing: dict[str, None] = {}
        """Columns that a row needed and the header lacks, said once for all rows."""
        self._columns = (*header.extra.items(), *header.known.items())
        self._raw = RawRow(0, [])
        self._cells: dict[str, str] = {}
        self._faulty: set[str] = set()
        self._blank: Mapping[str, str] = {}

    def read(self, raw: RawRow) -> ReadRow:
        self._raw = raw
        count = len(raw.texts)
        self._cells = {
            column: text
            for column, index in self._columns
            if index < count and (text := raw.texts[index].strip())
        }
        self._faulty = set()
        standing = self._standing.get(raw.number, _NEW)
        self._blank = {"model": standing.model}
        self._check_cells()
        account = self._need("account", cells.line)
        site = self._parse("site", cells.line) or ""
        place = self._parse("gateway", parse_place)
        mac = self._parse("mac", parse_mac)
        model = self._parse("model", self._catalogue.model)
        number = self._need("fxs_port", cells.port_number)
        gateway_label = self._parse("gateway_label_id", parse_label_id)
        port = self._port(number, standing)
        placed = place is not None if "gateway" in self._faulty or "mac" in self._faulty else True
        serial = self._text("serial")
        return ReadRow(
            row=raw.number,
            account=None if self._faulty & {"account", "site"} else account,
            site=site,
            place=place,
            mac=mac,
            model=model,
            serial=serial,
            gateway_label=gateway_label,
            fxs_port=number,
            port=None if self._faulty else port,
            placed=placed,
        )

    def _check_cells(self) -> None:
        """Name the cells that hold no usable text at all; they count as faulty from here on."""
        if self._raw.odd:
            for column, index in self._header.known.items():
                if index in self._raw.odd:
                    self._fault(column, "unusable-cell", self._raw.odd[index], "plain text")
        for column in _NO_NUMBERS & self._header.known.keys():
            if self._header.known[column] in self._raw.numbers:
                self._fault(
                    column,
                    "number-cell",
                    "the spreadsheet made a number of it, digits may be lost",
                    "a text cell: format the column as text, then type it again",
                )

    def _port(self, number: int | None, standing: Standing) -> PortRow | None:
        state = self._state(standing.state or PortState.SPARE)
        # A state that cannot be read hides no fault of the line beside it.
        in_use = state is PortState.USE or (state is None and bool(self._cell("line_name")))
        said = standing.cells.keys() if in_use else standing.cells.keys() & OF_A_PORT
        self._blank = {**self._blank, **{name: standing.cells[name] for name in said}}
        draft = self._draft() if in_use else None
        extra = {name: text for name in self._header.extra if (text := self._block(name))}
        if state in {PortState.SPARE, PortState.OFF}:
            self._warn_of_ignored()
            extra |= {name: text for name in OF_A_PORT if (text := self._text(name))}
        source, credential = self._credential()
        label_id = self._parse("label_id", parse_label_id)
        if number is None or state is None or self._faulty:
            return None
        return PortRow(
            fxs_port=number,
            state=state,
            draft=draft,
            source=source,
            credential=credential,
            label_id=label_id,
            written={name: text for name in KIT if (text := self._text(name))},
            extra=extra,
            row=self._raw.number,
        )

    def _state(self, standing: PortState) -> PortState | None:
        if self._cell("port_state") or "port_state" in self._faulty:
            return self._parse("port_state", cells.port_state)
        return PortState.USE if self._cell("line_name") else standing

    def _draft(self) -> LineDraft | None:
        name = self._need("line_name", parse_line_name)
        self._need("model", str)
        caller_id = self._need("caller_id", parse_number)
        callback = self._need("e911_callback", parse_number)
        use = self._parse("line_use", self._use) or ""
        plans = self._parse("calling_plan", cells.plans) or ()
        inbound = self._parse("inbound_number", cells.numbers) or ()
        if name is None or caller_id is None or callback is None:
            return None
        return LineDraft(
            name=name,
            use=use,
            caller_id=caller_id,
            e911_callback=callback,
            calling_plans=plans,
            inbound_numbers=inbound,
            location=self._text("location"),
            jack=self._text("jack"),
            notes=self._text("notes"),
        )

    def _warn_of_ignored(self) -> None:
        filled = [name for name in OF_A_LINE if self._cell(name)]
        if filled:
            self._say(
                Severity.WARNING,
                filled[0],
                "ignored-cells",
                f"the port is not in use, so {', '.join(filled)} mean nothing",
                "give port_state “use” and a line_name, or empty these cells",
            )

    def _credential(self) -> tuple[CredentialSource, SipCredential | None]:
        username, password = self._cell("sip_username"), self._cell(_SECRET_COLUMN)
        if username.casefold() == PLATFORM_WORD and not password:
            return CredentialSource.PLATFORM, None
        if username.casefold() == PLATFORM_WORD or bool(username) != bool(password):
            self._fault(
                "sip_username" if password else _SECRET_COLUMN,
                "half-credential",
                "only one of sip_username and sip_password is given",
                f"both, or neither; “{PLATFORM_WORD}” as username stands alone",
            )
            return CredentialSource.OWN, None
        name = self._parse("sip_username", parse_username)
        secret = self._parse(_SECRET_COLUMN, parse_password)
        if name is None or secret is None:
            return CredentialSource.GENERATED, None
        if len(password) < PASSWORD_ADVISED:
            self._say(
                Severity.WARNING,
                _SECRET_COLUMN,
                "short-password",
                f"a SIP password under {PASSWORD_ADVISED} characters can be guessed from captured traffic",
                f"at least {PASSWORD_ADVISED} characters, or leave both cells blank and one is made",
            )
        return CredentialSource.OWN, SipCredential(name, secret)

    def _use(self, text: str) -> str:
        if text.casefold() not in self._catalogue.uses:
            raise InvalidValue(
                f"“{safe(text, cells.SHOWN)}” is no line use known here",
                code="unknown-use",
                wanted=f"one of {', '.join(self._catalogue.uses)}, or blank",
            )
        return text.casefold()

    def _cell(self, column: str) -> str:
        return self._cells.get(column) or self._blank.get(column, "")

    def _parse(self, column: str, parser: Callable[[str], T]) -> T | None:
        text = self._cell(column)
        if not text or column in self._faulty:
            return None
        try:
            return parser(text)
        except InvalidValue as fault:
            self._fault(column, fault.code, fault.message, fault.wanted)
            return None

    def _need(self, column: str, parser: Callable[[str], T]) -> T | None:
        if self._cell(column) or column in self._faulty:
            return self._parse(column, parser)
        if column in self._header.known:
            self._fault(column, "missing-value", f"{column} is blank", "fill in the cell")
        else:
            self._faulty.add(column)
            self.missing[column] = None
        return None

    def _text(self, column: str) -> str:
        return self._cleaned(column, lambda text: safe(text, _TEXT_LENGTH))

    def _block(self, column: str) -> str:
        return self._cleaned(column, lambda text: safe_block(text, CELL_LIMIT, CELL_LIMIT))

    def _cleaned(self, column: str, clean: Callable[[str], str]) -> str:
        text = self._cell(column)
        if not text:
            return ""
        cleaned = clean(text)
        if cleaned != text and column not in self._faulty:
            self._say(
                Severity.INFO, column, "cleaned-cell", "unprintable or surplus characters were replaced", ""
            )
        return cleaned

    def _fault(self, column: str, code: str, message: str, wanted: str) -> None:
        self._faulty.add(column)
        self._say(Severity.ERROR, column, code, message, wanted)

    def _say(self, severity: Severity, column: str, code: str, message: str, remedy: str) -> None:
        place, port = safe(self._cell("gateway"), cells.SHOWN), self._cell("fxs_port")
        self.findings.append(
            Finding(
                severity,
                code,
                message,
                remedy,
                row=self._raw.number,
                column=column,
                value=None if column == _SECRET_COLUMN else safe(self._cell(column), cells.SHOWN),
                gateway=GatewayPlace(place) if place else None,
                fxs_port=int(port) if re.fullmatch("[0-9]{1,3}", port) else None,
            )
        )
