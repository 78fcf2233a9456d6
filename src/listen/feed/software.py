"""Where blog software keeps what its feeds do not name: the comments on all posts, and older entries."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_BLOGGER = re.compile(r"/feeds/posts/(?:default|summary)(?:/-/.*)?$")
_DISQUS = re.compile(r"(?i)(?:https?:)?//([a-z0-9][a-z0-9_-]{1,60})\.disqus\.com/(?:embed|count)(?:\.js)?\b")
_DISQUS_NAME = re.compile(r"""(?i)\bdisqus_?shortname["']?\s*[:=]\s*["']([a-z0-9][a-z0-9_-]{1,60})["']""")


def is_wordpress(generator: str) -> bool:
    return "wordpress" in generator.lower()


def is_blogger(generator: str) -> bool:
    return "blogger" in generator.lower()


def comments_beside(generator: str, home: str, url: str) -> str | None:
    """Where the comments on all posts are, if the feed at `url` is that of all posts of the blog at `home`."""
    parts = urlsplit(url)
    if is_blogger(generator) and (posts := _BLOGGER.search(parts.path)):
        return parts._replace(path=parts.path[: posts.start()] + "/feeds/comments/default", query=_kept(url)).geturl()
    if not is_wordpress(generator):
        return None
    if re.fullmatch(r"feed=(?:rss2?|rdf|atom)", parts.query):
        return url.replace(f"?{parts.query}", "?feed=comments-" + ("atom" if "atom" in parts.query else "rss2"))
    below = urlsplit(home).path.rstrip("/")
    if not parts.query and re.fullmatch(re.escape(below) + r"/feed(?:/(?:rss2?|rdf|atom))?/?", parts.path):
        return parts._replace(path=f"{below}/comments/feed/").geturl()
    return None


def older_on_blogger(url: str, total: int, first: int, size: int) -> str | None:
    """The page of entries after these; Blogger names it in Atom, and in RSS says only how many there are."""
    if not size or first + size > total:
        return None
    query = {**dict(parse_qsl(urlsplit(url).query)), "start-index": str(first + size), "max-results": str(size)}
    return urlsplit(url)._replace(query=urlencode(query)).geturl()


def disqus_on(page: str) -> str | None:
    """The feed of all comments on a site that has Disqus on the page."""
    named = _DISQUS.search(page) or _DISQUS_NAME.search(page)
    return f"https://{named[1].lower()}.disqus.com/latest.rss" if named else None


def _kept(url: str) -> str:
    """The query without what asks for one page of it."""
    asked = parse_qsl(urlsplit(url).query)
    return urlencode([(name, value) for name, value in asked if name in ("alt", "max-results", "redirect")])
