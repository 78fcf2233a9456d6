"""A Misskey server of our own on loopback: notes by hashtag, page by page and through its socket, captured notes too.

After the server's source: channel `hashtag` compares tags in small letters (`q` is an OR of ANDs), `subNote` needs no
account, `noteUpdated` tells of a captured note's end; pages go down by `untilId`, newest first.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Self

from tests.servers.scripted import Reply, Request, ScriptedServer

JSON = {"Content-Type": "application/json"}
_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


def note(number: int, at: datetime | None = None, text: str = "Mein #Kindle", **fields: Any) -> dict[str, Any]:
    """A note; its id is of the form aidx, a time and a counter."""
    at = at or datetime.now(UTC)
    told = {"username": "anna", "host": None}
    stamp = f"{int(at.timestamp() * 1000):015d}{number:06d}"
    return {
        "id": stamp,
        "createdAt": at.isoformat(),
        "text": f"{text} {number}",
        "user": told,
        "tags": ["kindle"],
    } | fields


class MisskeyServer(ScriptedServer):
    """`said` lists what clients told through their sockets."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.notes: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self._sockets: dict[asyncio.StreamWriter, tuple[list[dict[str, Any]], set[str]]] = {}

    async def __aenter__(self) -> Self:
        return await super().__aenter__()

    def publish(self, told: dict[str, Any], *, quietly: bool = False) -> None:
        """Keep the note and send it to those who listen; `quietly` to nobody, as when a stream is broken inside."""
        self.notes.append(told)
        for writer, (channels, _) in self._sockets.items():
            for channel in channels:
                wanted = channel["params"].get("q")
                tags = [tag.lower() for tag in told["tags"]]
                if not quietly and (wanted is None or any(all(tag in tags for tag in some) for some in wanted)):
                    self._tell(writer, "channel", {"id": channel["id"], "type": "note", "body": told})

    def delete(self, id_: str) -> None:
        """Take the note away, and tell those who have captured it."""
        self.notes = [told for told in self.notes if told["id"] != id_]
        for writer, (_, captured) in self._sockets.items():
            if id_ in captured:
                self._tell(writer, "noteUpdated", {"id": id_, "type": "deleted", "body": {"deletedAt": "2126"}})

    def hang_up(self) -> None:
        for writer in [*self._sockets]:
            writer.transport.abort()

    @property
    def listening(self) -> int:
        return len(self._sockets)

    def _answer(self, request: Request) -> Reply:
        told = json.loads(request.body or b"{}")
        found = sorted(self.notes, key=lambda note: str(note["id"]), reverse=True)
        page = [note for note in found if note["id"] < told.get("untilId", "~")][: told.get("limit", 10)]
        return Reply(body=json.dumps(page).encode(), headers=JSON)

    async def _one_exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(
            (line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")), b""
        )
        if not key:
            replayed = asyncio.StreamReader()
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            replayed.feed_data(head + await reader.readexactly(length))
            return await super()._one_exchange(replayed, writer)
        accept = base64.b64encode(hashlib.sha1(key + _MAGIC.encode(), usedforsecurity=False).digest()).decode()
        told = (
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accept}",
        )
        writer.write(("\r\n".join(told) + "\r\n\r\n").encode())
        self._sockets[writer] = [], set()
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._one_frame(reader, writer):
                    pass
        finally:
            del self._sockets[writer]
        return False

    async def _one_frame(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """A frame of a client, which is masked; whether the link goes on."""
        first, second = await reader.readexactly(2)
        size = second & 127
        if size > 125:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8))
        mask = await reader.readexactly(4)
        payload = bytes(byte ^ mask[n % 4] for n, byte in enumerate(await reader.readexactly(size)))
        if first & 15 == 9:  # a ping
            writer.write(bytes([0x8A, len(payload)]) + payload)
        elif first & 15 == 1:
            told = json.loads(payload)
            self.said.append(told)
            channels, captured = self._sockets[writer]
            if told["type"] == "connect":
                channels.append(told["body"])
            elif told["type"] == "subNote":
                captured.add(told["body"]["id"])
        return first & 15 != 8

    def _tell(self, writer: asyncio.StreamWriter, kind: str, body: dict[str, Any]) -> None:
        payload = json.dumps({"type": kind, "body": body}).encode()
        size = bytes([len(payload)]) if len(payload) < 126 else bytes([126]) + len(payload).to_bytes(2)
        writer.write(b"\x81" + size + payload)
