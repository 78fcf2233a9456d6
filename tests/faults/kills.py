"""The run with kills: `listen watch` is killed and started again while faults come and go, and nothing is missing.

Used by a test with a few kills and by `scripts/soak.py` with many.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from tests.faults import faults
from tests.faults.faults import answers
from tests.faults.networks import Network
from tests.faults.proxy import Fault, Proxy
from tests.opened import off

FAULTS: dict[str, Fault] = {
    "late": faults.delayed,
    "cut": faults.cut,
    "reset in the middle": faults.reset,
    "half-closed": faults.half_closed,
    "garbage in the middle": faults.spoilt,
    "stuck": faults.stuck,
    "silent": faults.silent,
    "garbage": faults.garbage,
    "reset": faults.refused,
    "too long": faults.too_long,
    "500": answers(500),
    "503": answers(503, Retry_After="1"),
    "429": answers(429, Retry_After="1"),
}
LAST_ROUND = 120.0  # seconds
_POST = re.compile(r"Kindle (\d+) version (\d+)")


class Result(msgspec.Struct, kw_only=True):
    """What the store held at the end of a run, for one network."""

    network: str
    posted: int
    wanted: int
    stored: int
    missing: list[int]
    doubled: list[int]
    left_over: list[int]
    stale: list[int]

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.doubled or self.left_over or self.stale)


class Run:
    """A run in the folder `home`. `deaths` counts kills, `struck` requests that met a fault, `crashes` other ends."""

    def __init__(self, networks: Sequence[Network], home: Path, chance: random.Random) -> None:
        self.networks = networks
        self.home = home
        self.chance = chance
        self.deaths = 0
        self.struck: Counter[str] = Counter()
        self.crashes: list[str] = []
        self._environment: Mapping[str, str] = {
            **{name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ},
            "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config"),
            "TOKEN": os.environ.get("TOKEN", "hush-hush"), "PYTHONWARNINGS": "error",
        }  # fmt: skip

    async def go(self, kills: int, lives: tuple[float, float] = (0.4, 1.6)) -> list[Result]:
        """Kill so often, each time after a random life of so many seconds; before and after it is a round in peace."""
        async with AsyncExitStack() as stack:
            proxies = [await self._behind_proxy(stack, network) for network in self.networks]
            self._configure(proxies)
            await self._one_round()  # so that there are marks to go on from: a first start does not look back for ever
            posting = [asyncio.create_task(network.goes_on()) for network in self.networks]
            async with going(*(self._hurts(proxy) for proxy in proxies)):
                for _ in range(kills):
                    await self._one_life(self.chance.uniform(*lives))
            for network in self.networks:
                network.stopping = True
            await asyncio.gather(*posting)
            for network in self.networks:
                await network.settled()
            for proxy in proxies:
                proxy.ends()
                proxy.abort()
            await self._one_round()
            return [self._compared(network, await self._stored()) for network in self.networks]

    async def _one_round(self) -> None:
        said = await self._listen("watch", "kindle", "-c", "c.toml", "--once", "--format", "jsonl", "-o", os.devnull)
        if said:
            self.crashes.append(f"a round in peace: {said}")

    async def _behind_proxy(self, stack: AsyncExitStack, network: Network) -> Proxy:
        port = await stack.enter_async_context(network.serving())
        return await stack.enter_async_context(Proxy(port))

    def _configure(self, proxies: Sequence[Proxy]) -> None:
        told = {network.name: network.config(proxy) for network, proxy in zip(self.networks, proxies, strict=True)}
        (self.home / "c.toml").write_text("\n".join([*told.values(), off(*told)]), encoding="utf-8")

    async def _one_life(self, seconds: float) -> None:
        watching = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "listen", "watch", "kindle", "-c", "c.toml", "--format", "jsonl",
            cwd=self.home, env=self._environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        saying = asyncio.create_task(watching.communicate())
        done, _ = await asyncio.wait([saying], timeout=seconds)
        if not done:
            watching.kill()
            self.deaths += 1
        _, said = await saying
        if done or b"Traceback" in said:
            self.crashes.append(said.decode(errors="replace")[-2_000:])

    async def _hurts(self, proxy: Proxy) -> None:
        """Faults that come and go, and in between connections that break."""
        while True:
            name = self.chance.choice(list(FAULTS))
            proxy.begins(FAULTS[name])
            await asyncio.sleep(self.chance.uniform(0.1, 0.8))
            proxy.ends()
            self.struck[name] += proxy.struck
            await asyncio.sleep(self.chance.uniform(0.1, 0.8))
            if self.chance.random() < 0.2:
                proxy.freeze()

    async def _listen(self, *arguments: str) -> str:
        """Run it to its end; what it said if that was no good one."""
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "listen", *arguments, cwd=self.home, env=self._environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(LAST_ROUND):
            _, said = await running.communicate()
        return (
            ""
            if running.returncode == 0
            else f"exit code {running.returncode}: {said.decode(errors='replace')[-2_000:]}"
        )

    async def _stored(self) -> list[dict[str, str]]:
        problem = await self._listen("export", "-c", "c.toml", "--format", "jsonl", "-o", "all.jsonl")
        assert not problem, problem
        return [json.loads(line) for line in (self.home / "all.jsonl").read_text("utf-8").split("\n") if line]

    def _compared(self, network: Network, stored: Sequence[Mapping[str, str]]) -> Result:
        found = [_POST.search(mention["text"]) for mention in stored if mention["platform"] == network.name]
        told = [(int(post[1]), int(post[2])) for post in found if post and int(post[1]) > network.first]
        times = Counter(number for number, _ in told)
        return Result(
            network=network.name,
            posted=network.done - network.first,
            wanted=len(network.versions),
            stored=len(told),
            missing=sorted(network.versions.keys() - times.keys()),
            doubled=sorted(number for number, count in times.items() if count > 1),
            left_over=sorted(times.keys() - network.versions.keys()),
            stale=sorted(n for n, version in told if network.versions.get(n, version) != version),
        )


@asynccontextmanager
async def going(*work: object) -> AsyncIterator[None]:
    """Everything at once until the end of the block. A task that fails makes it fail."""
    tasks = [asyncio.ensure_future(one) for one in work]  # type: ignore[call-overload]
    try:
        yield
    finally:
        failed = [task for task in tasks if task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in failed:
        task.result()
