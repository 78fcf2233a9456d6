"""Each fault on each way in which posts reach us: in the end everything has arrived once, and one line was said."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tests.faults import faults
from tests.faults.faults import answers
from tests.faults.proxy import Fault
from tests.faults.stage import Stage, staged
from tests.faults.transports import TRANSPORTS

MOST = 60_000_000  # bytes: an answer may have 20 MB, and is held once more while it is put together
MINUTE = timedelta(minutes=1)
PAGE = b"<!doctype html><html><title>Just a moment</title><p>Checking your browser.</p></html>"


class Case(msgspec.Struct, frozen=True):
    """A fault; whether it `hurts`, so that something is said, or `floods`; and the least wait that it asks for."""

    fault: Fault
    hurts: bool = True
    floods: bool = False
    wait: timedelta = timedelta(0)


CASES = {
    "late": Case(faults.delayed, hurts=False),
    "dripping": Case(faults.dripping, hurts=False),
    "cut in the middle": Case(faults.cut),
    "reset in the middle": Case(faults.reset),
    "half-closed in the middle": Case(faults.half_closed),
    "garbage in the middle": Case(faults.spoilt),
    "stuck in the middle": Case(faults.stuck),
    "not a word": Case(faults.silent),
    "not a word after the headers": Case(faults.silent_after_headers),
    "garbage": Case(faults.garbage),
    "closed at once": Case(faults.hung_up),
    "reset at once": Case(faults.refused),
    "a length too long": Case(faults.too_long),
    "a length too short": Case(faults.too_short),
    "a line of 100 MB": Case(faults.endless, floods=True),
    "a gzip bomb": Case(faults.bomb, floods=True),
    "500": Case(answers(500, PAGE)),
    "502": Case(answers(502, PAGE)),
    "503": Case(answers(503)),
    "503 for 77 s": Case(answers(503, Retry_After="77"), wait=timedelta(seconds=77)),
    "503 until a date": Case(faults.until_in_an_hour(503), wait=timedelta(minutes=59)),
    "429": Case(answers(429), wait=MINUTE),
    "429 for 77 s": Case(answers(429, b"slow down", Retry_After="77"), wait=timedelta(seconds=77)),
    "429 until a date": Case(faults.until_in_an_hour(429), wait=timedelta(minutes=59)),
    "403": Case(answers(403, PAGE), wait=15 * MINUTE),
    "404": Case(answers(404, PAGE)),
    "a page to log in": Case(answers(200, PAGE)),
}

# Streams have no length; one that is not there is polled; one that opens each time and then says nothing, too.
UNHURT = {
    ("event stream", "stuck in the middle"),
    ("event stream", "not a word after the headers"),
    ("event stream", "a length too long"),
    ("event stream", "a length too short"),
    ("event stream", "404"),
}


@pytest.mark.parametrize("fault", CASES)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_after_a_fault_everything_has_arrived_once(transport: str, fault: str, tmp_path: Path) -> None:
    case = CASES[fault]
    hurts = case.hurts and (transport, fault) not in UNHURT
    async with staged(TRANSPORTS[transport](), tmp_path) as stage:
        stage.post(3)
        await stage.all_heard()
        with bounded() if case.floods else nullcontext():
            stage.proxy.begins(case.fault)
            stage.post(4)
            await stage.struck(2 if hurts else 1)
            if hurts:
                await stage.told()
        stage.post(2)
        stage.proxy.ends()
        stage.post(2)
        await stage.all_heard()
    _assert_sound(stage)
    assert not case.wait or any(case.wait <= wait <= case.wait + MINUTE for wait in stage.waits)
    assert len(stage.trouble()) >= hurts
    assert len(set(stage.trouble())) == len(stage.trouble()) <= 2, stage.trouble()  # a failure, and a notice of a feed


@contextmanager
def bounded() -> Iterator[None]:
    """No more than MOST bytes are held at any moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()


def _assert_sound(stage: Stage) -> None:
    everything = [*range(1, stage.posted + 1)]
    assert stage.stored == everything
    assert stage.shown() == everything
    for line in stage.output.said:
        assert line.startswith(f"{stage.transport.name}: "), line
        assert len(line) < 250
        assert "hush" not in line
        assert "\n" not in line
