"""A thousand kinds of damage to journal and vault: the same values or a named failure, and never a write."""

import json
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from installer.domain.credential import Secret
from installer.errors import JournalUnusable, VaultUnusable
from installer.journal import events
from installer.journal.fold import fold
from installer.journal.store import Entry, Row
from tests.journal.homes import JOB, MODELS, Home, created, preparation

PAGE = 4096
Mutation = Callable[[random.Random, bytearray], None]
RowMutation = Callable[[random.Random, Path], None]
COLUMNS = ("at", "operator", "job", "kind", "body", "sealed", "hash")
ODD_VALUES = (None, 0, -1, 2**62, 1.5, "", "x", "{}", b"", b"\x00\xff", "\ud7ff" * 9, "9" * 400)


@dataclass(frozen=True)
class Original:
    journal: bytes
    vault: bytes
    rows: list[Row]
    secrets: dict[int, bytes]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    home = Home(tmp_path_factory.mktemp("original"))
    vault = home.create_vault()
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(8), *created())
        for number in range(60):
            journal.append(JOB, Entry(events.Noted(f"note {number} " + "x" * 90), Secret(f"secret {number}")))
        rows = list(journal.rows())
        secrets = {row.seq: journal.unseal(row.seq) for row in rows if row.sealed is not None}
    return Original(home.journal_path.read_bytes(), home.vault_path.read_bytes(), rows, secrets)


def flip_bit(rng: random.Random, octets: bytearray) -> None:
    octets[rng.randrange(len(octets))] ^= 1 << rng.randrange(8)


def flip_header_bit(rng: random.Random, octets: bytearray) -> None:
    octets[rng.randrange(200)] ^= 1 << rng.randrange(8)


def set_byte(rng: random.Random, octets: bytearray) -> None:
    octets[rng.randrange(len(octets))] = rng.randrange(256)


def cut(rng: random.Random, octets: bytearray) -> None:
    del octets[rng.randrange(len(octets)) :]


