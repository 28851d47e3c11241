"""The embedded platform: HTTP API, SIP registrar, virtual gateways and faults, on loopback.

Written from the platform's guides alone. It shares no type with the client, so that each tests the other.
"""
