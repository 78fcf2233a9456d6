"""Authors of Bluesky posts: looked up in batches, remembered for a day, forgotten when they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from listen.errors import BadAnswer, RateLimited, Unreachable
from listen.http import Client
from listen.platforms.bluesky import Bluesky, BlueskyOptions
from listen.platforms.bluesky.profiles import KEPT, Profiles
from listen.post import Deletion, Post
from listen.source import Interest
from tests.platforms.bluesky import BERND
from tests.servers.frames import ANNA
from tests.servers.jetstream import Jetstream, Refusal


@pytest.fixture
async def server() -> AsyncIterator[Jetstream]:
    async with Jetstream() as server:
        server.profiles[ANNA] = {"handle": "anna.example", "displayName": " Anna 📚 ", "followersCount": 120}
        server.profiles[BERND] = {"handle": "handle.invalid", "displayName": "", "labels": []}
        yield server


@pytest.fixture
def profiles(server: Jetstream, http: Client) -> Profiles:
    return Profiles(http, server.base + "/")


def _post(did: str, rkey: str = "3maaa") -> Post:
    return Post(
        platform="bluesky", id=f"at://{did}/x/{rkey}", url=None, author=did, author_id=did, text="", posted_at=None
    )


async def test_a_known_author_gets_handle_name_and_followers(profiles: Profiles) -> None:
    (post,) = await profiles.complete([_post(ANNA)])
    assert (post.author, post.author_name, post.followers, post.author_id) == ("anna.example", "Anna 📚", 120, ANNA)


async def test_a_broken_handle_is_not_shown_and_unknown_stays_unknown(profiles: Profiles) -> None:
    (post,) = await profiles.complete([_post(BERND)])
    assert (post.author, post.author_name, post.followers) == (BERND, None, None)


async def test_order_and_number_stay_whoever_is_missing(profiles: Profiles) -> None:
    posts = [_post("did:plc:nobody"), _post(ANNA, "1"), _post(ANNA, "2"), _post(BERND)]
    completed = await profiles.complete(posts)
    assert [post.id for post in completed] == [post.id for post in posts]
    assert [post.author for post in completed] == ["did:plc:nobody", "anna.example", "anna.example", BERND]


async def test_sixty_authors_are_three_requests_and_none_the_next_time(server: Jetstream, profiles: Profiles) -> None:
    dids = [f"did:plc:{n}" for n in range(60)]
    server.profiles |= {did: {"handle": f"{n}.example"} for n, did in enumerate(dids)}
    completed = await profiles.complete([_post(did) for did in dids])
    assert [request.count("actors=") for request in server.asked] == [25, 25, 10]
    assert completed[59].author == "59.example"
    await profiles.complete([_post(did) for did in dids])
    assert len(server.asked) == 3


async def test_no_more_than_ten_thousand_are_remembered(server: Jetstream, profiles: Profiles) -> None:
    dids = [f"did:plc:{n}" for n in range(KEPT + 30)]
    server.profiles |= {did: {"handle": "x.example"} for did in dids}
    for start in range(0, len(dids), 5_000):
        await profiles.complete([_post(did) for did in dids[start : start + 5_000]])
    asked = len(server.asked)
    await profiles.complete([_post(did) for did in dids[30:]])
    assert len(server.asked) == asked
    await profiles.complete([_post(did) for did in dids[:30]])
    assert len(server.asked) == asked + 2


async def test_a_new_handle_on_the_stream_is_looked_up_again(server: Jetstream, http: Client) -> None:
    chosen = BlueskyOptions(jetstream=server.ws, api=server.base)
    (source,) = Bluesky(chosen, Interest(()), http).sources()
    assert (await source.complete([_post(ANNA)]))[0].author == "anna.example"
    server.profiles[ANNA] = {"handle": "neu.example"}
    assert (await source.complete([_post(ANNA)]))[0].author == "anna.example"
    server.identity(ANNA, "neu.example")
    server.account("did:plc:gone", active=False, status="deleted")
    stream = source.hear(None, None)
    async with asyncio.timeout(10), aclosing(stream):  # type: ignore[type-var]
        while not isinstance(await anext(stream), Deletion):
            pass
    assert (await source.complete([_post(ANNA)]))[0].author == "neu.example"


@pytest.mark.parametrize(
    ("refusal", "family"),
    [(Refusal(503), Unreachable), (Refusal(429), RateLimited), (Refusal(200, "<html>"), BadAnswer),
     (Refusal(200, '{"profiles":[{"handle":1}]}'), BadAnswer)],
    ids=["503", "429", "HTML", "another shape"],
)  # fmt: skip
async def test_a_failed_look_up_is_told_and_tried_again(
    server: Jetstream, profiles: Profiles, refusal: Refusal, family: type[Exception]
) -> None:
    server.refusals.append(refusal)
    with pytest.raises(family):
        await profiles.complete([_post(ANNA)])
    assert (await profiles.complete([_post(ANNA)]))[0].author == "anna.example"


async def test_posts_without_an_author_ask_for_nobody(server: Jetstream, profiles: Profiles) -> None:
    assert await profiles.complete([]) == []
    assert server.asked == []


SHY = "did:plc:shyshyshyshyshyshyshys23"


@pytest.mark.parametrize(
    ("profile", "wishes"),
    [
        ({"labels": [{"src": SHY, "uri": SHY, "val": "!no-unauthenticated"}]}, ("no-unauthenticated",)),
        ({"labels": [{"src": SHY, "val": "porn"}], "description": "Bücher. #nobot"}, ("nobot",)),
        ({"labels": [], "description": "#NoIndex"}, ("noindex",)),
        ({"labels": None, "description": None}, ()),
        ({}, ()),
    ],
)
async def test_an_author_says_whether_they_want_to_be_found(
    server: Jetstream, profiles: Profiles, profile: dict[str, object], wishes: tuple[str, ...]
) -> None:
    server.profiles[SHY] = {"handle": "shy.example", **profile}
    (post,) = await profiles.complete([_post(SHY)])
    assert (post.author, post.wishes) == ("shy.example", wishes)
