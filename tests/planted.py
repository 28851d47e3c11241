"""Secrets to plant, the forms in which one may come to light, and where to look for it."""

import base64
import hashlib
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

from tests.cli.kit import HEADER, NUMBERS

SIP = tuple(f"SipSecret{letter}7Qz9Kx4Wm" for letter in "ABCD")
WRONG_PASSWORD = 'Pa"ss/w\u00f6rd+9 wrong'
WRONG_PASSPHRASE = "Wrong/Phrase+77 of nobody"
SHEET = "-credentials.xlsx"
"""How the one file ends that carries SIP passwords: asked for, and told of."""


def encodings(secret: str) -> set[bytes]:
    """The secret as it is, quoted for URL and JSON, in hex, base64 and UTF-16, and its HA1."""
    octets = secret.encode()
    ha1 = hashlib.md5(f"user1234567890:rehearsal:{secret}".encode()).hexdigest()  # noqa: S324 - RFC 2617
    texts = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], octets.hex(), ha1}
    texts.add(base64.b64encode(octets).decode().rstrip("="))
    return {text.encode() for text in texts} | {secret.encode("utf-16-le")}


def sheet_text() -> str:
    """A sheet of four lines, each with a credential of its own."""
    header = HEADER.strip() + ",sip_username,sip_password\n"
    return header + "".join(
        f"Harbor Point Tower,,GW-1,00:50:58:aa:bb:01,4,{n},Line {n},voice,5035550107,5035550107,{number},"
        f"user123456789{n},{secret}\n"
        for n, number, secret in zip((1, 2, 3, 4), NUMBERS, SIP, strict=True)
    )


def octets_of(path: Path) -> dict[str, bytes]:
    """What is read in the file; a workbook is a folder of its parts."""
    if not zipfile.is_zipfile(path):
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as parts:
        return {f"{path.name}/{name}": parts.read(name) for name in parts.namelist()}
