"""How Jetstream writes its frames: compact JSON, and zstd with a dictionary."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

POSTS = "app.bsky.feed.post"
ANNA = "did:plc:annaannaannaannaannaanna"


def encoded(frame: dict[str, Any]) -> str:
    """Compact and unescaped as Go writes it, which escapes the two line separators of Unicode."""
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def micros(moment: datetime) -> int:
    """A moment in the microseconds that Jetstream counts in."""
    return int(moment.timestamp() * 1_000_000)


def trained_dictionary(samples: int = 600) -> bytes:
    """A zstd dictionary trained on frames like ours."""
    import zstandard

    words = ["Buch", "reader", "#kindle", "Akku", "battery", "gelesen", "broken", "Hülle", "page", "Licht"]
    frames = []
    for n in range(samples):
        text = " ".join(words[(n * k) % 10] for k in range(1, 9))
        record = {"$type": POSTS, "createdAt": "2026-11-21T12:00:00.000Z", "text": text}
        body = {"rev": f"3r{n:011d}", "operation": "create", "collection": POSTS, "rkey": f"3m{n:011d}"}
        commit = {**body, "record": record, "cid": f"bafyrei{n:052d}"}
        frames.append(encoded({"did": ANNA, "time_us": 10**15 + n * 977, "kind": "commit", "commit": commit}))
    return zstandard.train_dictionary(4096, [frame.encode() for frame in frames]).as_bytes()


def compressor(dictionary: bytes | None) -> Callable[[str | bytes], bytes]:
    if dictionary is None:
        return lambda raw: raw.encode() if isinstance(raw, str) else raw
    import zstandard

    packer = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))
    return lambda raw: packer.compress(raw.encode() if isinstance(raw, str) else raw)
