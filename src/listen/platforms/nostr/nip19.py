"""Names of keys and events that people can read and share: `npub1…`, `nevent1…`, `naddr1…`.

https://github.com/nostr-protocol/nips/blob/master/19.md; bech32 is that of BIP-173.
"""

from __future__ import annotations

from collections.abc import Iterator

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SPECIAL, _RELAY, _AUTHOR, _KIND = 0, 1, 2, 3  # types of the parts of a name


def npub(pubkey: str) -> str:
    """The name of a public key in 64 hexadecimal digits."""
    return _bech32("npub", bytes.fromhex(pubkey))


def nevent(id_: str, relay: str) -> str:
    """The name of an event, with a relay that has it."""
    return _bech32("nevent", _part(_SPECIAL, bytes.fromhex(id_)) + _part(_RELAY, relay.encode()))


def naddr(name: str, pubkey: str, kind: int, relay: str) -> str:
    """The name of what can be replaced: an article, of which `name` is the `d` tag."""
    parts = (
        _part(_SPECIAL, name.encode()),
        _part(_RELAY, relay.encode()),
        _part(_AUTHOR, bytes.fromhex(pubkey)),
        _part(_KIND, kind.to_bytes(4, "big")),
    )
    return _bech32("naddr", b"".join(parts))


def _part(kind: int, value: bytes) -> bytes:
    """Type, length, value; what is too long for the one byte of its length is left out."""
    return bytes((kind, len(value))) + value if len(value) < 256 else b""


def _bech32(prefix: str, told: bytes) -> str:
    values = [*_fives(told)]
    spread = [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]
    check = _polymod([*spread, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    return f"{prefix}1" + "".join(_LETTERS[five] for five in [*values, *(check >> 5 * (5 - n) & 31 for n in range(6))])


def _fives(told: bytes) -> Iterator[int]:
    """The bytes in groups of five bits, the last one filled up with zeros."""
    bits, held = 0, 0
    for byte in told:
        bits, held = bits << 8 | byte, held + 8
        while held >= 5:
            held -= 5
            yield bits >> held & 31
        bits &= (1 << held) - 1
    if held:
        yield bits << 5 - held & 31


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(_GENERATOR):
            check ^= factor if top >> place & 1 else 0
    return check
