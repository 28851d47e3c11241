"""The journal's rows in words."""

from typing import get_args

from installer.journal import events as e
from installer.session.telling import told


def test_every_kind_of_row_has_a_sentence_of_its_own() -> None:
    unknown = told.dispatch(e.Opaque)
    assert [kind.__name__ for kind in get_args(e.Event) if told.dispatch(kind) is unknown] == []


def test_a_row_shows_no_control_characters() -> None:
    assert told(e.Noted("\x1b]0;owned\x07 text")) == "\ufffd]0;owned\ufffd text"
    assert told(e.UserFixed("a\x1b[2Jb")) == "written as a\ufffd[2Jb from here on"
