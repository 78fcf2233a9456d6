"""Which language a text is in: German, English or another, by the model, small words and the script.

The language that a network claims is wrong in a quarter of the posts; it decides only where the words do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from listen.judge.model import shipped
from listen.judge.words import Words, fold, read

_READ = 300  # words are enough
SMALL = 0.8  # log-odds of a small word beside what the model says
FEW, SURE = 2, 1.5  # words and log-odds; so few tell no language unless one is so much likelier than the others
CLAIMED = 1.0  # log-odds of the language that a network claims

# Small words, folded when read. A word of two languages speaks for both.
_SMALL = {
    "de": """der die das und ist ich nicht ein eine einen einem einer mit auf für von dem den des es sich auch wie aber
        wenn noch nur schon mal wir ihr sie er mir mich dir dich euch uns mein meine meinen dein deine sein seine euer
        eure bei nach aus um zum zur im am vom beim ja nein doch kein keine keinen mehr wird werden wurde hat habe haben
        hab hatte kann können könnt muss müssen soll will wollen sind war waren bin bist seid was wer wo wann warum
        wieso weil dass daß oder über unter vor durch gegen ohne bis seit jetzt heute gestern morgen immer
        wieder nie sehr gut geht gehts gibt macht machen alle alles jemand etwas nichts hier dann denn dort
        diese dieser dieses man viel viele ganz beim bitte danke leider endlich überhaupt eigentlich einfach
        gerade grad halt eh nix net ned isch nöd nüt gaht kaputt suche such liebe neue neuer neues gerne kaufen
        empfehlen funktioniert schlecht Frechheit Katastrophe wirklich zufrieden enttäuscht begeistert Hilfe
        Woche Wochen Tage Monate Jahre Uhr Kundenservice Lieferung Gerät Frage Schrott nervt Laden Verspätung
        Zug Bahn Abzocke Alternative zu i mei""",
    "en": """the and is are was were be been being of to in it its that this these those i you he she they we my your
        his her their our me him them us not no do does did don't doesn't didn't can can't could would should will
        won't have has had with for on at by from as but or if so what when where why who how which just about out up
        down over there here then than more very really too also only even get got go going know think want need like
        love good great new all any some one an i'm it's you're isn't never always again still after before because
        anyone someone please thanks thank hello best worst better bad work works working broken help buy should
        recommend terrible awful awesome amazing anything nothing everything today yesterday tomorrow days weeks
        months years customer service support""",
    "nl": """de het een en van ik niet is je dat op te zijn voor met die maar om aan er ook als wat bij nog naar dan wel
        geen mijn heeft hebben deze kan jullie wij zij hij heb waar veel meer kapot goed werkt naar uit over moet""",
    "fr": """le la les des une est et je pas que qui dans pour sur avec ce cette il elle nous vous mon ma mes ne
        plus mais ou où au aux du son sa ses été être avoir fait très bien tout c'est j'ai n'est qu'il depuis
        jamais votre""",
    "es": """el la los las una es y no que de en por para con se lo su mi me te más pero como cuando muy ya esto esta
        este hay gracias porque todo nada también está son del al mis tengo yo usted nunca bien qué""",
    "pt": """o os as uma é e não que de em por para com se seu sua meu minha mais mas como quando muito já isso isto
        está do da dos das no na ao você eu tem obrigado também porque nada nunca bem são foi""",
    "it": """il lo gli una è e non che di in per con si mi ti più ma come quando molto già questo questa sono del della
        dei al alla nel nella perché anche grazie mio mia ho hai ha io lei mai bene tutto niente""",
    "sv": """och är det att en ett som på inte jag du vi ni har med för av till om den men så kan var från min mitt""",
    "da": """og er det at en et som på ikke jeg du vi har med for af til om den men så kan var fra min mit skal hvad""",
    "pl": """i w na nie się z do to że jest jak co po ale za od dla tak czy jestem mam mój już bardzo dziękuję""",
    "tr": """bir ve bu da de için çok ne var yok ben sen ama gibi daha mi değil kadar olarak teşekkürler""",
    "fi": """ja on ei se että en hän olen oli mutta kun niin tämä minä sinä ovat kanssa myös""",
    "id": """yang dan di ini itu dengan untuk tidak dari saya kamu ada ke juga akan bisa sudah nggak aku""",
}
_SCRIPTS = (
    ("ja", "\u3040-\u30ff"), ("ko", "\uac00-\ud7af"), ("zh", "\u4e00-\u9fff"), ("ru", "\u0400-\u04ff"),
    ("ar", "\u0600-\u06ff"), ("he", "\u0590-\u05ff"), ("el", "\u0370-\u03ff"), ("th", "\u0e00-\u0e7f"),
    ("hi", "\u0900-\u097f"),
)  # fmt: skip
_GERMAN_LETTERS = re.compile("[äöüß]|[aou]\u0308", re.IGNORECASE)
_ENDINGS = (
    (
        "de",
        re.compile(
            r"(ung|ungen|heit|keit|lich|liche|lichen|isch|ische|ischen|schaft|chen|st|cht|tz|ig|elt)$|^(sch|zw|ver[^bsytmad])|^ge.+t$"
        ),
    ),
    ("en", re.compile(r"(ing|ness|ful|ly|tion|ght|ck|ed|ous|able|'s|ey|ty)$|^(wh|th|kn)|ee|oo")),
)


def language(text: str, claimed: str | None = None) -> str | None:
    """The ISO 639-1 code (`de`, `en`, `nl` ...), or None if the text has too few words and nothing is claimed."""
    words = read(text)
    return of(words, claimed, shipped().logits(words))


def of(words: Words, claimed: str | None, logits: Mapping[str, float]) -> str | None:
    """The same for a text that has been read; `logits` are the model's for German, English and another language."""
    claim = _code(claimed)
    if not words.text.isascii() and (script := _script(words)):
        return script
    if not any(key[0] not in "@#" and key.isalpha() for key in words.keys):
        return claim
    weights = _weights(words)
    if not weights and len(words) <= FEW and not _sure(logits):
        return claim
    chances = {lang: logits[lang] + SMALL * weights.pop(lang, 0.0) for lang in ("de", "en")}
    other = max(weights, key=weights.__getitem__, default=None)
    chances["other"] = logits["other"] + SMALL * (weights[other] if other else 0.0)
    if claim:
        chances[claim if claim in chances else "other"] += CLAIMED
    best = max(chances, key=chances.__getitem__)
    if best != "other":
        return best
    return claim if claim not in {None, "de", "en"} else other