def cut_at_page(rng: random.Random, octets: bytearray) -> None:
    del octets[PAGE * rng.randrange(len(octets) // PAGE) :]


def swap_pages(rng: random.Random, octets: bytearray) -> None:
    one, other = (slice(PAGE * page, PAGE * (page + 1)) for page in rng.sample(range(len(octets) // PAGE), 2))
    octets[one], octets[other] = octets[other], octets[one]


def zero_block(rng: random.Random, octets: bytearray) -> None:
    start = 512 * rng.randrange(len(octets) // 512)
    octets[start : start + 512] = bytes(512)


def add_octets(rng: random.Random, octets: bytearray) -> None:
    octets.extend(rng.randbytes(rng.choice((1, 100, PAGE))))


def insert_octets(rng: random.Random, octets: bytearray) -> None:
    at = rng.randrange(len(octets))
    octets[at:at] = rng.randbytes(rng.randrange(1, 20))


# How many of 70 must be noticed: the rest hits free space, which holds no value.
ON_BYTES: dict[Mutation, int] = {
    flip_bit: 25,
    flip_header_bit: 15,
    set_byte: 25,
    cut: 65,
    cut_at_page: 70,
    swap_pages: 60,
    zero_block: 30,
    add_octets: 0,
    insert_octets: 60,
}


def edit_field(rng: random.Random, path: Path) -> None:
    column, value, seq = rng.choice(COLUMNS), rng.choice(ODD_VALUES), rng.randrange(1, 75)
    _execute(path, f"UPDATE OR IGNORE event SET {column} = ? WHERE seq = ?", value, seq)  # noqa: S608


def edit_head(rng: random.Random, path: Path) -> None:
    column = rng.choice(("vault", "count", "hash", "mac"))
    _execute(path, f"UPDATE OR IGNORE head SET {column} = ?", rng.choice(ODD_VALUES))  # noqa: S608


def swap_rows(rng: random.Random, path: Path) -> None:
    one, other = rng.sample(range(1, 73), 2)
    for old, new in ((one, 0), (other, one), (0, other)):
        _execute(path, "UPDATE event SET seq = ? WHERE seq = ?", new, old)


def drop_rows(rng: random.Random, path: Path) -> None:
    first = rng.randrange(1, 75)
    _execute(path, "DELETE FROM event WHERE seq BETWEEN ? AND ?", first, first + rng.randrange(3))


def copy_field(rng: random.Random, path: Path) -> None:
    column = rng.choice(COLUMNS)
    one, other = rng.sample(range(1, 73), 2)
    _execute(
        path,
        f"UPDATE event SET {column} = (SELECT {column} FROM event WHERE seq = ?) WHERE seq = ?",  # noqa: S608
        one,
        other,
    )


# Of 50: the rest puts a value where it stood already.
ON_ROWS: dict[RowMutation, int] = {
    edit_field: 40,
    edit_head: 40,
    swap_rows: 50,
    drop_rows: 50,
    copy_field: 20,
}


def _execute(path: Path, statement: str, *values: object) -> None:
    plain = sqlite3.connect(path, isolation_level=None)
    plain.execute("PRAGMA synchronous = OFF")
    plain.execute(statement, values)
    plain.close()


def edit_vault(rng: random.Random, octets: bytearray) -> None:
    content = json.loads(octets)
    target = rng.choice((content, content["header"], content["header"]["wrap"]))
    target[rng.choice(list(target))] = rng.choice(("", "00" * 16, "zz", None, 1, 2**30, [], {}, True))
    octets[:] = json.dumps(content).encode()


# Of 40: the rest is blank space, or digits as they were.
ON_VAULT: dict[Mutation, int] = {
    flip_bit: 35,
    set_byte: 35,
    cut: 35,
    add_octets: 35,
    insert_octets: 35,
    edit_vault: 35,
}


def judge(home: Home, original: Original) -> bool:
    """Whether the home still opens, with the values it had; what it may not do fails the test."""
    before = home.journal_path.read_bytes(), home.vault_path.read_bytes()
    try:
        with home.open(home.vault()) as journal:
            rows = list(journal.rows())
            secrets = {row.seq: journal.unseal(row.seq) for row in rows if row.sealed is not None}
            fold(rows, MODELS)
    except (JournalUnusable, VaultUnusable):
        return False
    finally:
        assert (home.journal_path.read_bytes(), home.vault_path.read_bytes()) == before
    assert rows == original.rows
    assert secrets == original.secrets
    return True


def settle(folder: Path, original: Original) -> Home:
    home = Home(folder)
    home.folder.mkdir(mode=0o700)
    home.journal_path.write_bytes(original.journal)
    home.vault_path.write_bytes(original.vault)
    home.reserve_path.touch()
    return home


def tally(home: Home, original: Original, seeds: range, mutate: Callable[[random.Random], None]) -> int:
    """How many of the mutations were noticed."""
    noticed = 0
    for seed in seeds:
        home.journal_path.write_bytes(original.journal)
        home.vault_path.write_bytes(original.vault)
        mutate(random.Random(seed))
        try:
            noticed += not judge(home, original)
        except BaseException as fault:
            fault.add_note(f"{mutate} with seed {seed}")
            raise
    return noticed


def test_the_unharmed_original_opens(folder: Path, original: Original) -> None:
    assert judge(settle(folder, original), original)
    assert len(original.secrets) == 62


@pytest.mark.parametrize("mutation, least", ON_BYTES.items())
def test_no_damage_to_the_file_is_silent(
    folder: Path, original: Original, mutation: Mutation, least: int
) -> None:
    home = settle(folder, original)

    def mutate(rng: random.Random) -> None:
        octets = bytearray(original.journal)
        mutation(rng, octets)
        home.journal_path.write_bytes(octets)

    assert tally(home, original, range(70), mutate) >= least


@pytest.mark.parametrize("mutation, least", ON_ROWS.items())
def test_no_edit_of_rows_is_silent(
    folder: Path, original: Original, mutation: RowMutation, least: int
) -> None:
    home = settle(folder, original)
    noticed = tally(home, original, range(50), lambda rng: mutation(rng, home.journal_path))
    assert noticed >= least


@pytest.mark.parametrize("mutation, least", ON_VAULT.items())
def test_no_damage_to_the_vault_is_silent(
    folder: Path, original: Original, mutation: Mutation, least: int
) -> None:
    home = settle(folder, original)

    def mutate(rng: random.Random) -> None:
        octets = bytearray(original.vault)
        mutation(rng, octets)
        home.vault_path.write_bytes(octets)

    assert tally(home, original, range(40), mutate) >= least
