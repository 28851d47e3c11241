import csv
import subprocess
from pathlib import Path

import pytest

from installer.sheets import CredentialSheet, write_sheet
from tests.components import need
from tests.sheets.samples import columns, sheet


def shown(soffice: str, source: Path, folder: Path) -> list[dict[str, str]]:
    """The rows as LibreOffice shows them: opened as a person opens the file, saved as shown text."""
    out = folder / "shown"
    subprocess.run(
        [
            soffice,
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
            "--outdir",
            str(out),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=50,
    )
    with (out / source.with_suffix(".csv").name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wanted(made: CredentialSheet) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for plan, line in zip(made.job.ports, made.lines, strict=True):
        known, draft = line.credential, plan.draft
        rows.append(
            (
                str(made.job.gateway(plan.port.gateway).mac),
                draft.caller_id.digits if draft else "",
                draft.e911_callback.digits if draft else "",
                known.username.text if known else "platform" if plan.port.number == 2 else "",
                known.password.reveal() if known else "",
                plan.label_id.text,
            )
        )
    return rows


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_libreoffice_shows_every_mac_number_and_password_exactly(tmp_path: Path, suffix: str) -> None:
    soffice = need("soffice")
    made = sheet(("4", "8", "24", "50"), seed=7, text="=1+1")
    path = tmp_path / f"sheet{suffix}"
    write_sheet(path, made, columns())
    rows = shown(soffice, path, tmp_path)
    keys = ("mac", "caller_id", "e911_callback", "sip_username", "sip_password", "label_id")
    assert [tuple(row[key] for key in keys) for row in rows] == wanted(made)
    assert {row["jack"] for row in rows} == ({"=1+1", ""} if suffix == ".xlsx" else {"'=1+1", ""})
