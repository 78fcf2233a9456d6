"""What X calls a post, as ours. Both spellings are read: the specification of 2026-08-07 says `post` where answers and
documents say `tweet`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from listen.plain import mended, wellformed
from listen.platforms.x.ids import is_id, time_of
from listen.post import Edit, Kind, Post
from listen.when import claimed

NAME = "x"

_ESCAPES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}  # the three that X escapes
_ESCAPE = re.compile("|".join(_ESCAPES))
_OWN_MEDIA = re.compile(r"https?://(?:www\.)?(?:twitter|x)\.com/\w+/status/\d+/(?:photo|video)/\d+")
_NO_LANG = re.compile(r"und|zxx|art|q[a-t][a-z]")  # undetermined, without words, and X's own codes
_KINDS: Mapping[str, Kind] = {"retweeted": "repost", "reposted": "repost", "quoted": "quote", "replied_to": "reply"}


class Link(msgspec.Struct, frozen=True):
    url: str = ""
    expanded_url: str | None = None


class Tag(msgspec.Struct, frozen=True):
    tag: str = ""


class Entities(msgspec.Struct, frozen=True):
    urls: Sequence[Link] = ()
    hashtags: Sequence[Tag] = ()


class Note(msgspec.Struct, frozen=True):
    """The whole of a long post."""

    text: str = ""
    entities: Entities = Entities()


class Counts(msgspec.Struct, frozen=True):
    like_count: int | None = None
    reply_count: int | None = None
    retweet_count: int | None = None
    repost_count: int | None = None
    impression_count: int | None = None
    followers_count: int | None = None


class Reference(msgspec.Struct, frozen=True):
    type: str = ""
    id: str = ""


class Status(msgspec.Struct, frozen=True):
    """One post."""

    id: str
    text: str
    author_id: str | None = None
    created_at: str | None = None
    lang: str | None = None
    entities: Entities = Entities()
    public_metrics: Counts = Counts()
    note_tweet: Note | None = None
    note_post: Note | None = None
    referenced_tweets: Sequence[Reference] = ()
    referenced_posts: Sequence[Reference] = ()
    edit_history_tweet_ids: Sequence[str] = ()
    edit_history_post_ids: Sequence[str] = ()

    @property
    def references(self) -> dict[str, str]:
        """The posts that this one reposts, quotes or answers, by what it does."""
        return {found.type: found.id for found in (*self.referenced_tweets, *self.referenced_posts)}

    @property
    def first(self) -> str:
        """The id of the first of its versions, by which it stays the same post."""
        return min(self._versions, key=int)

    @property
    def last(self) -> str:
        """The id of the newest of its versions."""
        return max(self._versions, key=int)

    @property
    def _versions(self) -> list[str]:
        known = (*self.edit_history_tweet_ids, *self.edit_history_post_ids, self.id)
        return [id_ for id_ in known if is_id(id_)]


class User(msgspec.Struct, frozen=True):
    id: str
    username: str | None = None
    name: str | None = None
    public_metrics: Counts = Counts()


class _Bare(msgspec.Struct, frozen=True):
    """What a post is at least, where one of its frills is odd."""

    id: str
    text: str
    author_id: str | None = None


_STATUS = msgspec.json.Decoder(Status)
_BARE = msgspec.json.Decoder(_Bare)
_USER = msgspec.json.Decoder(User)


def status_of(raw: bytes | msgspec.Raw) -> Status | None:
    """The post in a piece of JSON, without its frills if one of them is odd; None if it is none."""
    try:
        status = _STATUS.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            bare = _BARE.decode(mended(bytes(raw)))
        except (ValueError, RecursionError):
            return None
        status = Status(id=bare.id, text=bare.text, author_id=bare.author_id)
    return status if is_id(status.id) and (status.author_id is None or is_id(status.author_id)) else None


def users_of(raws: Sequence[msgspec.Raw]) -> dict[str, User]:
    """The people among the objects that came along, by their ids."""
    found = {}
    for raw in raws:
        try:
            user = _USER.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        found[user.id] = user
    return found


def heard(status: Status, users: Mapping[str, User]) -> Post | Edit:
    """The post; as an `Edit` if it is not its first version. Names are those of `users`, if they are among them."""
    user = users.get(status.author_id or "")
    name = user.username if user and re.fullmatch(r"\w{1,50}", user.username or "", re.ASCII) else None
    references, note = status.references, status.note_tweet or status.note_post
    written, entities = (note.text, note.entities) if note and note.text else (status.text, status.entities)
    written_at = claimed(status.created_at) or time_of(status.id)
    edited = status.first != status.id
    counts = status.public_metrics
    post = Post(
        platform=NAME,
        id=status.first,
        url=f"https://x.com/{name or 'i/web'}/status/{status.id}",
        author=name,
        author_id=status.author_id,
        author_name=(user and wellformed(user.name or "")) or None,
        author_url=f"https://x.com/{name}" if name else None,
        followers=_count(user.public_metrics.followers_count) if user else None,
        text=_spelled(written, entities),
        posted_at=time_of(status.first) or written_at,
        edited_at=written_at if edited else None,
        kind=next((kind for type_, kind in _KINDS.items() if type_ in references), "post"),
        parent=references.get("replied_to") or None,
        lang=status.lang if status.lang and not _NO_LANG.fullmatch(status.lang) else None,
        hashtags=tuple(dict.fromkeys(wellformed(tag.tag) for tag in entities.hashtags if tag.tag)),
        links=tuple(dict.fromkeys(link for one in entities.urls if (link := _goal(one)))),
        likes=_count(counts.like_count),
        replies=_count(counts.reply_count),
        reposts=_count(counts.retweet_count if counts.retweet_count is not None else counts.repost_count),
        views=_count(counts.impression_count),
    )
    return Edit(post) if edited else post


def _spelled(text: str, entities: Entities) -> str:
    """The text as it is read: with where its links go, without those to its own pictures."""
    text = _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)
    goals = {link.url: _goal(link) or "" for link in entities.urls if link.url.startswith(("http://", "https://"))}
    if goals:
        shortened = re.compile("|".join(re.escape(url) for url in sorted(goals, key=len, reverse=True)))
        text = shortened.sub(lambda found: goals[found[0]], text)
    return wellformed(text).strip()


def _goal(link: Link) -> str | None:
    """Where a shortened link goes; None for the post's own pictures, and for what is no address."""
    goal = link.expanded_url or link.url
    is_address = goal.startswith(("http://", "https://")) and not _OWN_MEDIA.fullmatch(goal)
    return wellformed(goal) if is_address else None


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**53 else None
