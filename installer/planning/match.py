"""Whether a line on the platform is ours (protocol R5); the planner and the reconciliation share this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from installer.domain.credential import SipUsername
from installer.domain.line import DeviceSlot, SpecialtyLine
from installer.planning.snapshot import Snapshot
from installer.text import safe


class Fit(StrEnum):
    """What stands at a slot, seen from the line we want there."""

    NOTHING = "nothing"
    OURS = "ours"
    TAKEN = "port-taken"
    ELSEWHERE = "username-elsewhere"
    DOUBLED = "port-doubled"


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict, with the line it rests on where there is one."""

    fit: Fit
    line: SpecialtyLine | None = None

    @property
    def sentence(self) -> str:
        """What stands in the way, for people."""
        if self.line is None:
            return ""
        name = safe(self.line.name, 60)
        place = f"{self.line.mac} port {self.line.fxs_port}" if self.line.mac else "a line without device"
        match self.fit:
            case Fit.TAKEN:
                return f"“{name}” already stands on {place}, with another SIP username"
            case Fit.ELSEWHERE:
                return f"our SIP username is used by “{name}” on {place}"
            case Fit.DOUBLED:
                return f"more than one line stands on {place}, “{name}” among them"
            case _:
                return f"“{name}” stands on {place}"


def match(snapshot: Snapshot, slot: DeviceSlot, username: SipUsername | None) -> Match:
    """What stands at `slot`; a `username` of None (platform-generated) matches by hardware and port alone."""
    here = snapshot.at(slot.mac, slot.fxs_port)
    if len(here) > 1:
        return Match(Fit.DOUBLED, next((line for line in here if line.sip_username != username), here[0]))
    if here:
        ours = username is None or here[0].sip_username == username
        return Match(Fit.OURS if ours else Fit.TAKEN, here[0])
    elsewhere = snapshot.named(username) if username is not None else None
    return Match(Fit.ELSEWHERE, elsewhere) if elsewhere is not None else Match(Fit.NOTHING)
