"""What was seen on the platform, dated: the lines, numbers and plans that a plan reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from installer.domain.credential import SipUsername
from installer.domain.line import Account, CallingPlan, SpecialtyLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import AccountNumber, TelephoneNumber


@dataclass(frozen=True)
class Snapshot:
    """One account as it stood at `taken_at`.

    `elsewhere` maps a MAC to the other accounts that an account search names for it.
    """

    account: Account
    taken_at: datetime
    lines: tuple[SpecialtyLine, ...]
    numbers: tuple[AccountNumber, ...]
    calling_plans: tuple[CallingPlan, ...]
    elsewhere: Mapping[MacAddress, tuple[Account, ...]]

    def at(self, mac: MacAddress, fxs_port: int) -> tuple[SpecialtyLine, ...]:
        """Every line on that hardware port; more than one where somebody doubled it."""
        return self._by_slot.get((mac, fxs_port), ())

    def on(self, mac: MacAddress) -> tuple[SpecialtyLine, ...]:
        """Every line on that hardware."""
        return self._by_mac.get(mac, ())

    def named(self, username: SipUsername) -> SpecialtyLine | None:
        """The line that registers as `username`, None where the account has none."""
        return self._by_username.get(username)

    def line(self, line_id: str) -> SpecialtyLine | None:
        """The line of that id, None where the account has none."""
        return self._by_id.get(line_id)

    def number(self, number: TelephoneNumber) -> AccountNumber | None:
        """The number as the account holds it, None where it is not on the account."""
        return self._by_number.get(number)

    @cached_property
    def _by_slot(self) -> dict[tuple[MacAddress, int], tuple[SpecialtyLine, ...]]:
        found: dict[tuple[MacAddress, int], tuple[SpecialtyLine, ...]] = {}
        for line in self.lines:
            if line.mac is not None and line.fxs_port is not None:
                slot = (line.mac, line.fxs_port)
                found[slot] = (*found.get(slot, ()), line)
        return found

    @cached_property
    def _by_mac(self) -> dict[MacAddress, tuple[SpecialtyLine, ...]]:
        found: dict[MacAddress, list[SpecialtyLine]] = {}
        for line in self.lines:
            if line.mac is not None:
                found.setdefault(line.mac, []).append(line)
        return {mac: tuple(lines) for mac, lines in found.items()}

    @cached_property
    def _by_username(self) -> dict[SipUsername, SpecialtyLine]:
        return {line.sip_username: line for line in self.lines if line.sip_username is not None}

    @cached_property
    def _by_id(self) -> dict[str, SpecialtyLine]:
        return {line.id: line for line in self.lines}

    @cached_property
    def _by_number(self) -> dict[TelephoneNumber, AccountNumber]:
        return {held.number: held for held in self.numbers}
