"""Processes of a test's own, to be raced and killed.

They are forked from a server that has no thread: a fork of the test's process, which has some, could hang.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Concatenate, ParamSpec

P = ParamSpec("P")
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.journal.homes"])


class Child:
    """Runs `act` of a module, with the end of a pipe to say something by, on `given`."""

    def __init__(
        self, act: Callable[Concatenate[Connection, P], None], *given: P.args, **_: P.kwargs
    ) -> None:
        self._hear, say = _SERVER.Pipe(duplex=False)
        self._process = _SERVER.Process(target=act, args=(say, *given))
        self._process.start()
        say.close()

    def hear(self) -> None:
        """Wait for its next word; EOFError where none comes any more."""
        self._hear.recv_bytes()

    def words(self) -> int:
        """How many more words come until it ends."""
        return sum(1 for _ in self._words())

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int:
        """How it ended: 0, or minus the signal that killed it."""
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        self._process.close()
        self._hear.close()
        return code

    def _words(self) -> Iterator[bytes]:
        try:
            while True:
                yield self._hear.recv_bytes()
        except EOFError:
            return
