"""The report of a visit, as text and as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import assume, given

from installer.errors import DiskUnusable
from installer.outputs.report import render_text, write_report
from installer.outputs.report_html import render_html
from installer.outputs.visit import VisitSummary, checked, span
from installer.text import safe
from tests.hostile import HOSTILE, WORDS
from tests.outputs.jobs import site_job
from tests.outputs.visits import visit

GOLDENS = Path(__file__).parent / "goldens"
SECRETS = ("s3cr3t-Note-Pw9", "account-id-5523", "partition-7781", "/somewhere")


class Page(HTMLParser):
    """A page's tags with their attributes, in order, and its words."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.words = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def spoken(word: str) -> VisitSummary:
    """A visit with `word` at every place that takes words."""
    return replace(
        visit(site_job(4, site=word, name=word, note=word, place=word), word=word), counts={word: 1, "b": 2}
    )


@pytest.mark.parametrize(
    "name, summary",
    [
        ("visit-open", visit()),
        ("visit-done", replace(visit(site_job(4, 8), done=True), acknowledged=(), artifacts=())),
    ],
)
def test_a_visit_reads_as_agreed(name: str, summary: VisitSummary) -> None:
    assert render_text(summary) == (GOLDENS / f"{name}.txt").read_text(encoding="utf-8")
    assert render_html(summary) == (GOLDENS / f"{name}.html").read_text(encoding="utf-8")


@given(WORDS)
def test_words_from_outside_never_become_markup(word: str) -> None:
    assume(safe(word).strip())
    page, plain = Page(render_html(spoken(word))), Page(render_html(spoken("plain")))
    assert page.tags == plain.tags
    assert safe(word, 60) in page.words
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", page.words)


@given(WORDS)
def test_the_text_has_as_many_lines_and_nothing_a_terminal_acts_on(word: str) -> None:
    assume(safe(word) == safe(word).strip() != "")
    text = render_text(spoken(word))
    whole, plain = (re.sub(r"\n {4,}", " ", each) for each in (text, render_text(spoken("plain"))))
    assert whole.count("\n") == plain.count("\n")
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", text)


def test_a_page_loads_and_runs_nothing() -> None:
    markup = render_html(visit())
    assert {tag for tag, _ in Page(markup).tags}.isdisjoint({"script", "img", "link", "iframe", "a", "form"})
    assert "default-src 'none'" in markup
    assert "url(" not in markup
    assert "@import" not in markup


def test_no_secret_id_or_folder_is_in_a_report() -> None:
    for rendered in (render_text(visit()), render_html(visit())):
        assert "sheet-r2.xlsx" in rendered
        assert not [secret for secret in SECRETS if secret in rendered]


def test_facts_that_nobody_looked_at_are_not_known_rather_than_no() -> None:
    row = next(line for line in render_text(visit()).splitlines() if line.startswith("4 "))
    assert re.search(r" yes +\? +\?$", row)


def test_every_open_item_stands_under_who_can_close_it() -> None:
    text = render_text(visit())
    opened = text[text.index("Open: 4") : text.index("GW-1: Vega")]
    owners = re.findall(r"^(technician|office|10T partner|platform)", opened, re.MULTILINE)
    assert owners == ["technician", "office", "10T partner", "platform"]
    assert "Nothing is open" in render_text(visit(done=True))
    assert "Nothing is open" in render_html(visit(done=True))


@pytest.mark.parametrize(
    "length, words",
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=60), "1 h 0 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=3, hours=5, minutes=59), "3 d 5 h"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert span(length) == words


def test_the_last_look_is_the_oldest_one_and_may_be_none() -> None:
    rows = visit().rows
    assert checked(()) == "never"
    assert checked((rows[3],)) == "never"
    assert checked(rows) == "2026-11-21 15:29 UTC"


def test_a_report_is_written_twice_alike_and_in_its_directory(tmp_path: Path) -> None:
    files = write_report(visit(), tmp_path)
    assert [(file.kind, file.path.name) for file in files] == [
        ("report", "report-01JOB.txt"),
        ("report", "report-01JOB.html"),
    ]
    assert write_report(visit(), tmp_path) == files
    assert (tmp_path / "report-01JOB.txt").read_text(encoding="utf-8") == render_text(visit())


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_can_be_written(tmp_path: Path, word: str) -> None:
    for file in write_report(spoken(word), tmp_path):
        assert file.path.stat().st_size < 60_000


def test_a_directory_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "report-01JOB.txt").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DiskUnusable):
        write_report(visit(), tmp_path)
    assert not (tmp_path / "elsewhere").exists()
