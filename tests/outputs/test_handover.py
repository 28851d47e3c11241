"""The note to the provisioning partner."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given

from installer.domain.job import RowState
from installer.outputs.handover import SheetSent, render_handover, write_handover
from installer.outputs.written import WrittenFile
from installer.text import safe
from tests.hostile import WORDS
from tests.outputs.jobs import NOW, site_job

SHEET = WrittenFile("credential-sheet", Path("/somewhere/else/sheet-r2.xlsx"), "ab" * 32)
GOLDEN = Path(__file__).parent / "goldens" / "handover.txt"


def test_a_handover_reads_as_agreed() -> None:
    text = render_handover(site_job(8, 24), SheetSent(SHEET, RowState.PREPARED, NOW))
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "state, words",
    [
        (RowState.PREPARED, "do not enable registration yet"),
        (RowState.DRAFT, "a final sheet follows"),
        (RowState.FINAL, "enable registration"),
    ],
)
def test_each_state_tells_the_partner_what_to_do(state: RowState, words: str) -> None:
    text = render_handover(site_job(4), SheetSent(SHEET, state, NOW))
    line = next(line for line in text.splitlines() if "state" in line)
    assert line.startswith(f"state    {state}: ")
    assert words in line


def test_no_secret_id_or_folder_is_in_the_note() -> None:
    text = render_handover(site_job(8), SheetSent(SHEET, RowState.FINAL, NOW))
    for secret in ("s3cr3t-Note-Pw9", "account-id-5523", "partition-7781", "/somewhere"):
        assert secret not in text


@given(WORDS)
def test_hostile_words_neither_add_lines_nor_control_bytes(word: str) -> None:
    assume(safe(word) == safe(word).strip() != "")
    text = render_handover(site_job(4, site=word, place=word), SheetSent(SHEET, RowState.DRAFT, NOW))
    plain = render_handover(site_job(4), SheetSent(SHEET, RowState.DRAFT, NOW))
    assert re.sub(r"\n {4,}", " ", text).count("\n") == re.sub(r"\n {4,}", " ", plain).count("\n")
    assert max(map(len, text.splitlines())) <= 76
    assert all(char == "\n" or char.isprintable() or char == "\u00a0" or char.isspace() for char in text)
    assert "\x1b" not in text


def test_ports_in_use_are_told_as_ranges(tmp_path: Path) -> None:
    file = write_handover(site_job(2), SheetSent(SHEET, RowState.FINAL, NOW), tmp_path)
    assert "FXS in use   0 of 2: none" in file.path.read_text(encoding="utf-8")
    assert (file.kind, file.path) == ("handover", tmp_path / "handover-01JOB.txt")


def test_a_sheet_without_a_registrar_says_so_before_it_is_loaded() -> None:
    lacks = render_handover(site_job(4), SheetSent(SHEET, RowState.FINAL, NOW, has_registrar=False))
    assert "registrar and SIP domain are not in the sheet" in lacks
    assert "registrar" not in render_handover(site_job(4), SheetSent(SHEET, RowState.FINAL, NOW)).replace(
        "enable registration", ""
    )
