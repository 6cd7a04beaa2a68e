from functools import partial

from odoo.tests import tagged

from .common_concurrent import ConcurrentCase

WRITERS = 8


@tagged("post_install", "-at_install")
class TestAuditAtOnce(ConcurrentCase):
    """People who do something to the same document at the same second."""

    def _log(self, env, kind, invoice_id, once_key=None):
        return len(env["service.billing.event"]._log(kind, env["account.move"].browse(invoice_id), once_key=once_key))

    def _get_sequences(self, invoice_id):
        with self._committing() as env:
            events = env["service.billing.event"].search([("res_id", "=", invoice_id)], order="sequence")
            return events.mapped("sequence")

    def test_eight_writers_make_one_chain(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[partial(self._log, kind="viewed", invoice_id=invoice_id)] * WRITERS)

        self.assertEqual(results, [1] * WRITERS)
        self.assertEqual(self._get_sequences(invoice_id), list(range(1, WRITERS + 2)))

    def test_what_happens_once_is_logged_once_by_two_at_once(self):
        invoice_id = self._commit_invoice(100.0)

        results = self._at_once(*[partial(self._log, kind="overdue", invoice_id=invoice_id, once_key="overdue:1")] * 2)

        self.assertEqual(sorted(results), [0, 1])
        self.assertEqual(self._get_sequences(invoice_id), [1, 2])
