import logging

from odoo.http import Controller, request, route

from ..models.pay.payment_provider import STRIPE
from ..models.pay.payment_provider_connect import WEBHOOK_PATH
from ..models.pay.payment_transaction_checkout import RETURN_PATH
from ..models.pay.stripe_gateway import StripeGatewayError, StripeSignatureError, read_event
from ..models.pay.stripe_mismatch import StripeMismatchError

_logger = logging.getLogger(__name__)

# Stripe's events are some kilobytes long.
LONGEST_EVENT = 1_000_000


class StripeCheckout(Controller):
    """What Stripe tells us, and where customers come back to from its page."""

    @route(
        f"{WEBHOOK_PATH}/<int:provider_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        sitemap=False,
    )
    def receive(self, provider_id, **_parameters):
        """Keep an event for a job, and answer at once. What is not signed with the account's secret, or belongs to the
        other mode, is refused, and only counted.

        :param int provider_id: The account that the webhook was made for.
        :rtype: Response
        """
        # In sudo mode because Stripe has no user; what it may do hangs on the signature.
        provider_sudo = request.env["payment.provider"].sudo().browse(provider_id).exists()
        if provider_sudo.code != STRIPE:
            return request.make_response("", status=404)
        http_request = request.httprequest
        is_short = (http_request.content_length or 0) <= LONGEST_EVENT
        body = http_request.get_data() if is_short else b""
        try:
            event = read_event(
                body, http_request.headers.get("Stripe-Signature"), provider_sudo.billing_stripe_webhook_secret
            )
            provider_sudo._check_event_mode(event)
        except StripeSignatureError:
            provider_sudo._count_refused()
            return request.make_response("", status=400)
        request.env["service.stripe.event"]._receive(provider_sudo, event)
        return request.make_response("")

    @route(RETURN_PATH, type="http", auth="public", methods=["GET"], save_session=False, sitemap=False)
    def come_back(self, session_id="", **_parameters):
        """Take over what became of the hosted page, and lead the customer back to the invoice. If Stripe cannot be
        asked now, its event tells it later.

        :param str session_id: Nobody knows it but who was on that page.
        :rtype: Response
        :raise NotFound: If there is no such page.
        """
        # In sudo mode because the customer need not be logged in, and may not read payments.
        tx_sudo = (
            request.env["payment.transaction"]
            .sudo()
            .search([("billing_checkout_ref", "=", session_id), ("provider_code", "=", STRIPE)])
        )
        if not session_id or not tx_sudo:
            raise request.not_found()
        try:
            session = tx_sudo._read_checkout()
            # Not before: nobody waits for us while we wait for Stripe.
            tx_sudo._wait_for_stripe()
            tx_sudo._apply_checkout(session)
        except (StripeGatewayError, StripeMismatchError) as error:
            _logger.info("%s is left to its event: %s", tx_sudo.reference, error)
        return request.redirect(tx_sudo.landing_route or "/", code=303)
