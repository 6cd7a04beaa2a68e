"""The signature of an outgoing webhook, in the scheme that Stripe uses (https://docs.stripe.com/webhooks/signature)."""

import hashlib
import hmac


def get_signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the header that proves who sent a message and when.

    The receiver computes the HMAC-SHA256 of the timestamp, a full stop and the body, compares it in constant time,
    and refuses what is too old.

    >>> get_signature("secret", 1, b"{}")[:24]
    't=1,v1=1122767b193110cfe'

    :param secret: What sender and receiver alone know.
    :param timestamp: When it is sent, in seconds since 1970.
    :param body: The message.
    :return: ``t=<timestamp>,v1=<hexadecimal digits>``
    """
    signed = str(timestamp).encode() + b"." + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
