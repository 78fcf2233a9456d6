"""`listen forget`, `purge`, `privacy` and `db` as people and scripts use them."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from listen.post import Mark
from listen.store import Store
from listen.when import now
from tests.cli.program import Program
from tests.store.invented import NOON, mention

DID = "did:plc:annaannaannaannaanna1234"


@pytest.fixture
def stored(listen: Program) -> Program:
    """The program with some people's mentions in its store."""
    with Store.open(place(listen)) as store:
        anna = [
            mention(id=f"at://{DID}/{n}", author_id=DID, author_name="Anna A", text=f"Kindle Nummer {n}",
                    seen_at=now() - timedelta(days=100 * n), topics=("kindle",))
            for n in range(3)
        ]  # fmt: skip
        ben = mention(id="8", platform="hackernews", author="ben", text="wie @anna.example sagt", seen_at=now())
        two = [
            mention(id=f"https://{host}/1", platform="mastodon", author=f"cem@{host}", seen_at=now())
            for host in ("a.example", "b.example")
        ]
        store.apply("bluesky", "jetstream", [*anna, ben, *two, Mark("1")], now())
    return listen


def place(listen: Program) -> Path:
    return listen.home / "data" / "listen" / "listen.db"


def config(listen: Program, text: str) -> None:
    folder = listen.home / "config" / "listen"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")


def ids(listen: Program) -> list[str]:
    done = listen.run("export", "--format", "jsonl")
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


def grep(listen: Program, *words: str) -> list[str]:
    whole = b"".join(file.read_bytes() for file in place(listen).parent.iterdir())
    return [word for word in words if word.encode() in whole]


def test_an_author_is_forgotten_and_stays_so(stored: Program) -> None:
    seen = stored.run("forget", "bluesky:anna.example", "--dry-run")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert "3 mentions would be erased" in seen.stdout
    assert "hackernews:8" in seen.stdout
    assert len(ids(stored)) == 6
    done = stored.run("forget", "bluesky:anna.example", "--yes", "--also-named", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["author"], facts["mentions"], facts["files_clean"]) == (f"bluesky:{DID}", 3, True)
    assert (facts["named_by_others"], facts["named_by_others_erased"]) == (["hackernews:8"], True)
    assert grep(stored, DID, "anna.example", "Kindle Nummer", "Anna A") == []
    again = {"platform": "bluesky", "id": f"at://{DID}/9", "author": "anna.example", "text": "Kindle wieder"}
    (stored.home / "again.jsonl").write_text(json.dumps(again) + "\n", encoding="utf-8")
    stored.run("replay", "again.jsonl", "--term", "kindle")
    assert ids(stored) == ["mastodon:https://a.example/1", "mastodon:https://b.example/1"]


def test_several_people_are_listed_and_nobody_is_guessed(stored: Program) -> None:
    done = stored.run("forget", "cem", "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "  mastodon:cem@a.example  (no other name; 1 mention)\n" in done.stderr
    assert "'cem' may be 2 people; name one of those above" in done.stderr
    assert stored.run("forget", "mastodon:cem@a.example", "--yes").returncode == 0
    assert "mastodon:https://b.example/1" in ids(stored)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("forget", "zoe", "--yes"),
            "the store has nothing by 'zoe'; to keep them away in advance say on which network",
        ),
        (("forget", "@", "--yes"), "whom to forget? name an author like"),
        (("forget", "bluesky:anna.example"), "there is no terminal to ask on, so say --yes, or --dry-run"),
        (("purge", "--older-than", "1d"), "2 mentions will be erased for good; there is no terminal to ask on"),
        (("purge", "--topic", "kindle"), "--topic and --platform go with --older-than"),
        (("purge", "--older-than", "old"), "'old' is not a time to keep mentions; write 90d, 26w, 2y or forever"),
        (("purge", "--older-than", "0d"), "'0d' would keep nothing"),
        (("purge", "--older-than", "forever"), "would erase nothing"),
        (("mark", "bluesky:1", "--history", "--status", "done"), "--history marks nothing"),
        (("mark", "bluesky:none", "--history"), "the store has no mention 'bluesky:none'"),
    ],
)
def test_wrong_usage_says_what_to_do_and_erases_nothing(stored: Program, arguments: tuple[str, ...], said: str) -> None:
    done = stored.run(*arguments)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert len(ids(stored)) == 6


