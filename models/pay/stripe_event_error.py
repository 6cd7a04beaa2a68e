class StripeEventError(Exception):
    """An event was not applied, and nothing of it stays. The message says why."""

    state = "failed"


class IgnoredEventError(StripeEventError):
    """Nothing is to be done about it."""

    state = "ignored"


class UnmatchedEventError(StripeEventError):
    """It is about money, and fits nothing of ours: somebody has to look at it."""

    state = "unmatched"
