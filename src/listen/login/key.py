"""Networks that give their key to whoever asks on a web page: it is asked for, tried and kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from listen.login.grant import Grant
from listen.login.login import Door, Login, Question, Seen, Talk

Trial = Callable[[Door, Mapping[str, str]], Awaitable[Seen]]


class KeyLogin(Login):
    """`questions` are asked in order, their names are the platform's options; `trial` makes the one real request."""

    def __init__(self, *, steps: tuple[str, ...], questions: tuple[Question, ...], trial: Trial) -> None:
        self.steps = steps
        self.questions = questions
        self.options = self.needs = tuple(question.name for question in questions)
        self.trial = trial

    async def made(self, door: Door, talk: Talk) -> Grant:
        given = {question.name: door.asked(talk, question) for question in self.questions}
        seen = await self.trial(door, given)
        hidden = {question.name for question in self.questions if question.secret}
        return door.granted(
            seen.account,
            secrets={name: value for name, value in given.items() if name in hidden},
            values={name: value for name, value in given.items() if name not in hidden},
            ends_at=seen.ends_at,
        )

    async def tried(self, door: Door, grant: Grant) -> Seen:
        return await self.trial(door, grant.secrets | grant.values)
