"""What is not to come back: single posts for a while, and forgotten authors for good, both as keyed hashes.

The hash is BLAKE2b (RFC 7693), its key a salt of this store. Whoever has the store can try names out on it, but cannot
read them off.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from listen.plain import wellformed
from listen.post import Post
from listen.store.rows import micros

FOREVER = timedelta.max
_BYTES = 16

_SALT = "SELECT value FROM about WHERE name = ?"
_BURIED = "SELECT 1 FROM tombstone WHERE key = ?"
_FORGOTTEN = "SELECT 1 FROM forgotten WHERE key IN (?, ?, ?)"
_BURY = """
    INSERT INTO tombstone (key, until) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET until = CASE WHEN until IS NULL OR excluded.until IS NULL THEN NULL
        ELSE max(until, excluded.until) END
"""
_REFUSE = "INSERT INTO forgotten (key, hour) VALUES (?, ?) ON CONFLICT DO NOTHING"


def salt(db: sqlite3.Connection, name: str = "salt") -> bytes:
    """A secret of this store that was drawn when it was made."""
    return bytes.fromhex(db.execute(_SALT, (name,)).fetchone()[0])


class Burials:
    """What may not be stored, as it stands in one transaction, however many posts are asked for in it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def hold(self, post: Post) -> bool:
        """Whether the post may not be stored: it was erased, or its author is forgotten."""
        if self._db.execute(_BURIED, (_of_post(self._key, post.platform, post.id),)).fetchone():
            return True
        return self._anybody and self._is_forgotten(post)

    def _is_forgotten(self, post: Post) -> bool:
        told = (post.author_id, post.author, post.author_url)
        names = [_of_author(self._key, post.platform, name or "") for name in told]
        return self._db.execute(_FORGOTTEN, names).fetchone() is not None

    @cached_property
    def _key(self) -> bytes:
        return salt(self._db)

    @cached_property
    def _anybody(self) -> bool:
        return self._db.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone() is not None


def is_known(db: sqlite3.Connection, platform: str, id_: str) -> bool:
    """Whether there is a tombstone of this post."""
    return db.execute(_BURIED, (_of_post(salt(db), platform, id_),)).fetchone() is not None


def bury(db: sqlite3.Connection, posts: Iterable[tuple[str, str]], now: datetime, lasting: timedelta) -> None:
    """Keep these posts (platform, id) away for so long."""
    key, until = salt(db), None if lasting == FOREVER else micros(now + lasting)
    db.executemany(_BURY, [(_of_post(key, *post), until) for post in posts])


def refuse(db: sqlite3.Connection, platform: str, names: Sequence[str], hour: int) -> None:
    """Store nothing more of the author with these ids, handles and addresses."""
    db.executemany(_REFUSE, [(key, hour) for key in of_authors(db, platform, names)])


def of_authors(db: sqlite3.Connection, platform: str, names: Sequence[str]) -> list[bytes]:
    """The keyed hash of each of these ids, handles and addresses."""
    key = salt(db)
    return [_of_author(key, platform, name) for name in names if name]


def prune(db: sqlite3.Connection, now: datetime) -> None:
    """Let go of tombstones whose posts nobody repeats any more."""
    db.execute("DELETE FROM tombstone WHERE until < ?", (micros(now),))


def _of_post(key: bytes, platform: str, id_: str) -> bytes:
    return _hashed(key, "post", platform, id_)


def _of_author(key: bytes, platform: str, name: str) -> bytes:
    return _hashed(key, "author", platform, name.strip().removeprefix("@").casefold())


def _hashed(key: bytes, kind: str, platform: str, name: str) -> bytes:
    told = "\0".join((kind, wellformed(platform), wellformed(name)))
    return hashlib.blake2b(told.encode(), key=key, digest_size=_BYTES).digest()
