"""Bluesky's frames packed with deflate, with zstd and a dictionary, and not at all."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from listen.errors import BadAnswer, ConfigError
from listen.http import Client
from listen.source import Interest
from tests.platforms.bluesky import RECORDED, ago, heard, source_of, texts
from tests.servers.frames import trained_dictionary
from tests.servers.jetstream import Jetstream


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=3) as client:
        yield client


@pytest.fixture
async def server() -> AsyncIterator[Jetstream]:
    async with Jetstream() as server:
        yield server


@pytest.mark.parametrize("compression", ["deflate", "none"])
async def test_without_zstd_the_handshake_offers_deflate_or_nothing(
    compression: str, server: Jetstream, http: Client
) -> None:
    server.post("Kindle", at=ago(minutes=1))
    assert texts(await heard(source_of(http, server.ws, compression=compression))) == ["Kindle"]
    (offer,) = server.offers
    assert ("permessage-deflate" in offer) == (compression == "deflate")


async def test_zstd_is_read_with_a_dictionary_and_offers_no_deflate_beside_it(http: Client, tmp_path: Path) -> None:
    (tmp_path / "jetstream.zdict").write_bytes(trained_dictionary())
    async with Jetstream(dictionary=trained_dictionary()) as server:
        server.post("Kindle Ärger 🙈", at=ago(minutes=1))
        source = source_of(http, server.ws, compression="zstd", zstd_dictionary=str(tmp_path / "jetstream.zdict"))
        assert texts(await heard(source)) == ["Kindle Ärger 🙈"]
        assert "compress=true" in server.asked[0]
        assert server.offers == [""]


async def test_zstd_is_read_with_the_dictionary_of_the_public_servers(http: Client) -> None:
    file = RECORDED / "zstd_dictionary_v1_legacy.zdict"
    if not file.is_file():
        pytest.skip("the dictionary is not here")
    async with Jetstream(dictionary=file.read_bytes()) as server:
        for frame in (RECORDED / "jetstream_v1_derived.jsonl").read_text("utf-8").splitlines():
            server.send(frame, at=ago(minutes=1))
        source = source_of(
            http, server.ws, interest=Interest(()), compression="zstd", zstd_dictionary=str(file.resolve())
        )
        assert len(texts(await heard(source))) > 20


async def test_frames_of_another_dictionary_are_an_error_and_not_silence(http: Client, tmp_path: Path) -> None:
    (tmp_path / "other.zdict").write_bytes(trained_dictionary(300))
    async with Jetstream(dictionary=trained_dictionary(600)) as server:
        server.post("Kindle", at=ago(minutes=1))
        source = source_of(http, server.ws, compression="zstd", zstd_dictionary=str(tmp_path / "other.zdict"))
        with pytest.raises(BadAnswer, match="dictionary"):
            await heard(source)


async def test_a_packed_frame_that_would_fill_the_memory_is_refused(http: Client, tmp_path: Path) -> None:
    (tmp_path / "jetstream.zdict").write_bytes(trained_dictionary())
    async with Jetstream(dictionary=trained_dictionary()) as server:
        server.send("kindle" * 2_000_000, at=ago(minutes=1))
        source = source_of(http, server.ws, compression="zstd", zstd_dictionary=str(tmp_path / "jetstream.zdict"))
        with pytest.raises(BadAnswer, match="4 MB"):
            await heard(source)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "needs 'zstd_dictionary'"),
        ({"zstd_dictionary": "/nowhere/x.zdict"}, "cannot be read"),
        ({"zstd_dictionary": __file__}, "no zstd dictionary"),
    ],
    ids=["no dictionary", "no file", "another file"],
)
def test_zstd_without_its_dictionary_is_a_wrong_config(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        source_of(Client(), "ws://127.0.0.1:9", compression="zstd", **options)


def test_zstd_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(ConfigError, match=r"listen-mentions\[zstd\]"):
        source_of(Client(), "ws://127.0.0.1:9", compression="zstd", zstd_dictionary="x")
