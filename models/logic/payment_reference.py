"""What people type as a payment's reference or note must never hold a card number (PCI DSS, requirement 3)."""

import re

_CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def has_card_number(text: str) -> bool:
    """Tell whether a text holds what looks like a payment card number: 13 to 19 digits that pass the Luhn check.

    Spaces and hyphens between the digits are read over (ISO/IEC 7812-1, annex B for the check digit).

    >>> has_card_number("cash, card 4242 4242 4242 4242")
    True
    >>> has_card_number("transfer 2026-11-02")
    False
    """
    return any(_passes_luhn(re.sub(r"\D", "", match.group())) for match in _CARD_NUMBER.finditer(text or ""))


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(int(digit) for digit in digits[-1::-2]) + sum(value - 9 if value > 9 else value for value in doubled)
    return total % 10 == 0
