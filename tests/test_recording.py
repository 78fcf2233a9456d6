"""Recorded posts come back as they were, and a line that cannot be read costs only itself."""

import io
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listen.errors import RecordingError
from listen.mention import Change, Match, Mention, Span, Verdict, record
from listen.outputs.csv import CsvOutput
from listen.outputs.jsonl import JsonlOutput
from listen.outputs.output import Output
from listen.post import Deletion, Edit, Post
from listen.recorded import LINE_LIMIT
from listen.recording import Unreadable, read

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
VERDICT = Verdict(
    lang="de",
    flag="none",
    complaint=0.1,
    opportunity=0.1,
    praise=0.1,
    opportunity_kind=None,
    sentiment=0.0,
    urgency="low",
)
POSTS = [
    Post(
        platform="bluesky",
        id="at://did:plc:x/app.bsky.feed.post/1",
        url="https://bsky.example/1",
        author="anna.example",
        text='Mein #Kindle\nist "kaputt"; ehrlich',
        posted_at=NOON,
        followers=12,
        hashtags=("Kindle", "Ärger"),
        lang="de",
    ),
    Post(platform="hackernews", id="007", url=None, author=None, text="=1+1 'kindle", posted_at=None, title="-Ask HN"),
    Post(
        platform="reviews", id="+49", url=None, author="@b", text="'=kindle", posted_at=NOON, rating=1.5, kind="review"
    ),
]


def exported(output: Output, stream: io.StringIO) -> str:
    for post in POSTS:
        match = Match(topic="kindle", spans=(Span(0, 1, "x"),))
        output.show(Change("new", Mention(post=post, matches=(match,), verdict=VERDICT, seen_at=NOON)))
    output.flush()
    return stream.getvalue()


@pytest.mark.parametrize("form", ["jsonl", "csv", "csv excel", "csv excel-de", "csv tabs"])
def test_our_own_exports_come_back_as_the_same_posts(form: str, tmp_path: Path) -> None:
    stream = io.StringIO()
    kind, _, style = form.partition(" ")
    output: Output = JsonlOutput(stream)
    if kind == "csv":
        output = CsvOutput(stream, style=style if style in ("excel", "excel-de") else "plain",
                           delimiter="\t" if style == "tabs" else None)  # fmt: skip
    path = tmp_path / f"export.{kind}"
    path.write_text(exported(output, stream), encoding="utf-8", newline="")
    expected = [{**record_of(post), "lang": "de"} for post in POSTS]
    assert [record_of(post) for post in read(str(path))] == expected


def record_of(post: object) -> dict[str, object]:
    assert isinstance(post, Post)
    facts = record(Mention(post=post, matches=(), verdict=VERDICT, seen_at=NOON))
    return {key: facts[key] for key in ("id", "platform", "url", "kind", "author", "followers", "posted_at", "title",
                                        "text", "hashtags", "rating", "lang")}  # fmt: skip


