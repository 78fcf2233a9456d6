"""Invented posts and Jetstream frames in the sizes and scripts of the real network, seeded and repeatable."""

from __future__ import annotations

import json
import random

_WORDS = {
    "en": "the a my new today really just got train coffee book reading garden weather never again always maybe "
    "people think about movie dinner friend office meeting music album song river morning evening".split(),
    "de": "der die das mein neu heute wirklich gerade Zug Kaffee Buch lesen Garten Wetter nie wieder immer vielleicht "
    "Leute denken über Film Abendessen Freundin Büro Besprechung Musik schön größer Straße früh".split(),
    "ja": "今日 本 読む 天気 いい 新しい 電車 コーヒー 友達 音楽 映画 楽しい 朝 夜 東京".split(),
    "pt": "hoje não muito livro café trem manhã noite amigo música então você está também só coração".split(),
}
_SHARES = (("en", 0.5), ("ja", 0.2), ("pt", 0.17), ("de", 0.13))
_EMOJI = ["😀", "❤️", "🔥", "👩‍👩‍👧", "😂", ""]


def texts(count: int, *, hit: str = "kindle", share: float = 0.01, seed: int = 7) -> list[str]:
    """Posts of 20 to 280 characters; `share` of them hold the word `hit`, as a word or a hashtag."""
    chance = random.Random(seed)
    return [_text(chance, hit if chance.random() < share else "") for _ in range(count)]


def frames(count: int, **choices: object) -> list[str]:
    """Jetstream v1 frames around such texts, about 800 bytes each."""
    chance = random.Random(11)
    return [_frame(number, text, chance) for number, text in enumerate(texts(count, **choices))]  # type: ignore[arg-type]


def _text(chance: random.Random, hit: str) -> str:
    language = chance.choices([name for name, _ in _SHARES], [weight for _, weight in _SHARES])[0]
    words = chance.choices(_WORDS[language], k=chance.randint(4, 30))
    if hit:
        words.insert(chance.randrange(len(words)), chance.choice([hit, f"#{hit.title()}"]))
    if chance.random() < 0.3:
        words.append(chance.choice(_EMOJI))
    return ("" if language == "ja" else " ").join(words)[:300]


def _embed(chance: random.Random) -> dict[str, object] | None:
    """Every second post has pictures or a card; recorded frames have a median of 940 bytes by it."""
    blob = {"$type": "blob", "ref": {"$link": "bafkrei" + "c" * 52}, "mimeType": "image/jpeg", "size": 184_213}
    kind = chance.random()
    if kind < 0.3:
        picture = {"alt": "", "aspectRatio": {"height": 1080, "width": 1920}, "image": blob}
        return {"$type": "app.bsky.embed.images", "images": [picture]}
    if kind < 0.5:
        words = " ".join(chance.choices(_WORDS["en"], k=20))
        card = {"description": words, "thumb": blob, "title": words[:50], "uri": "https://news.example/a"}
        return {"$type": "app.bsky.embed.external", "external": card}
    return None


def _frame(number: int, text: str, chance: random.Random) -> str:
    did = "did:plc:" + "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=24))
    rkey = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=13))
    record: dict[str, object] = {
        "$type": "app.bsky.feed.post",
        "createdAt": "2026-11-21T12:00:00.000Z",
        "langs": ["en"],
    }
    if number % 2:
        parent = {"cid": "bafyrei" + "a" * 52, "uri": f"at://{did}/app.bsky.feed.post/{rkey}"}
        record["reply"] = {"parent": parent, "root": parent}
    if (embed := _embed(chance)) is not None:
        record["embed"] = embed
    if chance.random() < 0.3:
        where = {"byteStart": 0, "byteEnd": min(12, len(text))}
        link = {"$type": "app.bsky.richtext.facet#link", "uri": f"https://news.example/{rkey}"}
        record["facets"] = [{"$type": "app.bsky.richtext.facet", "features": [link], "index": where}]
    record["text"] = text
    commit = {"rev": rkey, "operation": "create", "collection": "app.bsky.feed.post", "rkey": rkey, "record": record,
              "cid": "bafyrei" + "b" * 52}  # fmt: skip
    frame = {"did": did, "time_us": 1_790_000_000_000_000 + number * 1000, "kind": "commit", "commit": commit}
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