def test_on_a_terminal_it_asks(stored: Program) -> None:
    code, drawn = stored.on_terminal("forget", "bluesky:anna.example", typed=["n"])
    assert (code, "will be erased for good, and nothing more of them stored. Go on? [y/N]" in drawn) == (130, True)
    code, drawn = stored.on_terminal("purge", "--older-than", "150d", typed=["y"])
    assert (code, "1 mention erased" in drawn) == (0, True), drawn
    assert len(ids(stored)) == 5


def test_purge_says_how_many_and_takes_only_those(stored: Program) -> None:
    seen = stored.run("purge", "--older-than", "50d", "--dry-run")
    assert (seen.returncode, seen.stdout) == (0, "2 mentions would be erased\n")
    assert stored.run("purge", "--older-than", "50d", "--platform", "mastodon", "--yes").stdout == "0 mentions erased\n"
    assert stored.run("purge", "--older-than", "50d", "--topic", "other", "--yes").stdout == "0 mentions erased\n"
    done = stored.run("purge", "--older-than", "50d", "--topic", "kindle", "--yes", "--json")
    assert json.loads(done.stdout) == {"found": 2, "erased": 2, "dry_run": False}
    told = stored.run("privacy", "--audit")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:00  purge +bluesky +2 mentions\n", told.stdout), told.stdout


def test_an_export_leaves_out_and_erases_what_the_config_no_longer_keeps(stored: Program) -> None:
    config(stored, 'keep = "150d"\n[[topic]]\nname = "kindle"\nquery = "kindle"\n')
    assert len(ids(stored)) == 5
    config(stored, '[[topic]]\nname = "kindle"\nquery = "kindle"\nkeep = "50d"\n')
    assert len(ids(stored)) == 4
    audit = json.loads(stored.run("privacy", "--audit", "--json").stdout)
    assert [(row["reason"], row["mentions"]) for row in audit["erased"]] == [("retention", 2)]
    config(stored, '[platforms.mastodon]\nkeep = "1h"\n')
    assert stored.run("purge", "--dry-run").stdout == "0 mentions would be erased\n"


def test_a_clock_that_has_jumped_years_ahead_takes_nothing_away_until_somebody_says_so(stored: Program) -> None:
    with Store.open(place(stored)) as store:
        store.believe(now() - timedelta(days=900))
    config(stored, 'keep = "50d"\n')
    told = "the clock is 900 d ahead of when this store was used last, so nothing is let go of by its age"
    assert told in stored.run("export", "-o", "x.csv").stderr
    assert len(ids(stored)) == 6
    assert stored.run("purge", "--dry-run").stdout == "2 mentions would be erased\n"
    assert "ahead" in stored.run("export").stderr
    assert stored.run("purge", "--yes").stdout == "2 mentions erased\n"
    assert stored.run("export").stderr == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('keep = "soon"', "config.toml: keep: 'soon' is not a time to keep mentions; write 90d, 26w, 2y or forever"),
        ("keep = 90", "config.toml: keep: expected text in quotes, got 90"),
        ('[platforms.bluesky]\nkeep = "x"', "config.toml: [platforms.bluesky] keep: 'x' is not a time"),
        ("[platforms.bluesky]\nenabled = false\nkeep = 3", "config.toml: [platforms.bluesky] keep: expected text"),
        ('[[topic]]\nname = "a"\nquery = "b"\nkeep = "0d"', "config.toml: [[topic]] 'a' keep: '0d' would keep nothing"),
        (
            'authors_wishes = "no"',
            "config.toml: authors_wishes: there is no 'no'; it may be 'respect', 'strict', 'ignore'",
        ),
    ],
)
def test_a_wrong_time_in_the_config_says_where(listen: Program, text: str, said: str) -> None:
    config(listen, text + "\n")
    done = listen.run("purge", "--dry-run")
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr


def test_the_record_is_printed_in_both_languages_and_as_json_without_a_store(listen: Program) -> None:
    english, german = listen.run("privacy"), listen.run("privacy", "--lang", "de")
    assert english.stdout.startswith("# Record of processing activities (Art. 30 GDPR)")
    assert german.stdout.startswith("# Verzeichnis von Verarbeitungstätigkeiten (Art. 30 DSGVO)")
    assert not place(listen).exists()
    facts = json.loads(listen.run("privacy", "--json").stdout)
    assert (facts["keep"], facts["wishes"], facts["stored"]) == (730, "respect", None)


