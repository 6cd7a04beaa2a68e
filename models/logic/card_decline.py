"""What the decline of a card means for the next try.

See https://docs.stripe.com/declines/codes: a bank that says no for good is not asked again.
"""

from datetime import datetime, timedelta

FUNDS = "funds"
TECHNICAL = "technical"
AUTHENTICATION = "authentication"
HARD = "hard"

_CLASSES = {
    **dict.fromkeys(
        ("insufficient_funds", "card_velocity_exceeded", "withdrawal_count_limit_exceeded", "approve_with_id"), FUNDS
    ),
    **dict.fromkeys(
        ("processing_error", "issuer_not_available", "try_again_later", "reenter_transaction", "no_action_taken"),
        TECHNICAL,
    ),
    **dict.fromkeys(
        (
            "authentication_required",
            "authentication_not_handled",
            "offline_pin_required",
            "online_or_offline_pin_required",
        ),
        AUTHENTICATION,
    ),
}
_PAUSES = {
    FUNDS: (timedelta(days=3), timedelta(days=3), timedelta(days=7)),
    TECHNICAL: (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)),
}


def decline_class(code: str | None) -> str:
    """Return what kind of decline a code is; what is unknown is final, so that no bank is asked for ever.

    >>> decline_class("insufficient_funds"), decline_class("processing_error")
    ('funds', 'technical')
    >>> decline_class("authentication_required"), decline_class("expired_card"), decline_class(None)
    ('authentication', 'hard', 'hard')

    :param code: The bank's decline code, or Stripe's error code where there is none.
    """
    return _CLASSES.get(code or "", HARD)


def next_try(code: str | None, failures: int, now: datetime) -> datetime | None:
    """Return when a card is charged again, or nothing where that is up to somebody.

    >>> next_try("insufficient_funds", 1, datetime(2026, 3, 1, 8))
    datetime.datetime(2026, 3, 4, 8, 0)
    >>> next_try("processing_error", 2, datetime(2026, 3, 1, 8))
    datetime.datetime(2026, 3, 1, 9, 0)
    >>> next_try("processing_error", 4, datetime(2026, 3, 1, 8)), next_try("stolen_card", 1, datetime(2026, 3, 1, 8))
    (None, None)

    :param code: Why the last try failed.
    :param failures: How many tries failed, the last one included.
    :param now: When the last try failed.
    """
    pauses = _PAUSES.get(decline_class(code), ())
    return now + pauses[failures - 1] if 0 < failures <= len(pauses) else None
