"""Whose certificate a server presents, to tell a person why it was not trusted."""

from __future__ import annotations

import asyncio
import ssl

from installer.text import safe

_PATIENCE = 5.0


async def presented(host: str, port: int) -> str:
    """“issued to … by …” of the certificate at host:port, "" where none can be had.

    The handshake is not verified and nothing is sent after it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
            held = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.transport.abort()
            await writer.wait_closed()
    except (OSError, TimeoutError):
        return ""
    return _described(held) if held else ""


def _described(der: bytes) -> str:
    from cryptography import x509  # noqa: PLC0415 - only for a certificate that was refused

    try:
        certificate = x509.load_der_x509_certificate(der)
        subject = certificate.subject.rfc4514_string()
        issuer = certificate.issuer.rfc4514_string()
    except ValueError:
        return ""
    return f"issued to {safe(subject, 100)} by {safe(issuer, 100)}"