def test_an_export_with_pseudonyms_names_nobody(stored: Program) -> None:
    done = stored.run("export", "--pseudonyms")
    assert done.returncode == 0, done.stderr
    assert not re.search(r"anna|did:plc|cem@", done.stdout)
    assert done.stdout == stored.run("export", "--pseudonyms").stdout
    authors = [
        json.loads(line)["author"]
        for line in stored.run("export", "--pseudonyms", "--format", "jsonl").stdout.splitlines()
    ]
    assert len(set(authors)) == 4, "Anna is one person"


def test_status_tells_what_was_withheld(stored: Program) -> None:
    from listen.store import Note, Withheld

    with Store.open(place(stored)) as store:
        store.apply("bluesky", "jetstream", [Withheld("bluesky", str(n), "no-unauthenticated") for n in range(3)], NOON)
        store.note("bluesky", "jetstream", Note(state="live"), now())
    told = stored.run("status")
    assert "withheld by their authors' wish: 3" in told.stdout
    assert json.loads(stored.run("status", "--json").stdout)["withheld"] == 3
    assert "never stored      no-unauthenticated  bluesky" in stored.run("privacy", "--audit").stdout


def test_marks_tell_their_history_to_people_and_scripts(stored: Program) -> None:
    stored.run("mark", "hackernews:8", "--status", "answered", "--by", "dora")
    stored.run("mark", "hackernews:8", "--note", "per Mail", LOGNAME="eva", USER="eva")
    shown = stored.run("mark", "hackernews:8", "--history").stdout
    assert re.search(r"^hackernews:8\n  \S+ \S+  dora: status open → answered\n", shown)
    assert "  eva: note nothing → per Mail\n" in shown
    assert "answered " in shown
    facts = json.loads(stored.run("mark", "hackernews:8", "--history", "--json").stdout)
    assert [(turn["by"], turn["field"], turn["new"]) for turn in facts["history"]] == [
        ("dora", "status", "answered"),
        ("eva", "note", "per Mail"),
    ]
    assert facts["response_seconds"] >= 0
    assert "dora: status open → answered" in stored.run("explain", "hackernews:8").stdout


def test_the_store_is_checked_copied_and_put_back(stored: Program) -> None:
    assert stored.run("db", "path").stdout == f"{place(stored)}\n"
    good = stored.run("db", "check")
    assert (good.returncode, good.stdout) == (0, f"{place(stored)}: nothing is wrong with it, 6 mentions were read\n")
    copied = stored.run("db", "backup", "copy.db")
    assert (copied.returncode, copied.stdout) == (0, "")
    assert (stored.home / "copy.db").stat().st_mode & 0o777 == 0o600
    before = ids(stored)
    with place(stored).open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * (place(stored).stat().st_size - 4_096))
    bad = stored.run("db", "check")
    assert bad.returncode == 1
    assert "listen db backup" in bad.stderr
    place(stored).unlink()
    (stored.home / "copy.db").rename(place(stored))
    assert ids(stored) == before


def test_oddities_are_told_with_a_code_of_their_own(stored: Program) -> None:
    with closing(sqlite3.connect(place(stored))) as db:
        db.execute("UPDATE mention SET flag = 'praise' WHERE number = 1")
        db.commit()
    done = stored.run("db", "check")
    assert (done.returncode, done.stdout) == (5, "1 mentions are filed under other columns than they hold\n")


@pytest.mark.parametrize("command", [("check",), ("backup", "x.db"), ("vacuum",)], ids=" ".join)
def test_looking_after_a_store_that_is_not_there_makes_none(listen: Program, command: tuple[str, ...]) -> None:
    done = listen.run("db", *command)
    assert (done.returncode, "there is no store yet; 'listen watch' makes one" in done.stderr) == (1, True)
    assert not place(listen).exists()


def test_a_vacuum_tells_what_it_gained(stored: Program) -> None:
    done = stored.run("db", "vacuum")
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(r"[\d.]+ MB before, [\d.]+ MB now\n", done.stderr)


def test_a_wide_open_store_is_told_once(stored: Program) -> None:
    place(stored).chmod(0o644)

    def warned(done: subprocess.CompletedProcess[str]) -> bool:
        return (
            "others on this machine may read or write it (mode 0644); 'chmod 600' makes it yours alone" in done.stderr
        )

    assert [warned(stored.run("export")) for _ in range(3)] == [True, False, False]
