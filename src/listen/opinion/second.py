"""The second opinion: which mentions are asked about, all at once within bounds, and what it changes.

Bounds: `parallel` questions at a time, `timeout_seconds` for each and twice that for a batch of a live stream,
`requests_per_minute` and `requests_per_day` over all runs on one store, a minute's rest after three failures in a row.
Who does not answer within them has not been asked: the local verdict stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import msgspec

from listen.errors import BadAnswer, PlatformError, StoreError
from listen.mention import Role, Verdict
from listen.opinion.breaker import Breaker
from listen.opinion.cache import Cache, View, key_of
from listen.opinion.endpoint import Endpoint, TooLong
from listen.opinion.excerpt import Excerpt
from listen.opinion.merging import reconsidered
from listen.opinion.options import Llm

IN_VAIN = 1_000  # texts that the model had no answer for; they are not asked about twice in a run
_LITTLE_ROOM = (
    "has too little context for some posts, whose local verdict stands; lower max_characters in [llm], or give the "
    "model more context"
)
_PAUSE = 1.0  # seconds between two looks at the minute's budget, where one waits for it

IsUnsure = Callable[[Verdict], bool]


class Case(msgspec.Struct, frozen=True):
    """A verdict on a document from its character `start` on; the spans of its reasons count from the beginning."""

    document: str
    start: int
    role: Role
    verdict: Verdict


class _Question(NamedTuple):
    key: bytes
    excerpt: Excerpt
    role: Role


class SecondOpinion:
    """Asks the model that `options` name. `on` never raises for its sake: it says what is wrong, and lets verdicts be.

    A context manager, async for `on` and plain for `at_once`. `is_unsure` tells if a verdict is a close call. `say`
    gets a line when the endpoint is put to rest, and unless `quiet` one when it is back.
    """

    def __init__(
        self, options: Llm, cache: Cache, is_unsure: IsUnsure, say: Callable[[str], None], *, quiet: bool = False
    ) -> None:
        self.options = options
        self._cache = cache
        self._is_unsure = is_unsure
        self._say = say
        self._endpoint = Endpoint(options)
        self._breaker = Breaker(say, quiet=quiet)
        self._room = asyncio.Semaphore(options.parallel)
        self._in_vain: dict[bytes, None] = {}
        self._said: set[str] = set()
        self._asking: set[asyncio.Task[View | None]] = set()
        self._hurried = False
        self._runner: asyncio.Runner | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._endpoint.__aexit__()
        self._cache.close()

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._runner is not None
        self._runner.run(self.__aexit__())
        self._runner.close()

    def hurry(self) -> None:
        """The run is to end: wait for no answer any more."""
        self._hurried = True
        for task in self._asking:
            task.cancel()

    def at_once(self, cases: Sequence[Case]) -> list[Verdict]:
        """`on` without an event loop and with all the time that the budget gives; inside of `with` only."""
        assert self._runner is not None
        return self._runner.run(self.on(cases, in_time=False))

    async def on(self, cases: Sequence[Case], *, in_time: bool = True) -> list[Verdict]:
        """The verdicts after the model was heard, in their order.

        In time, a batch takes twice `timeout_seconds` at most; else one waits until the minute's budget has room.
        """
        questions = [self._question(case) for case in cases]
        new = {question.key: question for question in questions if question and question.key not in self._in_vain}
        views = await self._heard(list(new.values()), in_time=in_time)
        return [
            reconsidered(case.verdict, view, question.excerpt.spans(view.why))
            if question and (view := views.get(question.key))
            else case.verdict
            for case, question in zip(cases, questions, strict=True)
        ]

    def _question(self, case: Case) -> _Question | None:
        """What the model is asked about it; None if it is not."""
        ask, verdict = self.options.ask, case.verdict
        if (ask == "flagged" and verdict.flag == "none") or (ask == "unsure" and not self._is_unsure(verdict)):
            return None
        excerpt = Excerpt(case.document, case.start, self.options.max_characters)
        return _Question(key_of(self.options.model, excerpt.text, case.role), excerpt, case.role) if excerpt else None

    async def _heard(self, questions: Sequence[_Question], *, in_time: bool) -> dict[bytes, View]:
        """The answers that came in time, by their questions' keys."""
        if not questions or self._hurried:
            return {}
        asked = {asyncio.create_task(self._view(question, in_time=in_time)): question.key for question in questions}
        self._asking.update(asked)
        try:
            await asyncio.wait(asked, timeout=2 * self.options.timeout_seconds if in_time else None)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
            self._asking.difference_update(asked)
        views = {key: task.result() for task, key in asked.items() if not task.cancelled()}
        return {key: view for key, view in views.items() if view is not None}

    async def _view(self, question: _Question, *, in_time: bool) -> View | None:
        """What the cache or the model says; None if neither does."""
        try:
            known = await asyncio.to_thread(self._cache.find, question.key)
            if known is not None:
                return known
            async with self._room:
                return await self._asked(question, in_time=in_time) if self._breaker.lets() else None
        except StoreError as problem:  # without it nobody counts the requests
            self._tell_once(f"llm: {problem}; the local judge decides alone")
            return None

    async def _asked(self, question: _Question, *, in_time: bool) -> View | None:
        text, role = question.excerpt.text, question.role
        try:
            answer = await self._endpoint.ask(text, role, lambda: self._may_send(in_time=in_time))
        except TooLong:  # the server is well
            self._breaker.gave_up()
            self._tell_once(f"llm: {self._endpoint.name} {_LITTLE_ROOM}")
            self._forget_about(question.key)
            return None
        except PlatformError as problem:
            self._breaker.failed(problem)
            if isinstance(problem, BadAnswer):
                self._forget_about(question.key)
            return None
        except BaseException:  # nobody waits any more, or the cache is broken
            self._breaker.gave_up()
            raise
        if answer is None:
            self._breaker.gave_up()
            return None
        self._breaker.worked(self._endpoint.name)
        view = View(
            flag=answer.flag,
            kind=None if answer.kind == "none" else answer.kind,
            confidence=answer.confidence,
            urgency=answer.urgency,
            why=question.excerpt.places(answer.why),
        )
        try:
            await asyncio.to_thread(self._cache.keep, question.key, view)
        except StoreError as problem:
            self._tell_once(f"llm: {problem}")
        return view

    def _forget_about(self, key: bytes) -> None:
        self._in_vain[key] = None
        while len(self._in_vain) > IN_VAIN:
            del self._in_vain[next(iter(self._in_vain))]

    async def _may_send(self, *, in_time: bool) -> bool:
        """Whether the budget has room for a request, which is then counted."""
        minute, day = self.options.requests_per_minute, self.options.requests_per_day
        while True:
            spent = await asyncio.to_thread(self._cache.spend, minute, day)
            if spent == "spent":
                return True
            if spent == "day":
                self._tell_once(f"llm: the {day:,} requests of a day are used up; the local judge decides alone")
                return False
            if in_time:
                self._tell_once(f"llm: the {minute:,} requests of a minute are used up; the local judge decides alone")
                return False
            self._tell_once(f"llm: {minute:,} requests a minute are allowed, so this takes a while")
            await asyncio.sleep(_PAUSE)

    def _tell_once(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._say(line)
