import csv
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import InvalidValue, UsageFault
from installer.sheets import CredentialSheet, differences, read_sheet, write_sheet
from tests.sheets.samples import columns, own, profiles, sheet


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sheet_shows_every_port_with_what_the_partner_needs(tmp_path: Path) -> None:
    made = sheet(("4", "24"))
    path = tmp_path / "out" / "sheet.csv"
    write_sheet(path, made, columns())
    written = rows(path)
    assert list(written[0]) == list(columns())
    assert [(row["gateway"], row["fxs_port"]) for row in written] == [
        (plan.port.gateway.name, str(plan.port.number)) for plan in made.job.ports
    ]
    first, second, third, fourth, line = written[0], written[1], written[2], written[3], written[4]
    credential = made.lines[0].credential
    assert credential is not None
    assert (first["sip_username"], first["sip_password"]) == (
        credential.username.text,
        credential.password.reveal(),
    )
    assert (first["mac"], first["registrar_port"], first["registered"]) == (
        str(made.job.gateways[0].mac),
        "5070",
        "yes",
    )
    assert (second["sip_username"], second["sip_password"]) == ("platform", "")
    assert (third["port_state"], third["line_name"], third["registered"]) == ("spare", "", "")
    assert fourth["port_state"] == "off"
    assert (first["connector"], first["pair"]) == ("1", "")
    assert (line["connector"], line["pair"], line["device_type"]) == ("A", "1", "SIP_24_Port_MTA")


def test_a_file_of_passwords_is_its_owners_alone(tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx"):
        write_sheet(tmp_path / name, sheet(), columns())
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_one_sheet_written_twice_is_the_same_bytes(tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx"):
        digests = {write_sheet(tmp_path / f"{n}.{suffix}", sheet(), columns()) for n in range(2)}
        assert len(digests) == 1


def test_a_layout_may_leave_out_and_reorder_but_not_invent(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_sheet(path, sheet(("4",)), ("mac", "fxs_port"))
    assert list(rows(path)[0]) == ["mac", "fxs_port"]
    with pytest.raises(UsageFault, match="colour"):
        write_sheet(path, sheet(("4",)), ("mac", "colour"))


def test_a_sheet_has_a_line_for_every_port_in_order() -> None:
    made = sheet(("4",))
    with pytest.raises(InvalidValue, match="in order"):
        CredentialSheet(made.job, 1, made.lines[::-1])


@pytest.mark.parametrize(
    "username,password",
    [
        ("lobbyphone", "=abcdefghijklmnop"),
        ("lobbyphone", "123456789"),
        ("12345678", "abcdefghijk"),
        ("lobbyphone", "1e99999"),
        ("lobbyphone", "'-quoted-twice"),
    ],
)
def test_a_csv_that_a_spreadsheet_would_alter_is_refused_an_xlsx_is_not(
    tmp_path: Path, username: str, password: str
) -> None:
    made = sheet(("4",))
    made = replace(made, lines=(replace(made.lines[0], credential=own(username, password)), *made.lines[1:]))
    with pytest.raises(UsageFault, match="GW-1:1") as raised:
        write_sheet(tmp_path / "a.csv", made, columns())
    assert password not in str(raised.value)
    assert not (tmp_path / "a.csv").exists()
    write_sheet(tmp_path / "a.xlsx", made, columns())
    credential = read_sheet(tmp_path / "a.xlsx", profiles()).grouped()[0].gateways[0].ports[0].credential
    assert credential == own(username, password)


def test_what_the_kit_wrote_and_somebody_changed_is_a_finding(tmp_path: Path) -> None:
    made = sheet(("4",))
    path = tmp_path / "a.csv"
    write_sheet(path, made, columns())
    text = (
        path.read_text(encoding="utf-8")
        .replace("line-GW-1:1", "line-other", 1)
        .replace('"final"', '"draft"', 1)
    )
    path.write_text(text, encoding="utf-8")
    row = read_sheet(path, profiles()).grouped()[0].gateways[0].ports[0]
    (found,) = differences(made, row, made.lines[0])
    assert (found.code, found.row, found.column, found.value) == ("sheet-differs", 2, "line_id", "line-other")
    assert "line-GW-1:1" in found.message
