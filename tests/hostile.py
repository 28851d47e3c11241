"""Words nobody should have to print, and what no screen, page or file of words may come to hold of them."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of what is not seen, or acts."""
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
"""As long as somebody may paste."""
EVIL = (
    "\x1b]0;owned\x07\x1b[2J",
    "\u202egnp.exe",
    "[red]markup[/red]",
    "\u200binvisible\u2028line",
    "A" * 5000,
    "\x9b31m",
    "tab\there\r\nline",
)
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(min_size=1, max_size=300),
    st.text(alphabet="<>&\"'`/=;!-[]x", min_size=1, max_size=80),
)
SEQUENCES = (
    "\x1b[2J", "\x1b[3J", "\x1b[H\x1b[J", "\x1b[99;99H", "\x1b[77A", "\x1b[77D", "\x1b[66@",
    "\x1b[66L", "\x1b[31;7;5m", "\x1b[38;5;196mred", "\x1b[0;30;40m", "\x1b[8mhidden", "\x1b[4:3m",
    "\x1b[6n", "\x1b[5n", "\x1b[0c", "\x1b[>0c", "\x1b[=0c", "\x1b[21t", "\x1b[8;5;5t",
    "\x1b[3;1;1t", "\x1b[?1049l", "\x1b[?25l", "\x1b[?2004l", "\x1b[?1003h", "\x1b[?1006h",
    "\x1b[?47h", "\x1b[?5h", "\x1b[2;3r", "\x1b[5i", "\x1b[4i", "\x1b[!p", '\x1b[61"p', "\x1b[1$}",
    "\x1b[62n", "\x1b]0;owned\x07", "\x1b]1;icon\x07", "\x1b]2;title\x1b\\",
    "\x1b]4;1;rgb:00/00/00\x07", "\x1b]7;file:///etc\x07",
    "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\", "\x1b]9;note\x07", "\x1b]10;?\x07",
    "\x1b]11;#000000\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b]52;c;?\x07", "\x1b]104\x07",
    "\x1b]133;A\x07", "\x1b]777;notify;a;b\x07", "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]0;never ended", "\x1bP$q q\x1b\\", "\x1bP+q544e\x1b\\", "\x1bPq#0;2;0;0;0#0~~\x1b\\",
    "\x1bPtmux;\x1b\x1b[2J\x1b\\", "\x1b_Gf=24;AAAA\x1b\\", "\x1b^private\x1b\\",
    "\x1bXstart\x1b\\", "\x1bc", "\x1b7\x1b8", "\x1b#8", "\x1b(0lqqk", "\x1b)0\x0e",
    "\x1bD\x1bM\x1bE", "\x1b=\x1b>", "\x1b[", "\x1b", "\x1b\x1b\x1b", "\x9b2J", "\x9b6n",
    "\x9d0;owned\x9c", "\x90$q q\x9c", "\x9f8-bit\x9c", "abc\x08\x08\x08xyz", "safe\rrm -rf",
    "bell\x07\x07", "\x05who",
)  # fmt: skip
MARKUP = (
    "[bold]b[/bold]", "[/]", "[/foo]", "[bold]", "[red on blue]x", "[reverse]x[/]",
    "[link=http://evil.example]x", "[link=http://evil.example]x[/link]", "[@click=app.quit]x[/]",
    "[@click='app.quit']x", "[@click=quit]", "[@mouse.up=app.quit]x[/]", "[", "]", "[[", "]]", "[]",
    "[[bold]]", "\\[bold]", "\\\\[bold]x", "[bold\\]", "x\\", "[b][i][u]", "[/b][/i]", "[bold",
    "bold]", "[$primary]x", "[$error 50%]x[/]", "[on red]", "[not bold]x", "[#ff0000]x",
    "[rgb(1,2,3)]x", "[ansi_red]x", "[auto]x", "[bold]]x[[/bold]", "[=x]", "[x=]", '["', "['x",
    "[b]x[/i]", "[/link]", ":warning: :bomb:", "[0]", "[1,2]", "[a b=c d='e']",
    "[@click=app.bell()]x[/]", "[@click=\"x\" @hover='y']", "[\n/]", "[bold][/bold][/bold]",
    "$x $primary {x}", "&#27;[2J", "%1b[2J",
)  # fmt: skip
UNSEEN = (
    "\u202eright to left", "\u202dleft", "\u2066i\u2069", "\u2067i", "\u2068i", "\u061cmark",
    "\u200emark", "\u200fmark", "zero\u200bwidth", "zwnj\u200c", "zwj\u200d", "\ufeffbom",
    "word\u2060joiner", "soft\u00adhyphen", "line\u2028end", "page\u2029end", "next\x85line",
    "tag\U000e0041\U000e007f", "own\ue000use", "own\U000f0000", "none\ufffe", "none\U0010ffff",
    "open\u0378", "annotation\ufff9a\ufffab\ufffb", "math\u2061\u2064", "mongol\u180e",
    "\u202a\u202b\u202c", "blank\u00a0\u2003\u3000",
)  # fmt: skip
WIDE = (
    "👨‍👩‍👧‍👦 family", "👩🏽‍🚒", "🏳️‍🌈", "🇺🇸🇩🇪🇯🇵", "1️⃣2️⃣", "❤️", "☎️☎︎", "🔥" * 60, "🧑🏿‍🤝‍🧑🏻" * 20,
    "消防主機", "エレベーター", "ｴﾚﾍﾞｰﾀｰ", "엘리베이터", "\uff26\uff35\uff2c\uff2c", "漢" * 100,
    "z\u0351\u036b\u0343\u0369" * 20, "e" + "\u0301" * 300, "\u0301" * 50, "a\u20dd\u20e3",
    "नमस्ते", "ไฟไหม้", "النار", "שלום", "ﷺ", "𒐫" * 5, "꧅" * 5, "\U0001d509\U0001d51e\U0001d535",
    "ﬁﬂ", "ⅷ①", "\u1100\u1161\u11a8", "x\ufe0f\ufe0e", "\u3164\uffa0",
)  # fmt: skip
FORMS = (
    "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "'=x", "{=1}", "_x001B_",
    "#N/A", "%s%s%n", "%(x)s", "{}", "{0.__class__}", "{x!r:>{y}}", "${HOME}", "$(id)", "`id`",
    "; rm -rf /", "| cat", "&& id", "../..", "/etc/passwd", "~root", "C:\\x", "CON", "nul.txt",
    "\\\\host\\share", "file:///x", "http://x/", "javascript:x", "' OR 1=1 --", "<b>x</b>", "<!--",
    "]]>", "&lt;", "\\x1b[2J", "\\u001b[2J", "\\033[2J", "^[[2J", "None", "null", "NaN", "true",
    "-0", "1e999", "0x1b", "9" * 60, " blanks  here ", '"quoted"', "a,b;c\td", "a\nb\nc", "cr\rcr",
    "vt\x0bff\x0c", "nul\x00end", "del\x7fend", "\x1c\x1d\x1e\x1f", "x" * 5000, "word " * 1000,
    "\ud800", "a\udc80b",
)  # fmt: skip
CONTROLS = tuple(f"c{chr(code)}c" for code in (*range(0x20), *range(0x7F, 0xA0)))
ALL = tuple(
    dict.fromkeys((*SEQUENCES, *MARKUP, *UNSEEN, *WIDE, *FORMS, *CONTROLS, *HOSTILE, *EVIL))
)  # fmt: skip


def hidden(text: str) -> set[str]:
    """What of `text` is not seen, or acts on a terminal; line ends apart."""
    return {char for char in text if unicodedata.category(char) in HIDDEN and char != "\n"}
