"""Feeds in rounds: asked for politely, and not a post lost or told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from listen.errors import BadAnswer, RateLimited
from listen.feed.cursor import FULL, MOST_SEEN, Track
from listen.feed.entry import Entry
from listen.http import Client
from listen.post import Edit, Gap, Notice, Post
from tests.servers.feedsite import START, WORDPRESS, FeedSite, Listener, item, rss


async def test_a_feed_tells_what_is_new_lowest_entry_first(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(2), item(1)))
    assert await listener.titles() == ["Post 1", "Post 2"]
    site.serves("/feed", rss(item(4), item(3), item(2)))
    assert await listener.titles() == ["Post 3", "Post 4"]
    assert await listener.titles() == []


@pytest.mark.parametrize(
    ("validators", "sent"),
    [
        ({"etag": '"abc"'}, {"if-none-match": '"abc"'}),
        ({"etag": 'W/"abc-gzip"'}, {"if-none-match": 'W/"abc-gzip"'}),
        ({"modified": "Sat, 21 Nov 2026 9:00:00 +0100"}, {"if-modified-since": "Sat, 21 Nov 2026 9:00:00 +0100"}),
        ({"etag": "bare", "modified": "Sat"}, {"if-none-match": "bare", "if-modified-since": "Sat"}),
    ],
    ids=["strong", "weak", "an odd date", "both"],
)
async def test_validators_go_back_verbatim_and_unchanged_is_just_a_mark(
    site: FeedSite, listener: Listener, validators: dict[str, str], sent: dict[str, str]
) -> None:
    site.serves("/feed", rss(item(1)), **validators)
    assert len(await listener.hears()) == 1
    assert await listener.hears() == []
    assert {name: value for name, value in site.headers().items() if name.startswith("if-")} == sent
    site.serves("/feed", rss(item(2), item(1)), etag='"new"')
    assert await listener.titles() == ["Post 2"]


async def test_a_feed_that_was_cut_gives_what_is_whole_and_is_asked_for_again(
    site: FeedSite, listener: Listener
) -> None:
    whole = rss(item(3), item(2), item(1))
    site.serves("/feed", whole[: whole.index("The words of post number 2") + 5], etag='"same"')
    assert [type(event) for event in await listener.hears()] == [Notice, Post]
    site.serves("/feed", whole, etag='"same"')
    assert await listener.titles() == ["Post 1", "Post 2"]


async def test_an_etag_that_cannot_be_sent_is_not_sent(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1)), etag='"ä"')
    await listener.hears()
    assert await listener.hears() == []
    assert "if-none-match" not in site.headers()


async def test_now_and_then_the_feed_is_asked_for_in_full_as_late_comments_do_not_change_the_etag(
    site: FeedSite, listener: Listener
) -> None:
    site.serves("/feed", rss(item(2)), etag='"same"')
    await listener.hears()
    site.serves("/feed", rss(item(2), item(1)), etag='"same"')
    assert await listener.titles() == []
    listener.now += FULL
    assert await listener.titles() == ["Post 1"]


async def test_an_answer_of_304_that_nobody_asked_for_is_a_bad_answer(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", status=304)
    with pytest.raises(BadAnswer, match="nothing has changed"):
        await listener.hears()


async def test_new_words_under_a_known_id_are_an_edit(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1, "It works.")))
    await listener.hears()
    site.serves("/feed", rss(item(1, "It broke.")))
    (edit,) = await listener.hears()
    assert isinstance(edit, Edit)
    assert edit.post.id == "https://blog.example/?p=1"
    assert edit.post.text == "It broke."


async def test_another_date_or_order_is_no_edit(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1), item(2)))
    await listener.hears()
    site.serves("/feed", rss(item(2), item(1, pubDate="Sat, 21 Nov 2026 10:00:00 GMT"), channel="<ttl>5</ttl>"))
    assert await listener.hears() == []


async def test_the_first_round_begins_seven_days_ago_and_undated_entries_are_new(
    site: FeedSite, listener: Listener
) -> None:
    dates = {1: "Sun, 08 Nov 2026 10:00:00 GMT", 2: "Mon, 16 Nov 2026 10:00:00 GMT", 3: "", 4: "whenever"}
    feed = rss(*(item(number, pubDate=date) for number, date in dates.items()))
    site.serves("/feed", feed)
    assert sorted(map(str, await listener.titles())) == ["Post 2", "Post 3", "Post 4"]
    assert await listener.titles() == []


async def test_since_moves_the_beginning(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1, pubDate="Sun, 08 Nov 2026 10:00:00 GMT")))
    assert len(await listener.hears(since=START - timedelta(days=30))) == 1


async def test_dates_decide_nothing_later(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1, pubDate="Thu, 01 Jan 2037 00:00:00 GMT")))
    assert await listener.titles() == ["Post 1"]
    site.serves("/feed", rss(item(2, pubDate="Mon, 01 Jan 2001 00:00:00 GMT"), item(1)))
    assert await listener.titles() == ["Post 2"]


async def test_a_feed_that_shrinks_and_grows_again_repeats_nothing(site: FeedSite, listener: Listener) -> None:
    everything = rss(*(item(number) for number in range(30, 0, -1)))
    site.serves("/feed", everything)
    assert len(await listener.titles()) == 30
    site.serves("/feed", rss(item(30)))
    assert await listener.titles() == []
    site.serves("/feed", everything)
    assert await listener.titles() == []


async def test_the_same_guid_twice_is_one_post_and_with_two_links_two(site: FeedSite, listener: Listener) -> None:
    same, other = {"guid": "7"}, {"guid": "home"}
    site.serves("/feed", rss(item(1, **same), item(1, **same), item(2, **other), item(3, **other)))
    assert sorted(map(str, await listener.titles())) == ["Post 1", "Post 2", "Post 3"]
    site.serves("/feed", rss(item(4, **other), item(3, **other)))
    assert await listener.titles() == ["Post 4"]


async def test_a_burst_is_paged_through_until_something_known(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1), channel=WORDPRESS))
    await listener.hears()
    site.serves("/feed", rss(item(5), item(4), channel=WORDPRESS))
    site.serves("/feed?paged=2", rss(item(3), item(2), channel=WORDPRESS))
    site.serves("/feed?paged=3", rss(item(1), channel=WORDPRESS))
    assert await listener.titles() == ["Post 2", "Post 3", "Post 4", "Post 5"]


async def test_past_the_last_page_nothing_is_missing(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1), channel=WORDPRESS))
    await listener.hears()
    site.serves("/feed", rss(item(3), channel=WORDPRESS))
    site.serves("/feed?paged=2", rss(item(2), channel=WORDPRESS))
    events = await listener.hears()
    assert [type(event) for event in events] == [Post, Post]
    assert "/feed?paged=3" in site.asked()


async def test_rfc_5005_links_are_followed_too(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1)))
    await listener.hears()
    site.serves("/feed", rss(item(3), channel='<atom:link rel="next" href="/older"/>'))
    site.serves("/older", rss(item(2), item(1)))
    assert await listener.titles() == ["Post 2", "Post 3"]


@pytest.mark.parametrize("paged", [True, False], ids=["more than twenty pages", "no pages"])
async def test_what_cannot_be_had_is_a_gap(site: FeedSite, listener: Listener, paged: bool) -> None:
    channel = WORDPRESS if paged else ""
    site.serves("/feed", rss(item(1), channel=channel))
    await listener.hears()
    heard_at = listener.now
    for page in range(1, 30):
        site.serves("/feed" + (f"?paged={page}" if page > 1 else ""), rss(item(100 - page), channel=channel))
    gap, *posts = await listener.hears()
    assert isinstance(gap, Gap)
    assert (gap.since, gap.until) == (heard_at, listener.now)
    assert len(posts) == (20 if paged else 1)
    assert await listener.hears() == []


async def test_a_further_page_that_fails_for_good_does_not_hold_up_the_first(
    site: FeedSite, listener: Listener
) -> None:
    site.serves("/feed", rss(item(1), channel=WORDPRESS))
    await listener.hears()
    site.serves("/feed", rss(item(2), channel=WORDPRESS))
    site.serves("/feed?paged=2", status=403)
    assert [type(event) for event in await listener.hears()] == [Gap, Post]


async def test_a_further_page_that_fails_for_now_is_asked_for_again(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1), channel=WORDPRESS))
    await listener.hears()
    site.serves("/feed", rss(item(3), channel=WORDPRESS))
    site.serves("/feed?paged=2", status=429)
    with pytest.raises(RateLimited):
        await listener.hears()
    site.serves("/feed?paged=2", rss(item(2), item(1), channel=WORDPRESS))
    assert await listener.titles() == ["Post 2", "Post 3"]


@pytest.mark.parametrize(
    ("channel", "headers", "minutes"),
    [
        ("", {}, 15),
        ("<ttl>5</ttl>", {}, 15),
        ("<ttl>40</ttl>", {}, 40),
        ("<ttl>99999</ttl>", {}, 24 * 60),
        ("<ttl>soon</ttl>", {}, 15),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", {}, 30),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", {}, 24 * 60),
        ("", {"Cache-Control": "public, max-age=3600"}, 60),
        ("<ttl>90</ttl>", {"Cache-Control": "max-age=3600"}, 90),
    ],
    ids=["silent", "short ttl", "ttl", "endless ttl", "no number", "twice hourly", "weekly", "max-age", "the longer"],
)
async def test_a_feed_is_asked_again_when_it_says_but_never_sooner_than_the_user_or_later_than_a_day(
    site: FeedSite, listener: Listener, channel: str, headers: dict[str, str], minutes: int
) -> None:
    site.serves("/feed", rss(item(1), channel=channel), headers=headers)
    await listener.hears()
    assert listener.again == timedelta(minutes=minutes)


async def test_the_same_article_in_two_feeds_is_one_post(site: FeedSite, http: Client) -> None:
    for target in ("/a", "/b"):
        site.serves(target, rss(item(1)))
    first, second = [await Listener(f"{site.base}{target}", http).hears() for target in ("/a", "/b")]
    assert first == second


async def test_an_id_that_means_something_in_one_feed_only_carries_the_feed_but_no_secret(
    site: FeedSite, http: Client
) -> None:
    site.serves("/feed?token=hush", rss(item(1, guid="17")))
    listener = Listener(f"{site.base}/feed?token=hush", http)
    (post,) = await listener.hears()
    assert isinstance(post, Post)
    assert post.id.startswith(f"{site.base}/feed?token=***")
    assert post.id.endswith("#17")
    assert "hush" not in post.id + listener.source.name + str(listener.cursor)


async def test_a_cursor_that_cannot_be_read_begins_anew(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", rss(item(1)))
    listener.cursor = '{"main": 7}'
    assert await listener.titles() == ["Post 1"]


async def test_a_feed_of_thousands_gives_both_ends_and_says_so(site: FeedSite, http: Client) -> None:
    site.serves("/feed", rss(*(item(number) for number in range(1_500))))
    listener = Listener(f"{site.base}/feed", http)
    notice, *posts = await listener.hears()
    assert isinstance(notice, Notice)
    assert "1,500 entries" in notice.text
    titles = {post.title for post in posts if isinstance(post, Post)}
    assert len(titles) == 1_000
    assert {"Post 0", "Post 1499"} <= titles


def test_what_was_seen_is_bounded_and_the_newest_stays() -> None:
    track = Track()
    for start in range(0, 10_000, 500):
        entries = [Entry(id=str(number)) for number in range(start, start + 500)]
        assert len(list(track.news(track.identities(entries)))) == 500
    assert len(track.seen) == 1_000 <= MOST_SEEN
    assert track.knows("9999")
    assert not track.knows("1")
