import pytest

from installer.domain.credential import Secret
from installer.errors import VaultUnusable
from installer.journal import events
from installer.journal.scratch import ScratchJournal
from installer.journal.store import Entry, Journal
from tests.journal.homes import JOB, PASSWORD, Home, preparation, stepping_clock

NOTES = (
    Entry(events.Noted("a"), Secret("sesame")),
    Entry(events.Noted("b"), b"octets"),
    Entry(events.Noted("c")),
)


def test_without_a_journal_rows_begin_at_one() -> None:
    scratch = ScratchJournal(None, stepping_clock())
    assert scratch.append(JOB, *NOTES) == (1, 2, 3)
    assert [row.event for row in scratch.rows()] == [entry.event for entry in NOTES]
    assert [row.seq for row in scratch.rows(JOB, after=1)] == [2, 3]
    assert list(scratch.rows("job-2")) == []
    assert [scratch.unseal(seq) for seq in (1, 2)] == [b"sesame", b"octets"]
    with pytest.raises(VaultUnusable):
        scratch.unseal(3)


def test_over_a_journal_rows_go_on_and_nothing_is_written(home: Home) -> None:
    with home.open(home.create_vault()) as journal:
        journal.append(JOB, *preparation())
        before = home.journal_path.read_bytes()
        scratch = ScratchJournal(journal, stepping_clock())
        assert scratch.append(JOB, *NOTES) == (9, 10, 11)
        assert [row.seq for row in scratch.rows()] == list(range(1, 12))
        assert [row.seq for row in scratch.rows(after=9)] == [10, 11]
        assert scratch.unseal(7) == PASSWORD.encode()
        assert home.journal_path.read_bytes() == before
        journal.append(JOB, Entry(events.Noted("meanwhile")))
        assert [row.event for row in scratch.rows(after=8)] == [entry.event for entry in NOTES]


def test_over_a_view_seals_stay_shut(home: Home) -> None:
    with home.open(home.create_vault()) as journal:
        journal.append(JOB, *preparation())
    with Journal.open_read_only(home.journal_path) as view:
        scratch = ScratchJournal(view, stepping_clock())
        with pytest.raises(VaultUnusable) as caught:
            scratch.unseal(7)
        assert caught.value.code == "vault-locked"
