"""What Stripe's words mean for a payment."""

# See https://docs.stripe.com/api/payment_intents/object#payment_intent_object-status.
_STATES = {"succeeded": "done", "processing": "pending", "canceled": "cancel"}
# The languages of https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale that have no
# variants there.
_LANGUAGES = frozenset(
    (
        *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv"),
        *("ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh"),
    )
)


def payment_state(intent: dict) -> str:
    """Tell the state of a payment from its PaymentIntent.

    >>> payment_state({"status": "succeeded"}), payment_state({"status": "requires_action"})
    ('done', 'draft')
    >>> payment_state({"status": "requires_payment_method", "last_payment_error": {"code": "card_declined"}})
    'declined'

    :return: ``done``, ``pending`` or ``cancel`` as `payment.transaction` has them, ``declined`` where the last try
        failed and another may follow, else ``draft``.
    """
    if intent["status"] == "requires_payment_method" and intent.get("last_payment_error"):
        return "declined"
    return _STATES.get(intent["status"], "draft")


def checkout_language(lang: str | None) -> str:
    """Return the language of the hosted page for a customer.

    >>> checkout_language("de_CH"), checkout_language("lb_LU"), checkout_language(None)
    ('de', 'auto', 'auto')

    :param lang: As Odoo has it.
    :return: ``auto`` follows the customer's browser.
    """
    language = (lang or "").partition("_")[0]
    return language if language in _LANGUAGES else "auto"