def _sure(logits: Mapping[str, float]) -> bool:
    """Whether one language is ahead of both others."""
    *_, second, first = sorted(logits[lang] for lang in ("de", "en", "other"))
    return first - second >= SURE


def _weights(words: Words) -> dict[str, float]:
    """Each language's small words, rare ones of it the more; endings and umlauts only add a little."""
    weights: dict[str, float] = {}
    for key in words.keys[:_READ]:
        for lang, weight in _votes(key):
            weights[lang] = weights.get(lang, 0.0) + weight
    if not words.text.isascii() and _GERMAN_LETTERS.search(words.text[:2_000]):
        weights["de"] = weights.get("de", 0.0) + 0.6
    return weights


@lru_cache(maxsize=50_000)
def _votes(key: str) -> tuple[tuple[str, float], ...]:
    """What one word says of the language; names and hashtags are of none."""
    if key[0] in "@#":
        return ()
    langs = _small().get(key, ())
    if langs or len(key) <= 3:
        return tuple((lang, 1.0 if len(langs) == 1 else 0.6) for lang in langs)
    return tuple((lang, 0.3) for lang, ending in _ENDINGS if ending.search(key))


@cache
def _small() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for lang, listed in _SMALL.items():
        for word in dict.fromkeys(fold(word) for word in listed.split()):
            known[word] = (*known.get(word, ()), lang)
    return known


@cache
def _script_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((lang, re.compile(f"[{letters}]")) for lang, letters in _SCRIPTS)


def _script(words: Words) -> str | None:
    """The language of a script of its own, if most letters are written in it; kana make Chinese signs Japanese."""
    sample = words.text[:1_000]
    letters = sum(map(str.isalpha, sample))
    counts = {lang: len(pattern.findall(sample)) for lang, pattern in _script_patterns()}
    if counts["ja"]:
        counts["ja"] += counts["zh"]
    lang = max(counts, key=counts.__getitem__)
    return lang if counts[lang] * 2 > letters else None


def _code(claimed: str | None) -> str | None:
    """`de` of `de-AT`; None for what is no language (`und`, empty)."""
    code = (claimed or "").lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) and code not in {"und", "mul", "zxx", "mis"} else None
