from functools import partial

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestAuditRefusal(ConcurrentCase):
    """Attempts are written down in a transaction of their own: what is tested is what others see afterwards."""

    def _get_refusals(self, invoice_id):
        with self._committing() as env:
            return env["service.billing.refusal"].search([("res_id", "=", invoice_id)]).mapped("reason")

    def _change(self, env, invoice_id, values):
        env["account.move"].browse(invoice_id).write(values)

    def _delete(self, env, invoice_id):
        env["account.move"].browse(invoice_id).unlink()

    def test_refused_changes_and_deletions_stay_in_the_log(self):
        invoice_id = self._commit_invoice(100.0)
        line = Command.create({"name": "More", "price_unit": 1.0})

        results = [
            *self._at_once(partial(self._change, invoice_id=invoice_id, values={"ref": "Other"})),
            *self._at_once(partial(self._change, invoice_id=invoice_id, values={"invoice_line_ids": [line]})),
            *self._at_once(partial(self._delete, invoice_id=invoice_id)),
        ]

        self.assertEqual([type(result) for result in results], [UserError] * 3)
        self.assertEqual(self._get_refusals(invoice_id), [str(result) for result in reversed(results)])
        with self._committing() as env:
            refusal = env["service.billing.refusal"].search([("res_id", "=", invoice_id)], limit=1)
            self.assertEqual(refusal.user_id, self.biller_id)
            self.assertEqual(refusal.res_name, env["account.move"].browse(invoice_id).name)
            self.assertEqual(
                env["service.billing.event"].search([("res_id", "=", invoice_id)]).mapped("kind"), ["finalized"]
            )

    def test_attempts_at_once_are_all_in_the_log(self):
        invoice_id = self._commit_invoice(100.0)

        self._at_once(*[partial(self._change, invoice_id=invoice_id, values={"ref": "Other"})] * 4)

        self.assertEqual(len(self._get_refusals(invoice_id)), 4)

    def test_change_of_a_draft_is_no_attempt(self):
        invoice_id = self._commit_draft(100.0)

        self._at_once(partial(self._change, invoice_id=invoice_id, values={"ref": "Other"}))

        self.assertFalse(self._get_refusals(invoice_id))

    def test_log_of_attempts_stays_as_it_is(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self._committing() as env:
            env.cr.execute("DELETE FROM service_billing_refusal")
