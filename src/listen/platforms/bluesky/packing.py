"""How frames are packed on the wire, and unpacked: per-message deflate, zstd with Jetstream's dictionary, not at all.

The dictionary of the v1 wire (id 1612007021) lies in Jetstream's repository; it is not ours to ship.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from listen.errors import BadAnswer, ConfigError
from listen.http.wire import EVENT_LIMIT

if TYPE_CHECKING:
    import zstandard

Compression = Literal["deflate", "zstd", "none"]


class Packing(msgspec.Struct, frozen=True):
    """What to offer in the handshake, and how to read what comes."""

    offer: str | None
    asks: dict[str, str]
    unpacked: Callable[[str | bytes], str]


def packing(compression: Compression, dictionary: str | None) -> Packing:
    """Raises ConfigError where zstd is asked for and cannot be had."""
    if compression != "zstd":
        return Packing("deflate" if compression == "deflate" else None, {}, _text)
    if dictionary is None:
        raise ConfigError(
            "[platforms.bluesky] compression = 'zstd' needs 'zstd_dictionary', the file with Jetstream's dictionary"
        )
    # Servers refuse a client that offers deflate as well (400).
    return Packing(None, {"compress": "true"}, _unzstd(dictionary))


def _text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode(errors="replace")


def _unzstd(file: str) -> Callable[[str | bytes], str]:
    try:
        import zstandard
    except ImportError as problem:
        raise ConfigError(
            "[platforms.bluesky] compression = 'zstd' needs a package more; install 'listen-mentions[zstd]'"
        ) from problem
    unpacker = _unpacker(file)

    def unpacked(frame: str | bytes) -> str:
        if isinstance(frame, str):
            return frame
        try:
            if zstandard.frame_content_size(frame) > EVENT_LIMIT:
                raise BadAnswer(f"a packed frame holds more than {EVENT_LIMIT // 1_000_000} MB")
            return unpacker.decompress(frame, max_output_size=EVENT_LIMIT).decode(errors="replace")
        except zstandard.ZstdError as problem:
            # Not skipped: with the wrong dictionary every post would be lost without a word.
            raise BadAnswer(f"frames cannot be unpacked with {file!r}; is it this server's dictionary?") from problem

    return unpacked


def _unpacker(file: str) -> zstandard.ZstdDecompressor:
    import zstandard

    try:
        content = Path(file).expanduser().read_bytes()
        dictionary = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_FULLDICT)
        return zstandard.ZstdDecompressor(dict_data=dictionary)
    except OSError as problem:
        raise ConfigError(
            f"[platforms.bluesky] zstd_dictionary: {file!r} cannot be read ({problem.strerror})"
        ) from problem
    except (zstandard.ZstdError, ValueError) as problem:
        raise ConfigError(f"[platforms.bluesky] zstd_dictionary: {file!r} is no zstd dictionary") from problem
