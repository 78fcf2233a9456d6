"""A thousand frames a second through a proxy that hurts now and then, into a real `listen watch`; what it costs.

Every mention must be printed, once, or lie in a gap that was told. Latency is the time from the moment when the server
hands a frame to its socket until the printed line has been read from the program's stdout.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.invented import frames
from tests.faults import faults
from tests.faults.faults import answers
from tests.faults.kills import going
from tests.faults.proxy import Fault, Proxy
from tests.opened import off
from tests.servers.frames import POSTS
from tests.servers.jetstream import Jetstream

RATE = 1_000  # frames a second
SHARE = 0.02  # of them are mentions
CALM = 20.0  # seconds after a fault, with the stream open, until it counts as undisturbed
TICK = 0.01
FAULTS: dict[str, Fault] = {
    "late": faults.delayed,
    "cut": faults.cut,
    "reset": faults.reset,
    "half-closed": faults.half_closed,
    "garbage in the middle": faults.spoilt,
    "garbage": faults.garbage,
    "500": answers(500),
    "503 for 2 s": answers(503, Retry_After="2"),
    "429 for 3 s": answers(429, Retry_After="3"),
    "a message of 100 MB": faults.endless,
    "a bomb": faults.bomb,
}
_NUMBER = re.compile(r"nummer (\d+) ")
_TIME = re.compile(r'"time_us":\d+')
_KEY = re.compile(r'"rkey":"\w+"')


class Replay:
    """`sent` and `printed` hold the moment of each mention by its number; `calm` those sent undisturbed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.server = Jetstream(keep=180_000)
        self.sent: dict[int, float] = {}
        self.printed: dict[int, list[float]] = {}
        self.calm: set[int] = set()
        self.said: list[str] = []
        self.faults = 0
        self.count = 0
        self._frames = [_TIME.split(_KEY.sub('"rkey":"KEY"', frame)) for frame in frames(20_000, share=SHARE)]
        self._hurt_at = time.monotonic()

    async def send(self) -> None:
        """Frames at an even rate, until it is cancelled."""
        begin = time.monotonic()
        while True:
            due = int((time.monotonic() - begin) * RATE)
            while self.count < due:
                self._send_one()
            await asyncio.sleep(TICK)

    def _send_one(self) -> None:
        self.count += 1
        if not self.server.streams:
            self._hurt_at = max(self._hurt_at, time.monotonic())  # still in the wait that followed the fault
        before, after = self._frames[self.count % len(self._frames)]
        now = time.monotonic()
        if '"text":"' in after and "indle" in after:
            after = after.replace('"text":"', f'"text":"nummer {self.count} ', 1)
            self.sent[self.count] = now
            if now - self._hurt_at > CALM:
                self.calm.add(self.count)
        elif "indle" in before:
            before = before.replace('"text":"', f'"text":"nummer {self.count} ', 1)
        at = max(micros_now(), self.server.log[-1].time_us + 1 if self.server.log else 0)
        raw = f'{before}"time_us":{at}{after}'.replace("KEY", f"3m{self.count:011d}")
        self.server.send(raw, POSTS, at=at)

    async def hurt(self, proxy: Proxy) -> None:
        """Every minute or so a fault for a few seconds; now and then a dead link that nobody is told of."""
        while True:
            await asyncio.sleep(self.chance.uniform(30, 75))
            self.faults += 1
            self._hurt_at = time.monotonic() + 1e9
            if self.chance.random() < 0.1:
                proxy.freeze()
                await asyncio.sleep(70)
            else:
                proxy.begins(self.chance.choice(list(FAULTS.values())))
                await asyncio.sleep(self.chance.uniform(1, 6))
                proxy.ends()
                proxy.abort()
            self._hurt_at = time.monotonic()

    async def read(self, stdout: asyncio.StreamReader) -> None:
        while line := await stdout.readline():
            now = time.monotonic()
            for number in _NUMBER.findall(json.loads(line)["text"]):
                self.printed.setdefault(int(number), []).append(now)

    async def note(self, stderr: asyncio.StreamReader) -> None:
        while line := await stderr.readline():
            self.said.append(line.decode(errors="replace").rstrip())

    def latencies(self, *, calm: bool) -> list[float]:
        return sorted(
            self.printed[number][0] - sent
            for number, sent in self.sent.items()
            if number in self.printed and (not calm or number in self.calm)
        )


