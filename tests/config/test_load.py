"""Every key is known and every value allowed, or the error says where and what to do."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from listen.config import Config, load, store_path
from listen.config.starting import config_for, example
from listen.errors import ConfigError, UsageError
from listen.http import Client
from listen.opinion.options import Llm
from listen.platforms import known
from listen.run import sources_of
from listen.watchlist import Watchlist
from tests.opened import OPEN

Write = Callable[[str], Path]

TOPIC = '[[topic]]\nname = "kindle"\nquery = "#Kindle"\n'


@pytest.fixture
def written(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_without_a_config_the_open_networks_are_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_CONFIG", str(tmp_path / "none.toml"))
    config = load(None)
    assert config.topics == ()
    assert set(config.platforms) == OPEN >= {"bluesky", "hackernews", "mastodon"}


def test_a_section_turns_a_network_on_and_enabled_false_turns_it_off(written: Write) -> None:
    config = load(
        written(
            TOPIC + '[platforms.feeds]\nurls = ["https://blog.example/feed"]\n[platforms.bluesky]\nenabled = false\n'
        )
    )
    assert set(config.platforms) == OPEN - {"bluesky"} | {"feeds"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("topik = 1", "config.toml: there is no key 'topik'; did you mean 'topic'?"),
        ("[[topic]]\nname = 'x'", "config.toml: [[topic]] 1 has no 'query', which it needs"),
        ("[[topic]]\nname = 'x'\nqery = 'y'", "config.toml: [[topic]] 1 has no option 'qery'; did you mean 'query'?"),
        ("[[topic]]\nname = 'x'\nquery = '(a'", "config.toml: [[topic]] 1 'x': query '(a', column 1: "),
        (
            "[[topic]]\nname = 'x'\nquery = 'y'\nrole = 'mine'",
            "[[topic]] 1 role: there is no 'mine'; it may be 'own', ",
        ),
        ("[topic]\nname = 'x'\nquery = 'y'", "config.toml: topics are written [[topic]], with two brackets"),
        (TOPIC + TOPIC, "config.toml: two topics are called 'kindle'; give each a name of its own"),
        ("[platforms.hackernews]\npol_seconds = 9", "has no option 'pol_seconds'; did you mean 'poll_seconds'?"),
        ("[platforms.hackernews]\npoll_seconds = 'x'", "poll_seconds: expected a number, got text in quotes"),
        ("[platforms.hackernouse]", "[platforms] knows no platform 'hackernouse'; did you mean 'hackernews'?"),
        ("[platforms]\nmastodon = 'x'", "[platforms.mastodon] is not a table"),
        ("exclude = '(a'", "config.toml: exclude: query '(a', column 1: this '(' is never closed"),
        ("textblob = 'yes'", "config.toml: textblob: there is no 'yes'; it may be false, true"),
        ("[platforms.hackernews]\nenabled = 'yes'", "enabled: expected true or false, got text in quotes"),
        ("[[topic]]\nname = 'k'\nquery = 5", "[[topic]] 1 query: expected text in quotes, got a whole number"),
        ("exclude = ['a', 3]", "config.toml: exclude: expected a list of texts in quotes, got ['a', 3]"),
        ("own_accounts = 'a'", "config.toml: own_accounts: expected a list of texts in quotes, got 'a'"),
        ("own_accounts = ['@']", "config.toml: own_accounts: expected names like 'our_shop'"),
        (TOPIC + "exclude = ['a', '(b']", "[[topic]] 1 'kindle': query '(b', column 1: "),
        ("db = 3", "config.toml: db: expected text in quotes, got 3"),
        ("judge = 'gpt'", "config.toml: judge: there is no 'gpt'; it may be 'local', 'semantic', 'llm'"),
        ("precision = 2", "config.toml: precision: 2 is not a number from 0.5 to 0.95"),
        ("precision = 0.99", "config.toml: precision: 0.99 is not a number from 0.5 to 0.95"),
        ("sensitivity = 3", "config.toml: sensitivity: there is no 3; it may be 'high', 'normal', 'low'"),
        ("judge = 'llm'", "config.toml: judge = \"llm\" needs 'url' in [llm], as in url = 'http://127.0.0.1:11434/v1'"),
        (
            "judge = 'llm'\n[llm]\nurl = 'http://127.0.0.1/v1'",
            "config.toml: judge = \"llm\" needs 'model' in [llm], as",
        ),
        ("[llm]\nmodell = 'x'", "config.toml: [llm] has no option 'modell'; did you mean 'model'?"),
        ("[llm]\nmodel = ''", "config.toml: [llm] model: expected text in quotes of length >= 1"),
        ("[llm]\nask = 'some'", "config.toml: [llm] ask: there is no 'some'; it may be 'flagged', 'unsure', 'all'"),
        ("[llm]\nparallel = 0", "config.toml: [llm] parallel: expected a whole number >= 1"),
        ("[llm]\ntimeout_seconds = 0", "config.toml: [llm] timeout_seconds: expected a number >= 0.1"),
        ("[llm]\nurl = 'http://gpu.lan/v1'", "[llm] url: 'http://gpu.lan/v1' would send posts unencrypted to another"),
        (
            "[llm]\nurl = 'https://a:hush@b.example/v1'",
            "[llm] url: 'https://***@b.example/v1' holds a password; put it",
        ),
        (
            "judge = 'llm'\n[llm]\nurl = 'http://127.0.0.1/v1'\nmodel = 'x'\nkey = 'env:NOT_SET_AT_ALL'",
            "NOT_SET_AT_ALL is not set, and [llm] asks for it",
        ),
        ("llm = 'x'", "config.toml: [llm] is not a table"),
        ("a = ", "config.toml: is not TOML: "),
        ("[platforms.mastodon]\ntoken = 'env:NOT_SET_AT_ALL'", "NOT_SET_AT_ALL is not set, and [platforms.ma"),
        ("[platforms.mastodon]\ntoken = 'command:false'", "[platforms.mastodon]: 'false' failed"),
        ("[platforms.mastodon]\ntoken = 'command:no-such-program'", "'no-such-program' cannot be run"),
        ("[platforms.feeds]\nrequests_per_day = 0", "[platforms.feeds] requests_per_day: expected a whole number >= 1"),
        ("[platforms.feeds]\nrequests_per_day = 1.5", "requests_per_day: expected a whole number, got a number"),
        ("[platforms.feeds]\nrequests_per_minute = 0", "[platforms.feeds] requests_per_minute: expected a number > 0"),
        ("[platforms.feeds]\nrequests_per_minute = nan", "[platforms.feeds] requests_per_minute: expected a number"),
        ("[platforms.feeds]\nrequests_per_hour = 1", "has no option 'requests_per_hour'; did you mean 'requests_per_"),
        ("[platforms.mastodon]\ntoken = 5", "[platforms.mastodon] token: expected "),
    ],
    ids=lambda value: value.splitlines()[-1][:40] if value else "empty",
)
def test_an_error_says_where_it_is_and_what_to_do(written: Write, text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as problem:
        load(written(text))
    assert expected in str(problem.value)


def test_what_is_excluded_everywhere_holds_for_every_topic(written: Write) -> None:
    everywhere = 'exclude = "giveaway"\nown_accounts = ["our_shop"]\n'
    own = 'exclude = ["a", "b"]\nexclude_authors = ["bot"]\n[[topic]]\nname = "tolino"\nquery = "tolino"\n'
    kindle, tolino = load(written(everywhere + TOPIC + own)).topics
    assert (kindle.exclude, kindle.exclude_authors) == (("a", "b", "giveaway"), ("bot", "our_shop"))
    assert (tolino.exclude, tolino.exclude_authors) == (("giveaway",), ("our_shop",))


def test_a_topic_may_exclude_with_one_query_alone(written: Write) -> None:
    (topic,) = load(written(TOPIC + 'exclude = "giveaway"')).topics
    assert topic.exclude == ("giveaway",)


def test_a_missing_config_that_was_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no such file; 'listen init' writes one"):
        load(tmp_path / "none.toml")


def test_a_secret_is_fetched_from_where_it_is_kept_and_never_shown(
    written: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MASTODON_TOKEN", "tok-planted")
    config = load(written("[platforms.mastodon]\ntoken = 'env:MASTODON_TOKEN'"))
    (secret,) = config.secrets()
    assert secret.reveal() == "tok-planted"
    assert "tok-planted" not in repr(config)


def test_a_command_gives_the_first_line_it_prints(written: Write) -> None:
    config = load(written("[platforms.mastodon]\ntoken = \"command:printf 'tok-one\\\\nlogin: x\\\\n'\""))
    assert [secret.reveal() for secret in config.secrets()] == ["tok-one"]


def test_a_file_of_one_s_own_gives_its_first_line(written: Write, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("tok-file\nlogin: anna\n", encoding="utf-8")
    secret.chmod(0o600)
    config = load(written(f"[platforms.mastodon]\ntoken = 'file:{secret}'"))
    assert [secret.reveal() for secret in config.secrets()] == ["tok-file"]
    assert "tok-file" not in repr(config)


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        (0o644, "x", "others can read it (mode 0644); make it yours alone: chmod 600"),
        (0o640, "x", "others can read it (mode 0640); make it yours alone: chmod 600"),
        (0o600, "", "is empty; its first line is to be the secret"),
        (None, "", "there is no such file; write the secret into it, chmod 600"),
    ],
    ids=["everybody", "a group", "empty", "missing"],
)
def test_a_file_that_is_no_place_for_a_secret_says_why(
    written: Write, tmp_path: Path, mode: int | None, text: str, expected: str
) -> None:
    secret = tmp_path / "token"
    if mode is not None:
        secret.write_text(text, encoding="utf-8")
        secret.chmod(mode)
    with pytest.raises(ConfigError) as problem:
        load(written(f"[platforms.mastodon]\ntoken = 'file:{secret}'"))
    assert expected in str(problem.value)
    assert "[platforms.mastodon]" in str(problem.value)


def test_a_file_without_its_whole_path_is_refused(written: Write) -> None:
    with pytest.raises(ConfigError, match="write the whole path, from / or ~ on"):
        load(written("[platforms.mastodon]\ntoken = 'file:token'"))


def test_a_network_that_is_off_does_not_ask_for_its_secret(written: Write) -> None:
    config = load(written("[platforms.mastodon]\nenabled = false\ntoken = 'env:NOT_SET_AT_ALL'"))
    assert "mastodon" not in config.platforms


def test_the_example_loads_and_names_every_option_of_every_platform(written: Write) -> None:
    text = example()
    bare = load(written(text))
    assert [topic.name for topic in bare.topics] == ["kindle", "tolino"]
    for name, platform in known().items():
        section = text.partition(f"[platforms.{name}]")[2].partition("[platforms.")[0]
        missing = [option for option in platform.options.__struct_fields__ if f"{option} " not in section]
        assert not missing, f"[platforms.{name}] of config.example.toml lacks {missing}"


def test_the_example_names_every_option_of_the_model_and_of_the_judge() -> None:
    section = example().partition("\n[llm]\n")[2]
    assert re.findall(r"^# (\w+) *= ", section, re.MULTILINE) == list(Llm.__struct_fields__)
    assert "\n# judge " in example().partition("[[topic]]")[0]
    assert "\n# sensitivity " in example().partition("[[topic]]")[0]


def test_the_model_is_configured_only_where_it_is_asked_for(written: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "[llm]\nurl = 'http://127.0.0.1:11434/v1'\nmodel = 'x'\nkey = 'env:LLM_KEY'"
    monkeypatch.delenv("LLM_KEY", raising=False)
    assert load(written(table)).llm is None
    assert load(written("judge = 'semantic'\nsensitivity = 'high'\n" + table)).sensitivity == "high"
    monkeypatch.setenv("LLM_KEY", "hush-hush")
    config = load(written("judge = 'llm'\n" + table))
    assert config.llm is not None
    assert (config.llm.model, config.llm.ask) == ("x", "flagged")
    assert [secret.reveal() for secret in config.secrets()] == ["hush-hush"]
    assert "hush-hush" not in repr(config)


def test_the_defaults_that_the_example_shows_are_those_that_hold(written: Write) -> None:
    table = example().partition("\n[llm]\n")[2]
    shown = load(
        written("judge = 'llm'\n[llm]\n" + re.sub(r"^# ((?!key)\w+ *= )", r"\1", table, flags=re.MULTILINE))
    ).llm
    assert shown is not None
    assert shown == Llm(url=shown.url, model=shown.model)


def test_the_example_with_every_option_uncommented_loads(
    written: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in re.findall(r'"env:(\w+)"', example()):
        monkeypatch.setenv(name, "x")
    config = load(written(re.sub(r"^# (\w+ *= )", r"\1", example(), flags=re.MULTILINE)))
    assert set(config.platforms) == set(known())


def test_the_example_in_the_package_is_the_one_at_the_top() -> None:
    assert example() == (Path(__file__).parents[2] / "config.example.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("own", "competitors"),
    [
        (["#Kindle"], []),
        (["#Kindle", "kindle", "KINDLE"], ["tolino", "#tolino"]),
        (['"Kindle Paperwhite" OR kindle~'], []),
        (["größe"], []),
        (["日本"], ["日本語"]),
    ],
    ids=["one", "alike", "phrase", "umlaut", "no letters of a name"],
)
def test_a_started_config_holds_the_words_that_were_given(
    written: Write, own: list[str], competitors: list[str]
) -> None:
    config = load(written(config_for(own, competitors)))
    assert [topic.query for topic in config.topics] == own + competitors
    assert [topic.role for topic in config.topics] == ["own"] * len(own) + ["competitor"] * len(competitors)


async def test_a_started_config_asks_only_networks_that_need_nothing(written: Write) -> None:
    config = load(written(config_for(["#Kindle"], [])))
    async with Client() as client:
        sources = sources_of(config, Watchlist(config.topics).interest(), client)
    assert {name for name, some in sources.items() if some} == OPEN, "the others wait for a key, a name or an address"


@pytest.mark.parametrize(
    ("chosen", "configured", "expected"),
    [
        ("x.db", "y.db", "x.db"),
        (None, "y.db", "y.db"),
        ("sqlite:///tmp/z.db", None, "tmp/z.db"),
        ("sqlite:////tmp/z.db", None, "/tmp/z.db"),
        (":memory:", "y.db", ":memory:"),
    ],
    ids=str,
)
def test_the_store_is_where_the_nearest_word_says(chosen: str | None, configured: str | None, expected: str) -> None:
    assert store_path(Config(db=configured), chosen) == expected


@pytest.mark.parametrize("url", ["postgresql://x/y", "http://x", "sqlite:u.db", "file:u.db"])
def test_a_store_that_is_no_file_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="is no place for a store"):
        store_path(Config(), url)
    with pytest.raises(ConfigError, match="is no place for a store"):
        store_path(Config(db=url), None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('db = "a.db', "(at line 1, column 11); is a quote missing at the end of the line?"),
        ('db = "C:\\mentions.db"', r"; paths of Windows stand in single quotes: 'C:\Users\anna'"),
        ('db = "C:\\Users\\a.db"', r"; paths of Windows stand in single quotes: 'C:\Users\anna'"),
        ("db = „a.db“", '(at line 1, column 6); texts stand in plain quotes: "kindle"'),
        ('db = "a"\ndb = "b"', "; an option stands there twice"),
        ("db", "expected '=' after a key in a key/value pair (at line 1, column 3)"),
    ],
    ids=["open quote", "path", "path of a user", "quotes of a word processor", "twice", "half a line"],
)
def test_what_is_no_toml_is_told_with_what_to_do(written: Write, line: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(written(f"{line}\n"))
    assert str(raised.value).startswith("config.toml: is not TOML: ")
    assert str(raised.value).endswith(said)


def test_what_editors_of_windows_write_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TOPIC.replace("\n", "\r\n").encode())
    assert load(path).topics[0].query == "#Kindle"
    path.write_text(TOPIC, encoding="utf-16")
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load(path)
