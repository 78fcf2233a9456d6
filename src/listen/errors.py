"""Everything that can go wrong and is not a bug.

One base, `ListenError`, with the exit code on the class and one family per place that can fail. Messages
read *where: what is wrong; what to do*, in lower case. Anything else that is raised is a bug and keeps
its traceback.
"""

from __future__ import annotations

from datetime import timedelta


class ListenError(Exception):
    """The base of all errors that a user can do something about."""

    exit_code = 1


class UsageError(ListenError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class QueryError(UsageError):
    """A query that cannot be read; `column` counts characters from 1."""

    def __init__(self, query: str, column: int, problem: str) -> None:
        super().__init__(f"query {_shortened(query)!r}, column {column}: {problem}")
        self.query = query
        self.column = column


class ConfigError(ListenError):
    """The config file, or a secret that it names, is wrong."""

    exit_code = 3


class RecordingError(ListenError):
    """A recorded file that cannot be opened or read at all."""


class TeachingError(ListenError):
    """Labelled texts, or the file that holds what the judge was taught, cannot be read or written."""


class StoreError(ListenError):
    """The store cannot be opened, read or written."""


class OutputError(ListenError):
    """Results cannot be written where the user wants them."""


class PlatformError(ListenError):
    """A network, or one server of it, did not give what was asked.

    `wait` is the least time until the next try, where the server named one; None leaves it to the engine. `body` is
    what the server said, never to be shown as it is. One that is `advised` says itself what to do.
    """

    exit_code = 5
    body: bytes = b""

    def __init__(self, problem: str, *, wait: timedelta | None = None, advised: bool = False) -> None:
        super().__init__(problem)
        self.wait = wait
        self.advised = advised


class Unreachable(PlatformError):
    """No connection, no answer in time, a broken stream, or the server's own error (5xx)."""


class TooMuch(Unreachable):
    """The server cannot put together so much at once; a smaller request may do."""


class RateLimited(PlatformError):
    """Too many requests; `wait` says how long the server wants to be left alone."""


class OutOfQuota(RateLimited):
    """What is allowed for a day, or was bought, is used up; `wait` says when there is more."""


class BadAnswer(PlatformError):
    """An answer that is not what the network promises: HTML for JSON, cut, too large, nonsense."""


class Unacceptable(BadAnswer):
    """The server understands us, but not this request (400, 422 and the like): something in it is not to its taste.

    `code` is the server's own short name for what is wrong (`ExpiredToken`), where it has one.
    """

    def __init__(self, problem: str, *, wait: timedelta | None = None, code: str | None = None) -> None:
        super().__init__(problem, wait=wait)
        self.code = code


class Refused(PlatformError):
    """The server does not let us in (401, 403): a missing, wrong or too weak token."""

    exit_code = 4


class Unknown(Refused):
    """The server does not know who asks (401): a token that has expired, or none, or a wrong one."""


class Gone(PlatformError):
    """What was asked for is not there (404, 410)."""


def _shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
