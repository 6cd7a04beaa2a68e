"""The remote control, below `/_double/`: what people do in Stripe's dashboard, what banks do, and what goes wrong."""

import stripe
from stripe.checkout import Session

from .deliveries import post_event
from .disputing import close_dispute, open_dispute
from .errors import RefusalError
from .ledger import fail_payout, pay_out
from .resources.checkout import close_session
from .resources.refunds import fail_refund, refund_charge, succeed_refund
from .shapes import show

FAILURES = ("server", "rate_limit", "key", "cut", "lost")


class Control:
    """Does what the control client asks for, one method a name.

    :param Memory memory: What is known.
    :param Deliveries deliveries: What sends events.
    """

    def __init__(self, memory, deliveries):
        self.memory = memory
        self.deliveries = deliveries

    def answer(self, name, values):
        """Do one thing.

        :param str name: A public method of this class.
        :param dict values: Its arguments.
        :return: What others may see of the result.
        :raise RefusalError: If it cannot be done.
        """
        method = getattr(self, name, None) if not name.startswith("_") and name != "answer" else None
        if not method:
            raise RefusalError(f"The double cannot {name}.", status=404)
        return show(method(**values))

    # === THE DOUBLE ITSELF === #

    def reset(self):
        """Be as on the first day."""
        self.memory.forget()
        self.deliveries.settings = dict(self.deliveries.usual)

    def events(self):
        """Return all events, oldest first."""
        return self.memory.events

    def requests(self):
        """Return what was asked of the API, oldest first: method, path, parameters, key and status."""
        return self.memory.requests

    def find(self, kind):
        """Return all objects of a kind, oldest first."""
        return [thing for thing in self.memory.objects.values() if thing["object"] == kind]

    def fail_next(self, kind, times=1, path=""):
        """Have the next requests fail: `server`, `rate_limit` and `key` before anything is done, `cut` ends the
        connection before, `lost` ends it after all is done.
        """
        if kind not in FAILURES:
            raise RefusalError(f"There is no failure {kind}.")
        self.memory.failures += [(kind, path)] * times

    def delivery(self, **settings):
        """Change how events are sent; without settings all is well again."""
        self.deliveries.settings = {**self.deliveries.usual, **settings}
        return self.deliveries.settings

    def send(self, event, url, secret):
        """Post an event to an address, now."""
        return post_event(url, secret, event)

    def connect(self, url, secret):
        """Send all events to an address from now on."""
        common = {"api_version": stripe.api_version, "enabled_events": ["*"], "status": "enabled"}
        return self.memory.create(stripe.WebhookEndpoint, "we", url=url, _secret=secret, **common)

    # === PEOPLE IN THE DASHBOARD === #

    def settle(self, currency, into, rate):
        """Hold what is charged in a currency in another one from now on, at a rate between their smallest units."""
        self.memory.settlement[currency] = (into, rate)
        return self.memory.settlement

    def refund_in_dashboard(self, ref, amount=None):
        """Refund a charge or the charge of a payment intent."""
        return refund_charge(self.memory, self._get_charge(ref), amount)

    def payout(self):
        """Pay out all that was not paid out."""
        return pay_out(self.memory)

    # === BANKS AND TIME === #

    def dispute(self, ref, reason="fraudulent", amount=None):
        """Have a customer dispute a charge or the charge of a payment intent."""
        return open_dispute(self.memory, self._get_charge(ref), reason, amount)

    def close_dispute(self, ref, status):
        """Have the bank decide a dispute: `won` or `lost`."""
        dispute = self.memory.get(stripe.Dispute, ref)
        close_dispute(self.memory, dispute, status)
        return dispute

    def succeed_refund(self, ref):
        """Have the bank take a refund."""
        refund = self.memory.get(stripe.Refund, ref)
        succeed_refund(self.memory, refund)
        return refund

    def fail_refund(self, ref):
        """Have the bank send a refund back."""
        refund = self.memory.get(stripe.Refund, ref)
        fail_refund(self.memory, refund)
        return refund

    def fail_payout(self, ref):
        """Have the bank send a payout back."""
        payout = self.memory.get(stripe.Payout, ref)
        fail_payout(self.memory, payout)
        return payout

    def expire(self, ref):
        """Let the time of a session pass."""
        session = self.memory.get(Session, ref)
        close_session(self.memory, session)
        return session

    def renew_card(self, ref, **card):
        """Have the bank send the customer a new card: the networks tell Stripe."""
        method = self.memory.get(stripe.PaymentMethod, ref)
        method["card"].update(card)
        self.memory.emit("payment_method.automatically_updated", method)
        return method

    def _get_charge(self, ref):
        thing = self.memory.objects.get(ref) or {}
        return self.memory.get(stripe.Charge, thing.get("latest_charge") or ref)
