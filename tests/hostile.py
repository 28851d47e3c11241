"""Words nobody should have to print, and how the tests look at what became of them."""

from __future__ import annotations

from hypothesis import strategies as st

HOSTILE = (
    "\x1b[31mred\x1b]0;title\x07" * 200,
    "\u202egnp.exe\u2066\u200b\u00ad" * 300,
    "<script>alert(1)</script>\"'&<img src=x onerror=y>" * 100,
    "=cmd|' /C calc'!A0" * 250,
    "../../../../etc/passwd\x00.png" * 180,
    "(Tj) endstream endobj %%EOF \\) Q q BT" * 130,
    "消防主機 Ωμέγα Лифт النار ễ ﬁ 🔥" * 200,
    "W" * 5000,
    "\ud800\udfff\ufffe" * 1000,
    "\r\n\t" * 1700,
)
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(min_size=1, max_size=300),
    st.text(alphabet="<>&\"'`/=;!-[]x", min_size=1, max_size=80),
)
