from functools import partial

from odoo.fields import Date
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_concurrent import ConcurrentCase

ACCOUNT = ("state", "billing_stripe_key", "billing_stripe_webhook_secret")


@tagged("post_install", "-at_install")
class TestPayCardAtOnce(ConcurrentCase):
    """Two people charge the customer's card in the same second."""

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            provider = env["res.users"].browse(self.biller_id).company_id._get_stripe_provider()
            self.before = {name: provider[name] for name in ACCOUNT}
            provider.write({"state": "test", "billing_stripe_key": "sk_test_double"})
            provider.billing_stripe_webhook_secret = "whsec_double"
            token = env["payment.token"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": env.ref("payment.payment_method_card").id,
                    "partner_id": self.customer_id,
                    "provider_ref": "pm_concurrent",
                    "payment_details": "4242",
                    "billing_is_test": True,
                    "billing_expires_on": Date.add(Date.today(), years=1),
                }
            )
            self.provider_id, self.token_id = provider.id, token.id

    def _delete_committed(self):
        with self._committing() as env, trap_jobs():
            attempts = env["service.charge.attempt"].search([("token_id", "=", self.token_id)])
            transactions = attempts.transaction_id
            attempts.unlink()
            transactions.unlink()
            env["payment.token"].browse(self.token_id).unlink()
            provider = env["payment.provider"].browse(self.provider_id)
            provider.write({name: self.before[name] for name in ("state", "billing_stripe_key")})
            provider.billing_stripe_webhook_secret = self.before["billing_stripe_webhook_secret"]
        super()._delete_committed()

    def _charge(self, env, invoice_id):
        window = env["service.charge.card"].create({"move_id": invoice_id, "token_id": self.token_id, "amount": 100.0})
        with trap_jobs():
            return window.action_confirm()

    def test_two_clicks_in_the_same_second_are_one_attempt(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[partial(self._charge, invoice_id=invoice_id)] * 2)

        self.assertEqual(
            sorted(result["type"] for result in results), ["ir.actions.act_window_close", "ir.actions.client"]
        )
        with self._committing() as env:
            attempt = env["service.charge.attempt"].search([("move_id", "=", invoice_id)])
            self.assertEqual((attempt.state, len(attempt)), ("waiting", 1))
