"""What `[platforms.mastodon]` makes of servers, tokens and terms, and what ids tell about time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from listen.errors import ConfigError
from listen.http import Client, Secret
from listen.platforms.mastodon import Mastodon, MastodonOptions
from listen.platforms.mastodon.ids import is_ahead, latest, order, rewound
from listen.query import Query, parse
from listen.source import Interest
from tests.servers.mastodon import snowflake

NOW = datetime.now(UTC)


def platform(http: Client, *servers: str, interest: Interest | None = None, **options: Any) -> Mastodon:
    return Mastodon(MastodonOptions(servers=servers, **options), interest or Interest(()), http)


@pytest.mark.parametrize(
    ("term", "tags"),
    [
        pytest.param(parse("#Kindle"), ["kindle"], id="a tag in lower case"),
        pytest.param(parse('"Kindle Paperwhite"'), ["kindlepaperwhite"], id="a phrase as one word"),
        pytest.param(parse("E-Reader"), ["ereader"], id="without hyphens"),
        pytest.param(parse("Küche"), ["küche", "kueche"], id="umlauts also written out"),
        pytest.param(parse("Ｋｉｎｄｌｅ"), ["kindle"], id="full-width letters"),
        pytest.param(parse("2026"), [], id="digits alone are no tag"),
        pytest.param(parse("C++"), ["c"], id="signs cannot stand in tags"),
        pytest.param(parse("電子書"), ["電子書"], id="letters of any script"),
    ],
)
def test_terms_are_folded_as_servers_fold_tags(http: Client, term: Query, tags: list[str]) -> None:
    assert platform(http, "a.example", interest=Interest((term,))).tags() == tags


def test_each_server_gets_its_own_token_and_no_other(http: Client) -> None:
    first, other = Secret("1", "a"), Secret("2", "b")
    made = platform(
        http, "One.example", "https://two.example/", "3.example", token=first, tokens={"two.example": other}
    )
    assert [(server.base, server.token) for server in made.servers] == [
        ("https://one.example", first), ("https://two.example", other), ("https://3.example", None),
    ]  # fmt: skip


def test_a_token_for_a_server_that_is_not_listed_is_refused(http: Client) -> None:
    with pytest.raises(ConfigError, match=r"two\.example"):
        platform(http, "one.example", tokens={"two.example": Secret("2", "b")})


@pytest.mark.parametrize(
    "wrong", [{"poll_seconds": 4}, {"servers": ["http://a/b?c"]}, {"servers": ["a b"]}, {"overlap_minutes": -1}]
)
def test_options_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"[Ee]xpected"):
        msgspec.convert(wrong, MastodonOptions)


def test_ids_sort_by_length_first() -> None:
    assert latest(["99", "100", "1"]) == "100"
    assert order("9") < order("10")


@pytest.mark.parametrize(
    "id_", ["1795295280125", "01M7ZS3G4Y0000000000000000", "9xk2m1", "645000000000000000", "", "²" * 18]
)
def test_only_mastodons_own_ids_are_made_from_a_time(id_: str) -> None:
    assert rewound(id_, timedelta(hours=1), NOW) is None


def test_looking_back_starts_before_the_cursor_even_where_that_lies_in_the_future() -> None:
    assert rewound(snowflake(NOW), timedelta(hours=1), NOW) == snowflake(NOW - timedelta(hours=1))
    assert rewound(snowflake(NOW + timedelta(days=9)), timedelta(hours=1), NOW) == snowflake(NOW - timedelta(hours=1))
    assert is_ahead(snowflake(NOW + timedelta(days=9)), NOW)
    assert not is_ahead(snowflake(NOW), NOW)
