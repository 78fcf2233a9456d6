"""The searches of all networks that we know, whether or not `listen` has a platform for them yet.

Facts are the networks' own documentation; a line with "cautious" chooses the reading that loses nothing.
"""

from __future__ import annotations

from msgspec.structs import replace

from listen.query.dialect import Dialect, Sign
from listen.query.whole import WHOLE

_FULL: frozenset[Sign] = frozenset({"AND", "OR", "( )"})
_FLAT: frozenset[Sign] = frozenset({"AND", "OR"})
_ALL: frozenset[Sign] = frozenset({"AND"})
_ANY: frozenset[Sign] = frozenset({"OR"})
# Those codes that X and we write alike; Hebrew and Indonesian have old ones there.
_CODES = "ar bg ca cs da de el en es et fi fr hi hr hu is it ja ko lt lv nl no pl pt ro ru sl sr sv th tr uk vi"
_X_LANGS = frozenset(_CODES.split())
# Mastodon cuts de-AT down to de, but not zh-TW.
_MASTODON_LANGS = _X_LANGS | frozenset(["he", "id", "sk", "ga", "eu", "fa"])

BLUESKY = Dialect(platform="bluesky", hears_all=True, limits=("hears every post of the network and decides here",))
BLUESKY_SEARCH = Dialect(
    platform="bluesky",
    way="search",
    limits=("to look back only; needs an app password; accents have to be written alike",),
    tag="#{}",
    tags_apart=True,  # A post may carry tags beside its text, which no word finds.
    # No lang: the server "may override" what posts claim (lexicon of searchPosts).
    author="from:{}",
    author_names=r"(?!did:)[a-z0-9-]+(\.[a-z0-9-]+)+",
    joins=_ALL,  # OR is "unspecified" in the lexicon
)
DEVTO = Dialect(
    platform="devto", hears_all=True, limits=("reads titles, summaries and tags of all articles and decides here",)
)
DISCOURSE = Dialect(
    platform="discourse", hears_all=True, limits=("hears every post of the forums you name and decides here",)
)
DISCOURSE_SEARCH = Dialect(
    platform="discourse",
    way="search",
    limits=("asked only after a long stop; accents have to be written alike; words of three letters or more",),
    joins=_ALL,
    fewest_letters=3,
)
FEEDS = Dialect(platform="feeds", hears_all=True, limits=("reads the feeds you name and decides here",))
FLARUM = Dialect(
    platform="flarum", hears_all=True, limits=("hears every post of the forums you name and decides here",)
)
NEWS = Dialect(
    platform="feeds",
    way="news",
    limits=("articles that Google News lists, the newest 100 of a search",),
    folds_accents=True,
    joins=_FLAT,
    most_words=32,
    most_alternatives=12,
    reserved=len(" when:7d"),
)
GITHUB = Dialect(
    platform="github",
    limits=("issues and pull requests; accents have to be written alike",),
    joins=_FULL,
    most_characters=256,
    most_signs=5,
    # From memory: the qualifiers count; "() in:title,body is:pull-request created:<=2026-11-21T12:00:00Z"
    reserved=70,
)
GITHUB_DISCUSSIONS = Dialect(
    platform="github",
    way="discussions",
    limits=("needs a token; accents have to be written alike",),
    joins=_ALL,  # whether parentheses are understood there is not documented
    most_characters=256,
    reserved=70,
)
HACKERNEWS = Dialect(
    platform="hackernews",
    limits=("asked only to catch up; live, every item is read and decided here",),
    prefixes=True,
    folds_accents=True,
    joins=_ALL,
    quotes_all=True,  # unquoted, the last word is a prefix
    most_characters=500,
    parameter="query",
)
INSTAGRAM = Dialect(
    platform="instagram",
    limits=("finds hashtags only, 30 different ones in 7 days; accents have to be written alike",),
    finds="tags",
    phrases=False,
    tag="#{}",
    parameter="q",
)
JSON = Dialect(
    platform="json",
    limits=("asked where the address holds {query}, one word a search; else reads what is there and decides here",),
    phrases=False,  # what a search understands that nobody has described is not known
)
LEMMY_SEARCH = Dialect(
    platform="lemmy",
    way="search",
    limits=("finds the letters within longer words too; accents have to be written alike",),
    finds="parts",
    phrases=False,  # and whether several words are joined at all is not known: one word a search
)
LOBSTERS = Dialect(
    platform="lobsters", hears_all=True, limits=("hears every story of the sites you name and decides here",)
)
MASTODON = Dialect(
    platform="mastodon",
    limits=("finds hashtags only; words without # need a token and a server with search",),
    finds="tags",
    phrases=False,
    folds_accents=True,
    tag="#{}",
    tag_signs="·・\u200c",
    without=frozenset({"tag"}),
    joins=_FLAT,  # any[], all[] and none[], four each
    most_alternatives=5,
    most_signs=4,
    parameter="tag",
)
MASTODON_SEARCH = Dialect(
    platform="mastodon",
    way="search",
    limits=("needs a token; finds posts of authors who agreed to be found",),
    folds_accents=True,
    lang="language:{}",
    langs=_MASTODON_LANGS,
    joins=_ALL,
)
MISSKEY = Dialect(
    platform="misskey",
    limits=("finds hashtags only; words without # need a token and a server that lets it search, or `everything`",),
    finds="tags",
    phrases=False,
    tag="#{}",
    joins=_ANY,  # OR of ANDs; that of an AND one tag is asked for loses nothing
    parameter="query",
)
MISSKEY_SEARCH = Dialect(
    platform="misskey",
    way="search",
    limits=("needs a token and a server that lets it search",),
    phrases=False,  # what a search is matched with is up to the server: SQL, or an engine of its own
    parameter="query",
)
NOSTR = Dialect(
    platform="nostr",
    limits=("finds hashtags only, and words on relays with search; with `everything` it hears all and decides here",),
    finds="tags",
    phrases=False,
    tag="#{}",
    digits_tag=True,
    joins=_ANY,
    most_alternatives=100,
    parameter="#t",
)
NOSTR_SEARCH = Dialect(
    platform="nostr",
    way="search",
    limits=("on relays with NIP-50 only; how they read a search is left to them",),
    phrases=False,  # "a query in a human-readable form": one word a search loses nothing
    parameter="search",
)
PEERTUBE_SEARCH = Dialect(
    platform="peertube",
    way="search",
    limits=("videos: titles and descriptions; how a search is read is left to the server",),
    phrases=False,
    parameter="search",
)
NODEBB = Dialect(
    platform="nodebb", hears_all=True, limits=("hears every post of the forums you name and decides here",)
)
REDDIT = Dialect(
    platform="reddit",
    limits=("posts, not comments; accents have to be written alike",),
    author="author:{}",
    author_names=r"(?!t2_)[A-Za-z0-9_-]{3,20}",
    joins=_FLAT,
    most_characters=512,
)
STACKEXCHANGE = Dialect(
    platform="stackexchange",
    limits=("accents have to be written alike",),
    joins=_ALL,
    searches_a_day=300,
)
STACKEXCHANGE_TAGS = Dialect(
    platform="stackexchange",
    way="tags",
    limits=("finds the tags of questions only, each as a whole",),
    finds="tags",
    phrases=False,
    tag="[{}]",
    tag_joins=("-", ""),
    tag_signs="-+#.",
    digits_tag=True,
    joins=_ANY,
    either=";",
    searches_a_day=300,
    parameter="tagged",
)
THREADS = Dialect(
    platform="threads",
    limits=(
        "without Meta's approval your own posts only",
        "one word or topic a search; whether accents and parts of words count is not documented",
    ),
    phrases=False,
    tag="#{}",
    tags_apart=True,  # a topic stands beside the text; its own mode searches it
    parameter="q",
)
TUMBLR = Dialect(
    platform="tumblr",
    limits=("without a key within the blogs you name, with tags = true; finds exact tags only, one a search",),
    finds="tags",
    phrases=False,
    tag="#{}",
    tag_joins=("", " ", "-"),
    tag_signs="-+&'. ",
    digits_tag=True,
    searches_a_day=5_000,
    parameter="tag",
)
WORDPRESS = Dialect(
    platform="wordpress",
    limits=(
        "asked for with search = true; otherwise all that is new on your sites is read and decided here",
        "finds the letters within longer words too, and no tags",
    ),
    finds="parts",
    phrases=False,
    folds_accents=True,
    joins=_ALL,
    most_words=9,  # more than nine words are looked for as one phrase (WP_Query::parse_search)
    parameter="search",
)
WORDPRESS_TAGS = Dialect(
    platform="wordpress",
    way="tags",
    limits=("asked for with tags = true; finds exact tags of WordPress.com only, one a search",),
    finds="tags",
    phrases=False,
    tag="#{}",
    tag_joins=("-", ""),
    digits_tag=True,
    parameter="tag",
)
X = Dialect(
    platform="x",
    limits=("the last 7 days; no reposts; every post read is paid for",),
    emoji=True,
    folds_accents=True,
    tag="#{}",
    name="@{}",
    lang="lang:{}",
    langs=_X_LANGS,
    author="from:{}",
    author_names=r"(?!\d+$)\w{1,15}",
    kinds={"repost": "is:retweet", "reply": "is:reply", "quote": "is:quote"},
    without=frozenset({"lang", "kind:repost"}),
    joins=_FULL,
    most_characters=512,
    reserved=len("() -is:retweet"),
    parameter="query",
)
X_STREAM = replace(
    X,
    way="stream",
    limits=("1,000 rules, one connection; every post read is paid for; accents have to be written alike",),
    folds_accents=False,
    most_characters=1_024,
    parameter="value",
)
YOUTUBE = Dialect(
    platform="youtube",
    limits=("titles and descriptions, never complete",),
    phrases=False,
    folds_accents=True,
    joins=_FLAT,
    either="|",
    searches_a_day=100,
)

_NAMED = [thing for thing in list(globals().values()) if isinstance(thing, Dialect)]
DIALECTS: dict[str, Dialect] = {
    dialect.key: dialect for dialect in sorted((*_NAMED, *WHOLE), key=lambda dialect: dialect.key)
}
