"""What goes wrong before a word is said: names, connections, certificates, other hosts."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import faults
from tests.faults.faults import answers
from tests.faults.proxy import Proxy
from tests.faults.stage import Stage, staged, until
from tests.faults.transports import TRANSPORTS, EventStream
from tests.servers.scripted import Reply, Request, ScriptedServer

HERE = Path(__file__).parent / "certificates"
every_network = pytest.mark.parametrize("network", TRANSPORTS)


def assert_all_once(stage: Stage) -> None:
    everything = [*range(1, stage.posted + 1)]
    assert stage.stored == everything
    assert stage.shown() == everything


def certificate(name: str) -> ssl.SSLContext:
    """For a server; the keys are nobody's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HERE / f"{name}.pem")
    return context


@every_network
async def test_connections_that_nobody_accepts_are_given_up_and_tried_again(network: str, tmp_path: Path) -> None:
    async with staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        await stage.proxy.turns_deaf()
        stage.post(2)
        await stage.told()
        stage.proxy.hears_again()
        await stage.all_heard()
        assert len(stage.trouble()) == 1
    assert_all_once(stage)


@every_network
@pytest.mark.parametrize(("wrong", "words"), [("expired", "expired"), ("self-signed", "self-signed")])
async def test_a_certificate_that_cannot_be_trusted_is_not_and_what_is_wrong_with_it_is_said(
    network: str, wrong: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(HERE / "authority.pem"))
    async with staged(TRANSPORTS[network](), tmp_path, proxy=Proxy(0, certificate("good"))) as stage:
        stage.post(2)
        await stage.all_heard()
        stage.proxy.certificate = certificate(wrong)
        stage.proxy.begins(faults.silent)
        stage.post(2)
        await stage.told()
        await until(lambda: any(words in line for line in stage.reasons()))
        stage.proxy.certificate = certificate("good")
        stage.proxy.ends()
        stage.post(1)
        await stage.all_heard()
    assert_all_once(stage)


@every_network
async def test_a_redirect_to_another_host_gets_no_token_and_hides_nothing(network: str, tmp_path: Path) -> None:
    def elsewhere(request: Request) -> Reply:
        return Reply(body=b"<!doctype html><title>Log in</title>", headers={"Content-Type": "text/html"})

    async with ScriptedServer(elsewhere) as other, staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        stage.proxy.begins(answers(302, Location=f"http://localhost:{other.port}/login"))
        stage.post(2)
        await stage.told()
        stage.proxy.ends()
        stage.post(1)
        await stage.all_heard()
        for request in other.requests:
            assert "authorization" not in request.headers
    assert_all_once(stage)
    if network in ("poll", "items", "feed", "event stream"):
        assert other.requests


class Names(asyncio.SelectorEventLoop):
    """A loop whose names can be lost: what ends in `.test` is this machine, as long as it `knows` them."""

    knows = True

    async def getaddrinfo(self, host: object, port: object, **more: object) -> list[tuple[object, ...]]:  # type: ignore[override]
        if not str(host if isinstance(host, str) else bytes(host).decode()).endswith(".test"):  # type: ignore[call-overload]
            return await super().getaddrinfo(host, port, **more)  # type: ignore[arg-type, return-value]
        if not self.knows:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(str(port))))]


@every_network
def test_a_name_that_cannot_be_found_for_a_while_is_said_once(network: str, tmp_path: Path) -> None:
    async def play() -> Stage:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Names)
        async with staged(TRANSPORTS[network](), tmp_path, host="listen.test") as stage:
            stage.post(2)
            await stage.all_heard()
            loop.knows = False
            stage.proxy.abort()
            stage.post(2)
            await stage.told()
            await until(lambda: any("name or service not known" in line for line in stage.reasons()))
            loop.knows = True
            stage.post(1)
            await stage.all_heard()
        return stage

    factory: Callable[[], Names] = Names
    with asyncio.Runner(loop_factory=factory) as runner:
        assert_all_once(runner.run(play()))


async def test_the_stream_of_a_server_may_die_while_its_timeline_lives(tmp_path: Path) -> None:
    async with staged(stream := EventStream(), tmp_path) as stage:
        stage.post(1)
        await stage.all_heard()
        stage.proxy.begins(answers(502))
        stage.post(5)
        await stage.all_heard()
        assert stage.proxy.struck
        stage.proxy.ends()
        await until(lambda: stream.server.listened > 0)
    assert_all_once(stage)
