"""A registrar on its own, what is asked of it in memory, and a registration to ask for."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from installer.rehearsal.registrar import Registrar
from installer.sip.message import Request, Response, parse
from installer.sip.registration import Outcome, Registration, register

HOME = ("127.0.0.1", 40000)
WANTED = Registration(
    username="line-one-0001",
    password="s3cret",
    domain="sip.test",
    sent_by="127.0.0.1:40000",
    contact="sip:line-one-0001@127.0.0.1:40000",
    expires=600,
    call_id="one-call",
)


def tokens() -> Callable[[], str]:
    chance = random.Random()
    return lambda: f"{chance.getrandbits(64):x}"


def converse(ask: Callable[[Request], Response | None], wanted: Registration, cseq: int = 0) -> Outcome:
    """How a registration ends whose every request `ask` has an answer to."""
    talk = register(wanted, tokens(), cseq)
    request = next(talk)
    while True:
        response = ask(request)
        assert response is not None
        try:
            request = talk.send(response)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome


def status_of(outcome: Outcome) -> int:
    return outcome.response.status


class Bench:
    """A registrar that knows two lines, and the time."""

    def __init__(self) -> None:
        self.now = 1000.0
        numbers = count()
        lines = {"line-one-0001": ["s3cret"], "line-two-0002": ["other"]}
        self.registrar = Registrar(
            "sip.test",
            lambda username: lines.get(username, []),
            lambda: self.now,
            lambda: f"nonce{next(numbers)}",
        )

    def ask(self, request: Request, source: tuple[str, int] = HOME) -> Response | None:
        octets = self.registrar.answer(request.encode(), source)
        message = None if octets is None else parse(octets)
        assert not isinstance(message, Request)
        return message

    def converse(self, wanted: Registration, cseq: int = 0) -> Outcome:
        return converse(self.ask, wanted, cseq)

    def answered(self, wanted: Registration, *headers: tuple[str, str], cseq: int = 50) -> Response | None:
        """What a request gets that carries good credentials and these headers besides."""
        talk = register(wanted, tokens(), cseq)
        challenged = self.ask(next(talk))
        assert challenged is not None
        request = talk.send(challenged)
        names = {name for name, _ in headers}
        kept = tuple((name, value) for name, value in request.headers if name not in names)
        return self.ask(replace(request, headers=(*kept, *headers)))