def micros_now() -> int:
    return time.time_ns() // 1_000


async def soak(minutes: float, seed: int) -> tuple[bool, list[str]]:
    """Replay for so long; whether nothing was lost, doubled or leaked, and the figures."""
    replay = Replay(random.Random(seed))
    with tempfile.TemporaryDirectory(prefix="listen-soak-") as home:
        counts = Path(home) / "counts.jsonl"
        async with replay.server as server, Proxy(server.port) as proxy:
            code = await _watched(replay, proxy, Path(home), counts, minutes)
        samples = [json.loads(line) for line in counts.read_text("utf-8").splitlines()]
    return _told(replay, samples, minutes, code)


async def _watched(replay: Replay, proxy: Proxy, home: Path, counts: Path, minutes: float) -> int:
    hosts = f'["{proxy.ws}/subscribe", "{proxy.ws}/subscribe?again=1"]'
    config = (
        f'[platforms.bluesky]\njetstream = {hosts}\napi = "{replay.server.base}"\nreplay_minutes = 1\n{off("bluesky")}'
    )
    (home / "c.toml").write_text(config, encoding="utf-8")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ},
        "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    watching = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.inside", str(counts), "watch", "kindle", "-c", str(home / "c.toml"),
        "--format", "jsonl", env=environment, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1_000_000,
    )  # fmt: skip
    assert watching.stdout is not None
    assert watching.stderr is not None
    reading = asyncio.gather(replay.read(watching.stdout), replay.note(watching.stderr))
    async with going(replay.send()):
        async with going(replay.hurt(proxy)):
            await asyncio.wait([reading], timeout=60 * minutes)
        proxy.ends()
        proxy.abort()
        await asyncio.wait([reading], timeout=20)  # the last fault is over; what it held up arrives
    await asyncio.wait([reading], timeout=10)
    if watching.returncode is None:
        watching.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        code = await watching.wait()
        await reading
    return code


def _told(replay: Replay, samples: Sequence[dict[str, float]], minutes: float, code: int) -> tuple[bool, list[str]]:
    lost = [number for number in replay.sent if number not in replay.printed]
    doubled = [number for number, moments in replay.printed.items() if len(moments) > 1]
    lines = [
        f"{minutes:g} min, {replay.count:,} frames ({RATE:,}/s), {replay.faults} faults",
        f"{len(replay.sent):,} mentions, {len(lost)} lost, {len(doubled)} doubled, exit code {code}",
    ]
    for name, calm in (("undisturbed", True), ("all, faults included", False)):
        waits = replay.latencies(calm=calm)
        if waits:
            median, late = (waits[min(len(waits) - 1, int(share * len(waits)))] * 1_000 for share in (0.5, 0.99))
            lines.append(f"latency {name}: p50 {median:,.0f} ms, p99 {late:,.0f} ms, {len(waits):,} mentions")
    for name in ("resident", "descriptors", "tasks", "threads"):
        values = [sample[name] for sample in samples]
        ends = f"{values[0]:,.0f} at the beginning, {values[-1]:,.0f} at the end"
        lines.append(f"{name}: {ends}, {min(values):,.0f} to {max(values):,.0f}{' kB' if name == 'resident' else ''}")
    tenths = [samples[place * (len(samples) - 1) // 10]["resident"] / 1_024 for place in range(11)]
    lines.append("resident in MB, every tenth of the time: " + ", ".join(f"{value:.0f}" for value in tenths))
    last = samples[len(samples) * 2 // 3 :]  # caches are bounded, and full by then
    slope = _slope([(sample["at"] / 3_600, sample["resident"] / 1_024) for sample in last])
    lines.append(f"memory slope in the last third: {slope:+.2f} MB/h")
    leaked = any(last[-1][name] > last[0][name] + 3 for name in ("descriptors", "tasks"))
    return code == 0 and not lost and not doubled and not leaked, [*lines, *replay.said[-8:]]


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line through the points, by least squares."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0
