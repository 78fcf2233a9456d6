"""Forgetting a person: who is meant, and that nothing of them is left in any file."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from listen.care import Marking
from listen.erasing import Forgotten, find, forget, preview
from listen.errors import UsageError
from listen.judge import Judge
from listen.judge.taught import Labelled, Taught, load, save
from listen.mention import Mention
from listen.opinion.cache import Cache, View, key_of, place_beside
from listen.post import Mark
from listen.selection import Selection
from listen.store import Store
from listen.teaching import skip, teach
from tests.judge.stream import COMPLAINTS, MENTIONS
from tests.store.invented import NOON, export, mention

NETWORKS = ("bluesky", "mastodon", "hackernews", "feeds")
DID = "did:plc:annaannaannaannaanna1234"


def anna(number: int, text: str = "Mein Lesegerät ist kaputt", **more: object) -> Mention:
    return mention(
        **{
            "id": f"at://{DID}/app.bsky.feed.post/{number}",
            "url": f"https://bsky.app/profile/{DID}/post/{number}",
            "author": "anna.example",
            "author_id": DID,
            "author_name": "Anna Annenmaier",
            "author_url": f"https://bsky.app/profile/{DID}",
            "text": f"{text}, Nummer {number}",
            **more,
        }  # type: ignore[arg-type]
    )


def others(count: int) -> list[Mention]:
    return [mention(id=f"other-{n}", author=f"ben{n}.example", author_id=f"did:plc:ben{n}") for n in range(count)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "listen.db") as opened:
        yield opened


def hear(store: Store, *heard: Mention) -> None:
    store.apply("bluesky", "jetstream", [*heard, Mark("1")], NOON)


def held(store: Store) -> list[str]:
    return [known.post.id for _, known in store.mentions(Selection())]


def forgotten(store: Store, wanted: str, **more: bool) -> Forgotten:
    (person,) = find(store, wanted, NETWORKS)
    return forget(store, person, Judge, NOON, **more)


def stands(folder: Path, *words: str) -> list[str]:
    """What grep would find in the files of that folder."""
    whole = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    return [word for word in words if word.encode() in whole or json.dumps(word)[1:-1].encode() in whole]


def test_nothing_of_a_person_is_left_in_any_file(store: Store, tmp_path: Path) -> None:
    texts = [f"Einmalige Worte {n} über mein Lesegerät" for n in range(40)]
    hear(store, *[anna(n, text, instance="a", ref=f"ref-{n}") for n, text in enumerate(texts)], *others(60))
    hear(store, *[anna(n, f"{text} geändert", edited_at=NOON) for n, text in enumerate(texts[:10])])
    own = next(mention.id for _, mention in store.mentions(Selection()))
    store.care([own], Marking(note="Frau Annenmaier anrufen", owner="ben", flag="complaint"), NOON, "ben")
    export(store, Selection(limit=3))
    skip(store, [own])
    assert stands(tmp_path, DID, "anna.example", "Annenmaier", "Einmalige Worte 7")
    done = forgotten(store, "bluesky:anna.example")
    assert (done.mentions, done.clean, done.trouble) == (40, True, None)
    assert not stands(tmp_path, DID, "anna.example", "Annenmaier", *texts, "ref-7", "annaanna")
    assert len(held(store)) == 60
    assert list(store.check()) == []
    store.close()
    assert not stands(tmp_path, DID, "anna.example", "Annenmaier", *texts)


@pytest.mark.parametrize("seed", range(4))
def test_pieces_that_sqlite_leaves_between_rows_are_gone_too(seed: int, store: Store, tmp_path: Path) -> None:
    """With secure_delete alone some stay: rows are moved within pages, and only what is deleted is overwritten."""
    chance = random.Random(seed)
    theirs = [f"tok{seed}x{n:05d}y" for n in range(300)]
    written = [
        anna(n, f"{word} {'x' * chance.choice((10, 100, 1000, 6000))}", id=f"{word}-id")
        for n, word in enumerate(theirs)
    ]
    mixed = [*written, *others(1_500)]
    chance.shuffle(mixed)
    for start in range(0, len(mixed), 100):
        hear(store, *mixed[start : start + 100])
    assert forgotten(store, DID).mentions == 300
    assert stands(tmp_path, DID, *theirs) == []


def test_they_are_not_stored_again(store: Store) -> None:
    hear(store, anna(1))
    forgotten(store, "bluesky:anna.example")
    hear(store, anna(1), anna(2), anna(3, author="anna-anders.example"), anna(4, author_id=None))
    assert held(store) == []


def test_somebody_of_whom_nothing_is_stored_can_be_kept_away(store: Store, tmp_path: Path) -> None:
    done = forgotten(store, "bluesky:anna.example")
    assert (done.mentions, done.clean) == (0, True)
    hear(store, anna(1))
    assert held(store) == []
    assert not stands(tmp_path, "anna.example"), "the tombstone does not name them"


def test_answers_to_them_lose_the_way_there(store: Store, tmp_path: Path) -> None:
    hear(
        store,
        anna(1),
        mention(id="answer", author="ben", parent=anna(1).post.id),
        mention(id="x", author="cem", parent="other"),
    )
    done = forgotten(store, "bluesky:anna.example")
    assert (done.named, done.clean) == ((), True)
    assert [known.post.parent for _, known in store.mentions(Selection())] == [None, "other"]
    assert not stands(tmp_path, DID)


def test_mentions_by_others_that_name_them_are_told_and_stay_unless_asked_for(store: Store, tmp_path: Path) -> None:
    hear(store, anna(1), mention(id="named", author="ben", text="@anna.example hat recht"))
    hear(
        store, mention(id="noted", author="cem"), mention(id="like", author="dora", text="anna.example.org ist anders")
    )
    store.care(["bluesky:noted"], Marking(note="wie bei anna.example"), NOON)
    done = forgotten(store, "bluesky:anna.example")
    assert (done.named, done.clean) == (("bluesky:named", "bluesky:noted"), True)
    assert held(store) == ["named", "noted", "like"]
    again = forgotten(store, "bluesky:anna.example", also_named=True)
    assert again.named == ("bluesky:named", "bluesky:noted")
    assert held(store) == ["like"]
    assert stands(tmp_path, "anna.example", "hat recht") == ["anna.example"], "within another name"


def test_the_same_words_by_somebody_else_are_no_alarm(store: Store) -> None:
    hear(store, anna(1, text="Wortgleich abgeschrieben von allen"))
    hear(store, mention(id="copy", author="ben", text=anna(1, text="Wortgleich abgeschrieben von allen").post.text))
    assert forgotten(store, "bluesky:anna.example").clean
    assert held(store) == ["copy"]


def test_words_of_theirs_outside_of_mentions_are_told(store: Store) -> None:
    hear(store, anna(1))
    store.apply("bluesky", "@anna.example", [Mark("1")], NOON)
    assert "is a topic or a source named like that?" in str(forgotten(store, "bluesky:anna.example").trouble)


def test_labels_go_and_what_was_learnt_is_learnt_anew(store: Store, tmp_path: Path) -> None:
    labels = [Labelled(text=text, label="complaint", lang="de") for text in COMPLAINTS]
    labels += [Labelled(text=text, label="none", lang="de") for text in MENTIONS]
    mine = Labelled(text="Mein Lesegerät ist verglorpt, Nummer 1", label="complaint", lang="de")
    naming = Labelled(text="Das sagt anna.example auch immer", label="none", lang="de")
    hear(store, anna(1, "Mein Lesegerät ist verglorpt"), anna(2, "Ganz besondere Beschwerde"))
    store.care([anna(2).id], Marking(flag="complaint"), NOON)
    before = teach(Judge(), store, [*labels, mine, naming])
    assert before.adaptation is not None
    assert stands(tmp_path, mine.text, naming.text)
    done = forgotten(store, "bluesky:anna.example")
    after = load(store.path)
    assert done.labels == 2
    assert after.labels == tuple(labels)
    assert after.adaptation is not None
    assert after.adaptation != before.adaptation
    assert after.proof != before.proof
    with Store.open(tmp_path / "never.db") as never:
        assert after.adaptation == teach(Judge(), never, labels).adaptation, "as if they had never been there"
    assert not stands(tmp_path, "Nummer 1", "Ganz besondere", "anna.example")


def test_what_a_killed_program_left_of_the_labels_goes_too(store: Store, tmp_path: Path) -> None:
    hear(store, anna(1))
    save(store.path, Taught())
    (tmp_path / ".listen.db.taught.json.abc.part").write_text("anna.example")
    (tmp_path / "mentions.csv").write_text("of the user's own")
    forgotten(store, "bluesky:anna.example")
    assert not stands(tmp_path, "anna.example")
    assert (tmp_path / "mentions.csv").exists()


def test_the_opinions_of_a_model_go_as_a_whole_and_the_budget_stays(store: Store) -> None:
    hear(store, anna(1))
    cache = Cache(place_beside(store.path))
    cache.keep(key_of("m", "some text", "own"), View(flag="none", kind=None, confidence=1, urgency=None, why=()))
    assert cache.spend(1, 1) == "spent"
    assert forgotten(store, "bluesky:anna.example").opinions == 1
    assert cache.find(key_of("m", "some text", "own")) is None
    assert cache.spend(1, 1) == "day"
    cache.close()


def test_a_preview_changes_nothing(store: Store) -> None:
    hear(store, anna(1), mention(id="named", author="ben", text="@anna.example hat recht"))
    (person,) = find(store, "anna.example", NETWORKS)
    seen = preview(store, person)
    assert (seen.mentions, seen.named, seen.clean) == (1, ("bluesky:named",), None)
    hear(store, anna(2))
    assert len(held(store)) == 3
    assert store.audit() == []


def test_the_audit_tells_that_somebody_was_forgotten_and_not_who(store: Store) -> None:
    hear(store, anna(1), anna(2))
    forgotten(store, "bluesky:anna.example")
    assert [(line.reason, line.platform, line.mentions) for line in store.audit()] == [("forget", "bluesky", 2)]


def test_a_reader_that_holds_on_is_told_and_asked_again_all_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "listen.db"
    with Store.open(path, patience=timedelta(milliseconds=100)) as store:
        hear(store, anna(1))
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM content").fetchone()
            (person,) = find(store, "bluesky:anna.example", NETWORKS)
            done = forget(store, person, Judge, NOON)
            assert done.clean is False
            assert "run this again" in str(done.trouble)
        assert forgotten(store, "bluesky:anna.example").clean
    assert not stands(tmp_path, "anna.example", DID)


def people(store: Store) -> None:
    hear(
        store,
        anna(1),
        anna(2, author="anna-neu.example"),
        mention(id="m1", platform="mastodon", author="anna@a.example", author_id="https://a.example/users/anna",
                author_url="https://a.example/@anna", author_name="Anna A"),
        mention(id="m2", platform="mastodon", author="anna@b.example", author_id="https://b.example/users/anna",
                author_url="https://b.example/@anna"),
        mention(id="1", platform="hackernews", author="anna", author_url="https://news.ycombinator.com/user?id=anna"),
        mention(id="f", platform="feeds", author="Anna Schmidt"),
        mention(id="n", platform="feeds", author=None),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("bluesky:anna.example", [f"bluesky:{DID}"]),
        ("bluesky:@Anna.Example", [f"bluesky:{DID}"]),
        ("anna-neu.example", [f"bluesky:{DID}"]),
        (DID, [f"bluesky:{DID}"]),
        (f"bluesky:{DID}", [f"bluesky:{DID}"]),
        ("https://bsky.app/profile/anna.example", [f"bluesky:{DID}"]),
        (f"https://bsky.app/profile/{DID}/", [f"bluesky:{DID}"]),
        ("@anna@a.example", ["mastodon:https://a.example/users/anna"]),
        ("anna@b.example", ["mastodon:https://b.example/users/anna"]),
        ("https://a.example/@anna", ["mastodon:https://a.example/users/anna"]),
        ("https://a.example/users/anna", ["mastodon:https://a.example/users/anna"]),
        ("https://news.ycombinator.com/user?id=anna", ["hackernews:anna"]),
        ("hackernews:anna", ["hackernews:anna"]),
        ("Anna Schmidt", ["feeds:Anna Schmidt"]),
        ("Anna A", ["mastodon:https://a.example/users/anna"]),
        ("mastodon:anna", ["mastodon:https://a.example/users/anna", "mastodon:https://b.example/users/anna"]),
        (
            "anna",
            [f"bluesky:{DID}", "hackernews:anna", "mastodon:https://a.example/users/anna",
             "mastodon:https://b.example/users/anna"],
        ),
        ("nobody", []),
        ("https://elsewhere.example/@anna", []),
        ("@zoe@c.example", ["mastodon:zoe@c.example"]),
        ("https://bsky.app/profile/zoe.example", ["bluesky:zoe.example"]),
        ("feeds:Zoe", ["feeds:Zoe"]),
    ],
)  # fmt: skip
def test_whoever_may_be_meant_is_found(store: Store, wanted: str, meant: list[str]) -> None:
    people(store)
    assert [one.handle for one in find(store, wanted, NETWORKS)] == meant


@pytest.mark.parametrize("wanted", ["", " ", "@", "@@"])
def test_nobody_is_no_author(store: Store, wanted: str) -> None:
    with pytest.raises(UsageError, match="name an author like"):
        find(store, wanted, NETWORKS)


def test_who_has_only_a_name_is_the_one_who_has_that_name_and_an_id(store: Store) -> None:
    hear(
        store, anna(1), anna(2, author_id=None, author_url=None), anna(3, author_id="did:plc:later", author="x.example")
    )
    (person,) = find(store, "bluesky:anna.example", NETWORKS)
    assert (person.handle, person.mentions) == (f"bluesky:{DID}", 2)
    assert forget(store, person, Judge, NOON).mentions == 2
    assert held(store) == [anna(3).post.id]


def test_a_handle_that_somebody_else_has_now_is_not_enough(store: Store) -> None:
    hear(store, anna(1), anna(2, author_id="did:plc:later"))
    assert [one.mentions for one in find(store, "bluesky:anna.example", NETWORKS)] == [1, 1]
    assert forgotten(store, DID).mentions == 1
    assert held(store) == [anna(2).post.id]


def test_all_names_that_a_person_ever_had_are_kept_away(store: Store) -> None:
    people(store)
    done = forgotten(store, "bluesky:anna.example")
    assert done.mentions == 2
    assert len(held(store)) == 5
    hear(store, anna(9, author="anna-neu.example", author_id=None))
    assert len(held(store)) == 5