def test_text_alone_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(
        '{"text": "Mein Kindle streikt"}\n{"text": "Mein Kindle streikt", "author": "a"}\n', encoding="utf-8"
    )
    first, second = read(str(path))
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert (first.platform, first.text, first.posted_at, first.author) == ("file", "Mein Kindle streikt", None, None)
    assert first.id != second.id
    assert [event.id for event in read(str(path)) if isinstance(event, Post)] == [first.id, second.id]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "is not a post: "),
        ("nonsense", "is not a post: "),
        ("[]", "is not a post: expected object, got array"),
        ('{"author": "a"}', "has no 'text'"),
        ('{"text": 5}', "is not a post: expected str | null, got int - at text"),
        ('{"text": "x", "posted_at": "gestern"}', "is not a post: "),
        ("[" * 100_000, "is not a post: "),
    ],
    ids=["cut", "nonsense", "array", "no text", "number", "date", "deep"],
)
def test_a_line_that_cannot_be_read_is_named_and_skipped(line: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(f'{{"text": "one"}}\n\n{line}\n{{"text": "two"}}\n', encoding="utf-8")
    first, bad, second = read(str(path))
    assert isinstance(bad, Unreadable)
    assert bad.line == 3
    assert bad.problem.startswith(problem)
    assert [post.text for post in (first, second) if isinstance(post, Post)] == ["one", "two"]


def test_a_date_outside_of_the_calendar_is_no_date(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    dates = (
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "2026-11-21T13:00:00+01:00",
        "2026-11-21T12:00:00",
    )
    path.write_text("".join(json.dumps({"text": "x", "posted_at": date}) + "\n" for date in dates), encoding="utf-8")
    posts = [event for event in read(str(path)) if isinstance(event, Post)]
    assert [post.posted_at for post in posts] == [None, None, NOON, NOON]
    assert len({post.id for post in posts}) == 4


@pytest.mark.parametrize("head", ["", "id,text\r\n"], ids=["jsonl", "csv"])
def test_a_line_without_an_end_is_skipped_and_never_held_whole(head: str, tmp_path: Path) -> None:
    path = tmp_path / "posts"
    fine = "2,fine\r\n" if head else '{"id": "2", "text": "fine"}\n'
    with path.open("wb") as stream:
        stream.write(head.encode())
        stream.seek(100_000_000, 1)  # a hole, read as zeros
        stream.write(b"\n" + fine.encode())
    tracemalloc.start()
    bad, post = read(str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bad == Unreadable(2 if head else 1, "is longer than 10,000,000 characters")
    assert isinstance(post, Post)
    assert (post.id, post.text) == ("2", "fine")
    assert peak < 60_000_000


def test_a_line_as_long_as_can_be_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    text = "x" * (LINE_LIMIT - len('{"text":""}'))
    path.write_text(f'{{"text":"{text}"}}\n{{"text":"{text}y"}}\n{{"text":"z"}}', encoding="utf-8")
    first, bad, last = read(str(path))
    assert isinstance(first, Post)
    assert first.text == text
    assert isinstance(bad, Unreadable)
    assert isinstance(last, Post)


def test_bytes_that_are_no_utf8_and_lone_surrogates_cost_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b'{"text": "kindle \xff"}\n{"text": "\\ud800 kindle"}\n{"text": "fine"}\n')
    events = list(read(str(path)))
    assert isinstance(events[-1], Post)
    assert events[-1].text == "fine"
    assert len(events) == 3


def test_a_recording_can_hold_edits_and_deletions(tmp_path: Path) -> None:
    path = tmp_path / "tape.jsonl"
    path.write_text('{"text": "x", "id": "1", "event": "edit"}\n{"id": "1", "event": "delete"}\n', encoding="utf-8")
    edit, deletion = read(str(path))
    assert isinstance(edit, Edit)
    assert deletion == Deletion(platform="file", id="1")


def test_jetstream_frames_are_recordings_too(tmp_path: Path) -> None:
    record = {"$type": "app.bsky.feed.post", "text": "Mein #Kindle", "createdAt": "2026-11-21T12:00:00Z"}
    commit = {
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": "3k",
        "rev": "r",
        "cid": "c",
        "record": record,
    }
    frames = [
        {"did": "did:plc:a", "time_us": 1_795_000_000_000_000, "kind": "commit", "commit": commit},
        {"did": "did:plc:a", "time_us": 1_795_000_000_000_001, "kind": "identity", "identity": {"did": "did:plc:a"}},
    ]
    path = tmp_path / "frames.jsonl"
    path.write_text("".join(json.dumps(frame, separators=(",", ":")) + "\n" for frame in frames), encoding="utf-8")
    (post,) = read(str(path))
    assert isinstance(post, Post)
    assert post.id == "at://did:plc:a/app.bsky.feed.post/3k"


@pytest.mark.parametrize("order", [1, -1], ids=["as sent", "backwards"])
def test_frames_are_known_whatever_comes_first_in_them(order: int, tmp_path: Path) -> None:
    frame = {"did": "did:plc:a", "time_us": 1, "kind": "identity", "identity": {"did": "did:plc:a"}}
    path = tmp_path / "frames.jsonl"
    path.write_text(json.dumps(dict(list(frame.items())[::order])) + "\n", encoding="utf-8")
    assert list(read(str(path))) == []


def test_what_is_empty_in_a_line_is_unknown(tmp_path: Path) -> None:
    empty = dict.fromkeys(("url", "author", "author_name", "author_url", "instance", "title", "lang", "parent"), "")
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps({"text": "x", "hashtags": ["#Kindle", ""], **empty}) + "\n", encoding="utf-8")
    (post,) = read(str(path))
    assert isinstance(post, Post)
    assert {name: getattr(post, name) for name in empty} == dict.fromkeys(empty)
    assert post.hashtags == ("Kindle",)


def test_posts_with_empty_ids_are_not_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"text": "one", "id": ""}\n{"text": "two", "id": ""}\n', encoding="utf-8")
    one, two = read(str(path))
    assert isinstance(one, Post)
    assert isinstance(two, Post)
    assert one.id != two.id


def test_a_file_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: no such file or directory"):
        list(read(str(tmp_path / "none.jsonl")))
