"""Whose block a hardware address is from, by the IEEE's list that netaddr carries."""

from __future__ import annotations

from installer.domain.mac import MacAddress


def vendor(mac: MacAddress) -> str | None:
    """The organisation the address block was given to, None where the list has none."""
    from netaddr import EUI, NotRegisteredError  # noqa: PLC0415 - the list takes 146 ms

    try:
        return str(EUI(mac.bare).oui.registration().org)
    except NotRegisteredError:
        return None
