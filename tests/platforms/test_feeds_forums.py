"""Feeds of forums that have no platform of their own: the Atom of phpBB."""

from __future__ import annotations

from tests.platforms.rounds import posts
from tests.servers.feedsite import FeedSite, Listener

PHPBB = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb">
<link rel="self" type="application/atom+xml" href="https://forum.example/app.php/feed" />
<title>A forum of readers</title>
<link href="https://forum.example/index.php" />
<updated>2026-11-21T09:05:00+00:00</updated>
<author><name><![CDATA[A forum of readers]]></name></author>
<id>https://forum.example/app.php/feed</id>
<entry>
<author><name><![CDATA[tolle]]></name></author>
<updated>2026-11-21T09:05:00+00:00</updated>
<published>2026-11-21T09:05:00+00:00</published>
<id>https://forum.example/viewtopic.php?p=52#p52</id>
<link href="https://forum.example/viewtopic.php?p=52#p52"/>
<title type="html"><![CDATA[General • Re: Kindle & Kobo]]></title>
<category term="General" scheme="https://forum.example/viewforum.php?f=2" label="General"/>
<content type="html" xml:base="https://forum.example/viewtopic.php?p=52#p52"><![CDATA[
Mine <strong class="text-strong">died</strong>, too.<p>Statistics: Posted by <a href="https://forum.example/memberlist.php?mode=viewprofile&amp;u=4">tolle</a> — Sat Nov 21, 2026 9:05 am</p><hr />
]]></content>
</entry>
</feed>"""  # noqa: E501  as phpBB writes it


async def test_a_post_of_phpbb_is_heard_with_its_author_and_topic(site: FeedSite, listener: Listener) -> None:
    site.serves("/feed", PHPBB, type="application/atom+xml")
    [post] = posts(await listener.hears())
    assert (post.author, post.title) == ("tolle", "General • Re: Kindle & Kobo")
    assert post.text.startswith("Mine died, too.")
    assert post.id == post.url == "https://forum.example/viewtopic.php?p=52#p52"
    assert posts(await listener.hears()) == []
