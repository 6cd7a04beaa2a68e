"""What the answer of a mail server, or a report about a delivery, means for the mail."""

from datetime import datetime, timedelta

DELIVERED = "delivered"
REFUSED = "refused"
LATER = "later"
FAILED = "failed"
UNKNOWN = "unknown"

# Greylisting lets a mail in after minutes, a full mailbox or a server that is down takes longer.
RETRY_AFTER = (timedelta(minutes=15), timedelta(hours=4), timedelta(hours=24))


def judge_answer(code: int | None, *, about_recipient: bool) -> str:
    """Judge why a mail server did not take a mail.

    :param code: The answer's three digits (RFC 5321, 4.2.1); nothing where the server could not be reached.
    :param about_recipient: Whether it refused the recipient's address, not the sender or the message.
    :return: `LATER` for what time heals, `REFUSED` for an address that does not exist, else `FAILED`.

    >>> judge_answer(451, about_recipient=True)
    'later'
    >>> judge_answer(550, about_recipient=True)
    'refused'
    >>> judge_answer(554, about_recipient=False)
    'failed'
    """
    if code is None or 400 <= code < 500:
        return LATER
    return REFUSED if about_recipient else FAILED


def judge_report(action: str, status: str) -> str:
    """Judge a delivery status notification (RFC 3464).

    :param action: Its field Action: failed, delayed, delivered, relayed or expanded.
    :param status: Its field Status: three numbers, of which the first is the class.
    :return: `UNKNOWN` for a report that settles nothing, such as of a delay.

    >>> judge_report("failed", "5.1.1")
    'refused'
    >>> judge_report("failed", "4.2.2")
    'later'
    >>> judge_report("delayed", "4.4.1")
    'unknown'
    """
    action = action.strip().lower()
    if action in ("delivered", "relayed", "expanded"):
        return DELIVERED
    if action != "failed":
        return UNKNOWN
    return LATER if status.strip().startswith("4") else REFUSED


def get_retry_moment(asked_at: datetime, failures: int) -> datetime | None:
    """Return when a mail is tried again, or nothing when it was tried often enough: three times within 24 hours.

    :param asked_at: When somebody asked for the mail.
    :param failures: How often it was not taken.

    >>> get_retry_moment(datetime(2026, 11, 21, 9, 0), 1)
    datetime.datetime(2026, 11, 21, 9, 15)
    >>> get_retry_moment(datetime(2026, 11, 21, 9, 0), 4)
    """
    return asked_at + RETRY_AFTER[failures - 1] if 0 < failures <= len(RETRY_AFTER) else None
