"""What reading may cost, as people write it: `0.005 USD` for a post, `2 USD/day` for all of them.

Counted in millionths, as floating point would lose cents over a month.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

import msgspec

Period = Literal["day", "month"]

MILLIONTHS = 1_000_000
CURRENCIES = ("USD", "EUR")

_PRICE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*([A-Za-z]{3})\s*", re.ASCII)
_BUDGET = re.compile(_PRICE.pattern + r"(?:/|per\s)\s*(day|month)\s*", re.ASCII)


class Money(msgspec.Struct, frozen=True):
    """An amount in millionths of a currency."""

    millionths: int
    currency: str

    def __str__(self) -> str:
        return spelled(self.millionths / MILLIONTHS, self.currency)


class MoneyBudget(msgspec.Struct, frozen=True):
    """What may be spent, and in which time."""

    money: Money
    period: Period

    def __str__(self) -> str:
        return f"{self.money}/{self.period}"


def price(text: str, name: str = "price") -> Money:
    """`0.005 USD`. Raises ValueError, which calls it by its `name`."""
    found = _PRICE.fullmatch(text)
    if not found:
        raise ValueError(f'{name}: {text!r} is no price; write it like "0.005 USD"')
    return _money(found[1], found[2], name)


def budget(text: str, name: str = "budget") -> MoneyBudget:
    """`2 USD/day`, `50 EUR/month`. Raises ValueError, which calls it by its `name`."""
    found = _BUDGET.fullmatch(text)
    if not found:
        raise ValueError(f'{name}: {text!r} is no budget; write it like "2 USD/day" or "50 EUR/month"')
    money = _money(found[1], found[2], name)
    if not money.millionths:
        raise ValueError(f"{name}: {text!r} leaves nothing to read with; write 'enabled = false' to turn a network off")
    return MoneyBudget(money, "day" if found[3] == "day" else "month")


def spelled(amount: float, currency: str) -> str:
    """`2.00 USD`, `0.005 USD`: cents, or finer where it is less than one of them."""
    finer = f"{amount:,.6f}".rstrip("0")
    cents = f"{amount:,.2f}"
    return f"{finer if 0 < abs(amount) < 1 and len(finer) > len(cents) else cents} {currency}"


def _money(number: str, currency: str, name: str) -> Money:
    if currency.upper() not in CURRENCIES:
        raise ValueError(f"{name}: {currency!r} is not known here; use {' or '.join(CURRENCIES)}")
    return Money(int(Decimal(number) * MILLIONTHS), currency.upper())
