"""What is measured on: accounts with numbers and plans as the stand-in has them, and line sheets for them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
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
                yield _row(account, gateway, site.ports, port, gateway * site.ports + port)


def visit_rows(account: int, models: Sequence[int]) -> Iterator[list[str]]:
    """The line sheet of one account with a gateway of each of `models`, every port of it used."""
    yield list(HEADER)
    line = 0
    for gateway, ports in enumerate(models):
        for port in range(1, ports + 1):
            line += 1
            yield _row(account, gateway, ports, port, line)


def _row(account: int, gateway: int, ports: int, port: int, line: int) -> list[str]:
    number = phone(account, line)
    return [
        account_id(account), "", f"GW-{gateway + 1}", mac(account, gateway), str(ports),
        str(port), "use", f"Line {gateway + 1}-{port}", "fax", number, number, "", number,
        f"Closet {gateway + 1}", f"A-{port}", "",
    ]  # fmt: skip


def write_sheet(path: Path, written: Iterable[list[str]]) -> Path:
    """The line sheet of those rows as CSV at `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(written)
    return path


def unasked(url: str, home: Path) -> list[str]:
    """The options with which the command asks nobody, its home and secrets in the new folder `home`."""
    home.mkdir()
    for name in ("password", "passphrase"):
        (home / name).touch(0o600)
        (home / name).write_text(f"{PASSWORD}\n", "utf-8")
    return [
        "--home", str(home / "home"), "--base-url", url, "--username", USERNAME,
        "--password-file", str(home / "password"), "--passphrase-file", str(home / "passphrase"),
        "--operator", OPERATOR, "--quiet-window", "1",
    ]  # fmt: skip
