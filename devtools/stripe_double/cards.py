"""Stripe's public test cards: what each of them does. https://docs.stripe.com/testing"""

from dataclasses import dataclass

from .errors import RefusalError

DECLINED = "Your card was declined."


@dataclass(frozen=True)
class TestCard:
    """A card and what happens when it is charged.

    `asks` says when the bank wants the customer: never (""), at the first time ("first") or each time ("always").
    `fate` is what comes after the money: "dispute", "refund_pending" or "refund_fails".
    """

    number: str
    title: str
    token: str
    code: str = ""
    decline_code: str = ""
    message: str = ""
    asks: str = ""
    fate: str = ""
    is_refused_when_saved: bool = True

    @property
    def brand(self):
        return "mastercard" if self.number.startswith("5") else "visa"

    def get_refusal(self):
        """Return the refusal of the bank, or None."""
        if not self.code:
            return None
        return refuse_card(self.message, self.code, self.decline_code)


def refuse_card(message, code, decline_code):
    """Return the refusal of a card.

    :rtype: RefusalError
    """
    return RefusalError(message, status=402, kind="card_error", code=code, decline_code=decline_code)


CARDS = (
    TestCard("4242424242424242", "Visa: payment succeeds", "pm_card_visa"),
    TestCard("5555555555554444", "Mastercard: payment succeeds", "pm_card_mastercard"),
    TestCard("4000002760003184", "3-D Secure: asks each time", "pm_card_authenticationRequired", asks="always"),
    TestCard("4000002500003155", "3-D Secure: asks once", "pm_card_authenticationRequiredOnSetup", asks="first"),
    TestCard(
        *("4000000000000002", "Declined", "pm_card_visa_chargeDeclined"),
        *("card_declined", "generic_decline", DECLINED),
    ),
    TestCard(
        *("4000000000009995", "Insufficient funds", "pm_card_visa_chargeDeclinedInsufficientFunds"),
        *("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    ),
    TestCard(
        *("4000000000009987", "Lost card", "pm_card_visa_chargeDeclinedLostCard"),
        *("card_declined", "lost_card", DECLINED),
    ),
    TestCard(
        *("4000000000009979", "Stolen card", "pm_card_visa_chargeDeclinedStolenCard"),
        *("card_declined", "stolen_card", DECLINED),
    ),
    TestCard(
        *("4000000000000069", "Expired card", "pm_card_chargeDeclinedExpiredCard"),
        *("expired_card", "expired_card", "Your card has expired."),
    ),
    TestCard(
        *("4000000000000127", "Wrong security code", "pm_card_chargeDeclinedIncorrectCvc"),
        *("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
    ),
    TestCard(
        *("4000000000000119", "Processing error", "pm_card_chargeDeclinedProcessingError"),
        *("processing_error", "processing_error", "An error occurred while processing your card. Try again later."),
    ),
    TestCard(
        *("4000000000000341", "Can be saved, then is declined", "pm_card_chargeCustomerFail"),
        *("card_declined", "generic_decline", DECLINED),
        is_refused_when_saved=False,
    ),
    TestCard("4000000000000259", "Disputed as fraud afterwards", "pm_card_createDispute", fate="dispute"),
    TestCard("4000000000007726", "Refund is pending at first", "pm_card_pendingRefund", fate="refund_pending"),
    TestCard("4000000000005126", "Refund fails later", "pm_card_refundFail", fate="refund_fails"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {card.token: card for card in CARDS}


def get_card(number):
    """Return the test card of that number.

    :param str number: As typed.
    :rtype: TestCard
    :raise RefusalError: If it is none of Stripe's test cards.
    """
    card = BY_NUMBER.get("".join(char for char in number if char.isdigit()))
    if not card:
        raise refuse_card("Your card number is not one of the test cards.", "incorrect_number", "")
    return card
