"""HTML of strangers becomes text that people read and every later station can hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.plain import LIMIT, plain, wellformed

TEXTS = {
    "no markup": ("  just words & more ", "just words & more"),
    "paragraphs": ("<p>one</p><p>two<br>three<br/>four</p>", "one\n\ntwo\nthree\nfour"),
    "paragraphs without an end": ("one<p>two<p>three", "one\n\ntwo\n\nthree"),
    "a hashtag of Mastodon": (
        '<p>My <a href="https://m.example/tags/kindle" class="hashtag" rel="tag">#<span>Kindle</span></a> died</p>',
        "My #Kindle died",
    ),
    "a mention of Mastodon": (
        '<span class="h-card"><a href="https://m.example/@help" class="u-url mention">@<span>help</span></a></span> hi',
        "@help hi",
    ),
    "a shortened link of Mastodon": (
        '<a href="https://www.shop.example/a/very/long/path"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">shop.example/a/very</span><span class="invisible">/long/path</span></a>',
        "https://www.shop.example/a/very/long/path",
    ),
    "a shortened link of Hacker News": (
        '<a href="https:&#x2F;&#x2F;shop.example&#x2F;a&#x2F;long">https:&#x2F;&#x2F;shop.example&#x2F;a...</a>',
        "https://shop.example/a/long",
    ),
    "a link with words": ('see <a href="https://shop.example/">the shop</a>', "see the shop"),
    "escaped HTML stays what was written": ("use &lt;b&gt; for bold", "use <b> for bold"),
    "twice escaped HTML is unescaped once": ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
    "hex entities": ("It&#x27;s &#x2F; &quot;fine&quot;", 'It\'s / "fine"'),
    "hard spaces": ("a&nbsp;b\u00a0c", "a b c"),
    "a script": ("a<script>alert('x < y')</script>b<style>p{}</style>c", "abc"),
    "a script that never ends": ("a<script>alert(1)", "a"),
    "a comment": ("a<!-- secret -->b", "ab"),
    "an emoji as a picture": ('good <img class="emoji" alt="👍" src="x.png"> job', "good 👍 job"),
    "an emoji whose class was lost": ('good <img alt="👍" src="x.png">', "good 👍"),
    "a named emoji": ('<img class="custom-emoji" alt=":blobcat:">', ":blobcat:"),
    "a list": ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    "code": ("<pre><code>sync --all\n</code></pre>done", "sync --all\n\ndone"),
    "line ends that markup makes superfluous": ("<p>a\r\nb</p>\n<p>c<br>\nd</p>", "a b\n\nc\nd"),
    "line ends of preformatted text": ("<pre>a\nb</pre>c<br>\nd", "a\nb\n\nc\nd"),
    "line ends without markup that breaks lines": ("a &amp; <b>b</b>\r\nc", "a & b\nc"),
    "an end without a beginning": ("</p></script></a>a", "a"),
    "an unknown tag": ("<blink>a</blink>", "a"),
    "a lonely angle": ("a < b and b > c", "a < b and b > c"),
    "a tag that is cut off reads as text": ("a <a href='x", "a <a href='x"),
    "a quote that never ends": ('a <a href="x>b</a> <p>c "d"', 'a b\n\nc "d"'),
    "an angle inside a quote": ('<a title="x > y">a</a>', "a"),
    "a number too long to be one": (f"a&#{'9' * 5000};b", "a\ufffdb"),
    "a comment that is empty": ("a<!-->b<!--->c<!---->d", "abcd"),
    "a declaration": ("<!doctype html><?xml version='1'?>a", "a"),
    "a NUL and a lone surrogate": ("<p>a\0b\ud800c</p>", "a\ufffdb\ufffdc"),
    "a NUL as an entity": ("a&#0;b&#xD800;c", "a\ufffdb\ufffdc"),
}


@pytest.mark.parametrize(("html", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_html_reads_as_people_see_it(html: str, text: str) -> None:
    assert plain(html).text == text


def test_links_are_kept_once_each_and_without_mentions_and_tags() -> None:
    html = (
        '<a href="https://a.example/">a</a> <a href="https://a.example/">again</a> <a href="javascript:x()">js</a> '
        '<a href="https://m.example/@x">@x</a> <a href="https://m.example/tags/t">#t</a> <a>none</a> <a href>bare</a>'
    )
    assert plain(html).links == ("https://a.example/",)


def test_a_link_to_another_place_than_it_shows_keeps_its_words() -> None:
    said = plain('<a href="https://evil.example/">https://bank.example/</a>')
    assert said.text == "https://bank.example/"
    assert said.links == ("https://evil.example/",)


def test_pictures_with_words_are_alt_texts() -> None:
    said = plain('<p>look</p><img alt="A cracked screen" src="1.jpg"><img alt="" src="2.jpg"><img src="3.jpg">')
    assert said.text == "look"
    assert said.alt_texts == ("A cracked screen",)


PIECES = ["<", "<a", "<a href='https://x.example/'>", "&", "&#", "&#9", "<!--", "<!", "</", "<?", "<p>", "<script>",
          "<![CDATA[", "<a b=", "<img alt=x>", "</script", "<textarea>", "<script></script ", "\n", "&amp", '<a b="',
          "<a b='\"", "<a href=x>y</a>", "<p =", "<img a b", " =", "<!-- -", "a ", "=\"'"]  # fmt: skip


@pytest.mark.parametrize("end", ["", ">", "-->", "'\">x"])
@pytest.mark.parametrize("beginning", ["", "<a ", "<img x='"])
@pytest.mark.parametrize("piece", PIECES)
def test_a_quarter_megabyte_of_one_piece_takes_bounded_time(piece: str, beginning: str, end: str) -> None:
    html = beginning + piece * (250_000 // len(piece)) + end
    began = time.process_time()
    plain(html)
    assert time.process_time() - began < 2  # 0.1 s here; with one step that is not linear, minutes


def test_a_megabyte_of_angles_takes_bounded_time() -> None:
    began = time.process_time()
    plain("<" * 1_000_000 + ">")
    assert time.process_time() - began < 5


def test_what_is_too_long_is_cut() -> None:
    assert len(plain("a" * (LIMIT + 5)).text) == LIMIT


def test_wellformed_keeps_the_length() -> None:
    assert wellformed("a\0\ud83d\ude00b") == "a\ufffd\ufffd\ufffdb"
    assert wellformed("\U0001f600 ok") == "\U0001f600 ok"


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<a href='https://x.example/\ud800'>", '<a href="http://[">', "</a>", "<br/>", "<!DOCTYPE x [",
         "<img alt='\0 z'>", "&amp;", "&#xD800;", "&#0;", "<script>", "</script>", "<![CDATA[", "<!--", "-->", "\ud800",
         "\0", "<", ">", "='", '="', "&#" + "9" * 5_000]
    )
    | st.text(st.characters(), max_size=8)
).map("".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(MARKUP)
def test_any_html_is_text_that_utf_8_and_sqlite_can_hold(html: str) -> None:
    said = plain(html)
    for text in (said.text, *said.links, *said.alt_texts):
        text.encode("utf-8")
        assert "\0" not in text


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="<&\0\r\u00a0")))
def test_text_without_markup_is_kept(text: str) -> None:
    assert plain(text).text == text.strip()
