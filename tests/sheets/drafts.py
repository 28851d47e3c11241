"""Drafts for tests, by edits alone, and texts that somebody might write or paste."""

from hypothesis import strategies as st

from installer.sheets import editing, filling
from installer.sheets.draft import Draft
from tests.sheets.samples import profiles

MODELS = profiles().gateways
EMPTY = Draft("DABCDEF", "acc-1", "Tower")
HOSTILE = st.sampled_from(
    ["=1+1", "'=x", "''", "+1", "-", "@SUM(A1)", "\t=1", "\x1b[31mred", 'a;b,"c"', "1e5", "[/foo]",
     "\u202eevil", "\ufeff", "e\u0301", "#N/A", "two\nlines", "cr\ralone", "\x00", " blanks ", "x" * 900,
     "platform", "9" * 40]
)  # fmt: skip
TEXT = st.one_of(HOSTILE, st.text(max_size=20), st.text(alphabet="=+-@'\"\t\r\n;,0", max_size=12)).filter(
    lambda text: not any("\ud800" <= char <= "\udfff" for char in text)
)


def draft(*models: str) -> Draft:
    """A draft with a gateway of each model, all ports spare."""
    made = EMPTY
    for model in models:
        made = editing.add_gateway(made, MODELS[model])
    return made


def with_line(draft: Draft, row: int, name: str = "Elevator 1", number: str = "503-555-0100") -> Draft:
    for column, text in (("line_name", name), ("caller_id", number), ("e911_callback", number)):
        draft = filling.set_cell(draft, row, column, text)
    return draft


@st.composite
def drafts(make: st.DrawFn) -> Draft:
    """One or two gateways, anything in their cells."""
    made = draft(*make(st.lists(st.sampled_from(["4", "8"]), min_size=0, max_size=2)))
    for row in range(len(made.rows)):
        for column, text in make(st.dictionaries(st.sampled_from(made.editable), TEXT, max_size=4)).items():
            made = filling.set_cell(made, row, column, text)
    return made
