"""What is measured on: accounts with numbers and plans as the stand-in has them, and line sheets for them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PARTITION = "bench"
PLAN = "plan-1"
USERNAME = "bench@example.com"
PASSWORD = "a stand-in takes any"  # noqa: S105 - it guards nothing
OPERATOR = "bench"
HEADER = (
    "account", "site", "gateway", "mac", "model", "fxs_port", "port_state", "line_name", "line_use",
    "caller_id", "e911_callback", "calling_plan", "inbound_number", "location", "jack", "notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """`accounts` of `gateways` each, every gateway with `ports` lines and a number for every line."""

    accounts: int
    gateways: int
    ports: int

    @property
    def lines(self) -> int:
        return self.accounts * self.gateways * self.ports


def account_id(account: int) -> str:
    return f"account-{account:03d}"


def phone(account: int, line: int) -> str:
    """The number of one line: eleven digits of the North American plan, for 80 accounts of 100,000 lines."""
    index = account * 100_000 + line
    return f"1503{200 + index // 10_000:03d}{index % 10_000:04d}"


def mac(account: int, gateway: int) -> str:
    """Hardware in Sangoma's block."""
    return f"005058{account:02x}{gateway:04x}"


def rows(site: Site) -> Iterator[list[str]]:
    """The line sheet, header first."""
    yield list(HEADER)
    for account in range(site.accounts):
        for gateway in range(site.gateways):
            for port in range(1, site.ports + 1):
                number = phone(account, gateway * site.ports + port)
                yield [
                    account_id(account), "", f"GW-{gateway + 1}", mac(account, gateway), str(site.ports),
                    str(port), "use", f"Line {gateway + 1}-{port}", "fax", number, number, "", number,
                    f"Closet {gateway + 1}", f"A-{port}", "",
                ]  # fmt: skip


def write_sheet(path: Path, site: Site) -> Path:
    """The line sheet as CSV at `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(site))
    return path
