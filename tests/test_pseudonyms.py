"""Exports that name nobody: the same person is the same, and nothing leads back to them."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.care import Marking, marked
from listen.mention import Match, Mention, Span, record
from listen.pseudonyms import Pseudonyms
from tests.store.invented import NOON, mention, verdict

KEY, OTHER = bytes(32), bytes([7]) * 32
DID = "did:plc:annaannaannaannaanna1234"


def anna(text: str = "Mein Lesegerät ist kaputt", **more: object) -> Mention:
    return mention(
        **{
            "id": f"at://{DID}/app.bsky.feed.post/1",
            "url": f"https://bsky.app/profile/{DID}/post/1",
            "author": "anna.example",
            "author_id": DID,
            "author_name": "Anna Annenmaier",
            "author_url": f"https://bsky.app/profile/{DID}",
            "parent": f"at://{DID}/app.bsky.feed.post/0",
            "links": ("https://anna.example/blog",),
            "instance": "a",
            "ref": "77",
            "text": text,
            **more,
        }  # type: ignore[arg-type]
    )


def veiled(known: Mention, key: bytes = KEY) -> dict[str, object]:
    return record(Pseudonyms(key).of(known))


def test_nothing_that_names_the_author_is_left() -> None:
    known = anna(
        "Ich, @anna.example alias Anna Annenmaier (https://bsky.app/profile/" + DID + "), bin sauer",
        title="Anna Annenmaier schreibt", content_warning="von anna.example", alt_texts=("Foto: @anna.example",),
    )  # fmt: skip
    known = marked(known, Marking(note="anna.example anrufen", flag="complaint"), NOON)
    after = Pseudonyms(KEY).of(known)
    told = msgspec.json.encode(after).decode() + msgspec.json.encode(record(after)).decode()
    assert not re.search(r"anna|annenmaier|did:plc", told, re.IGNORECASE)
    assert after.post.text.count(str(after.post.author)) == 3


def test_the_same_person_is_the_same_in_every_export_of_a_store_and_another_in_another() -> None:
    first, second, other = veiled(anna()), veiled(anna("Noch einer", id="at://x/2", author="neu.example")), anna()
    assert first["author"] == second["author"]
    assert first["id"] != second["id"]
    assert veiled(other, OTHER)["author"] != first["author"]
    assert veiled(anna(author_id="did:plc:ben"))["author"] != first["author"]
    assert veiled(anna(platform="mastodon"))["author"] != first["author"], "accounts of two networks are not tied"
    assert re.fullmatch(r"person-[0-9a-f]{12}", str(first["author"]))


def test_what_is_said_and_judged_stays() -> None:
    before, after = record(anna()), veiled(anna())
    changed = {name for name, value in after.items() if value != before[name]}
    assert changed == {"id", "url", "author", "author_name", "author_url", "parent"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Danke @ben.example!", r"Danke person-\w{12}!"),
        ("Frag @ben@a.example oder ben@mail.example", r"Frag person-\w{12} oder person-\w{12}"),
        ("u/kindlefan sagt /u/other", r"person-\w{12} sagt person-\w{12}"),
        ("siehe did:plc:benbenben", r"siehe person-\w{12}"),
        ("um 10 @ 5 Euro #kindle 3/4", r"um 10 @ 5 Euro #kindle 3/4"),
        ("Annastraße ist keine Person", r"Annastraße ist keine Person"),
    ],
)
def test_handles_of_others_in_the_words_get_pseudonyms(text: str, left: str) -> None:
    assert re.fullmatch(left, str(veiled(anna(text))["text"]))


def test_the_same_handle_gets_the_same_pseudonym_wherever_it_stands() -> None:
    after = str(veiled(anna("@ben.example und @Ben.Example"))["text"]).split(" und ")
    assert after[0] == after[1]


def test_matched_words_and_reasons_name_nobody_either() -> None:
    known = msgspec.structs.replace(
        anna("@anna.example: geht nicht"),
        matches=(Match("kindle", (Span(0, 13, "@anna.example"), Span(15, 19, "geht"))),),
        verdict=msgspec.structs.replace(verdict(), reasons=(Span(0, 13, "@anna.example"),)),
    )
    after = veiled(known)
    assert after["matched"] == [after["author"], "geht"]
    assert after["why"] == [after["author"]]


def test_nobody_stays_nobody() -> None:
    nameless = mention(author=None)
    assert veiled(nameless)["author"] is None


@given(st.from_regex(r"[g-z]{5,12}", fullmatch=True), st.text(alphabet=" .,!?😢\n\t#@()", min_size=1))
def test_no_punctuation_brings_a_name_through(name: str, around: str) -> None:
    known = mention(author=name, author_id=None, text=f"{around}{name}{around}{name.upper()}{around}")
    assert name not in Pseudonyms(KEY).of(known).post.text.lower().replace("person-", "")
