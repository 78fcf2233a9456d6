"""Look-alike letters: what `Kіndle` with a Cyrillic letter, `Ａmazоn` or `amaz0n` are meant to be read as.

After the table of confusable characters of Unicode Technical Standard 39, as far as one character stands for one
Latin letter. Some look like one letter when they are small and like another when they are capitals (`н`: H); and `1`
passes for i as well as for l. So a text is read in two ways, and a word may stand in either.
"""

from __future__ import annotations

from listen.query.fold import fold

# Each pair of lines: what folded letters look like, and what they are.
_ALIKE = (
    ("аеорсуүхіјѕһԁԛԝѵѡгь", "aeopcyyxijshdqwvwrb"),  # Cyrillic
    ("αορικγσ", "aopikyo"),  # Greek
    ("օսոռհցգզքյա", "ounnhgqqfjw"),  # Armenian
    ("ɑɡɩɪʋʟᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "agiiulabcdefghjkmnoprstuvwyz"),  # Latin: phonetic letters, small capitals
    ("0", "o"),
)
_SMALL = (("кмтӏ", "kmti"), ("νηβυ", "vnbu"), ("1|", "ii"))
_CAPITAL = (("вкмнтӏ", "bkmhtl"), ("βεζηκμντυχ", "bezhkmntyx"), ("տլ", "sl"), ("1|", "ll"))


def _table(pairs: tuple[tuple[str, str], ...]) -> dict[int, str]:
    return {ord(sign): letter for signs, letters in pairs for sign, letter in zip(signs, letters, strict=True)}


_TABLES = (_table(_ALIKE + _SMALL), _table(_ALIKE + _CAPITAL))


def readings(text: str) -> tuple[str, ...]:
    """The folded text, and as it may be read; all are of the same length, and none stands twice.

    A capital I passes for an l (`KindIe`), which cannot be seen in a folded text any more.
    """
    folded = fold(text)
    capital = fold(text.replace("I", "l")) if "I" in text else folded
    return tuple(dict.fromkeys((folded, folded.translate(_TABLES[0]), capital.translate(_TABLES[1]))))


def unmasked(folded: str) -> tuple[str, ...]:
    """How a folded term of the user's stands in the readings of a text that holds it."""
    return tuple(dict.fromkeys((folded, *(folded.translate(table) for table in _TABLES))))
