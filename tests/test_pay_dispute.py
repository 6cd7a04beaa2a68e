import io
import json
import zipfile

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_refund import RefundCommon


@tagged("post_install", "-at_install")
class TestDispute(RefundCommon):
    """Customers who ask their bank for the money back."""

    def _dispute(self, invoice, **values):
        """Return the dispute of an invoice that is paid by card."""
        payment = self._pay_by_card(invoice)
        self.double.dispute(payment.provider_reference, **values)
        self._sync()
        return self.env["service.dispute"].with_user(self.biller).search([("move_ids", "in", invoice.ids)])

    def _close(self, dispute, status):
        self.double.close_dispute(dispute.dispute_ref, status)
        self._sync()

    def _get_open(self, dispute):
        return sum(dispute.sudo()._get_receivables().mapped("amount_residual"))

    def test_dispute_flags_the_invoice_and_is_in_the_books(self):
        invoice = self._open_invoice(60.0)

        dispute = self._dispute(invoice)
        self._sync()

        self.assertRecordValues(dispute, [{"amount": 60.0, "taken": 60.0, "fee": 20.0, "status": "needs_response"}])
        self.assertTrue(invoice.billing_has_dispute)
        self.assertIn(invoice, self.env["account.move"].search([("billing_has_dispute", "=", True)]))
        self.assertEqual(len(dispute.sudo().entry_ids), 1)
        self.assertAlmostEqual(self._get_open(dispute), 60.0)
        self.assertFalse(invoice.amount_residual)
        self.assertTrue(dispute.activity_ids)
        events = self.env["service.billing.event"].search([("kind", "=", "disputed"), ("res_id", "=", invoice.id)])
        self.assertEqual(len(events), 1)

    def test_dispute_that_is_won_gives_the_money_back(self):
        invoice = self._open_invoice(60.0)
        dispute = self._dispute(invoice)

        self._close(dispute, "won")
        self._sync()

        self.assertRecordValues(dispute, [{"taken": 0.0, "fee": 0.0, "status": "won", "is_open": False}])
        self.assertFalse(self._get_open(dispute))
        self.assertFalse(invoice.billing_has_dispute)
        self.assertFalse(dispute.activity_ids)
        clearing = self.provider._get_clearing_account()
        lines = dispute.sudo().entry_ids.line_ids.filtered(lambda line: line.account_id == clearing)
        self.assertAlmostEqual(sum(lines.mapped("balance")), 0.0)

    def test_lost_dispute_makes_the_invoice_due_again(self):
        invoice = self._open_invoice(60.0)
        dispute = self._dispute(invoice)
        with self.assertRaises(AccessError):
            dispute.action_make_due()
        dispute = dispute.with_user(self.bookkeeper)
        with self._refused():
            dispute.action_make_due()
        self._close(dispute, "lost")

        dispute.action_make_due()
        notice = dispute.action_make_due()

        self.assertTrue(notice)
        self.assertAlmostEqual(invoice.amount_residual, 60.0)
        self.assertFalse(self._get_open(dispute))
        self.assertFalse(invoice.billing_has_dispute)

    def test_dispute_of_a_part_makes_that_part_due_again(self):
        invoice = self._open_invoice(60.0)
        dispute = self._dispute(invoice, amount=20_00)
        self._close(dispute, "lost")

        dispute.with_user(self.bookkeeper).action_make_due()

        self.assertAlmostEqual(invoice.amount_residual, 20.0)

    def test_lost_dispute_is_written_off_by_a_manager_only(self):
        invoice = self._open_invoice(60.0)
        dispute = self._dispute(invoice)
        self._close(dispute, "lost")

        with self.assertRaises(AccessError):
            dispute.action_write_off()
        dispute.with_user(self.manager).action_write_off()

        self.assertEqual(invoice.billing_status, "uncollectible")
        self.assertEqual(dispute.decision, "written_off")

    def test_evidence_holds_what_shows_that_the_work_was_done(self):
        order = self._done_order(hours=1)
        self.env["ir.attachment"].create(
            {"name": "photo.png", "raw": b"photo", "res_model": order._name, "res_id": order.id}
        )
        invoice = self._finalize_order(order)
        dispute = self._dispute(invoice)

        dispute.action_evidence()

        kept = self.env["ir.attachment"].search([("res_model", "=", "service.dispute"), ("res_id", "=", dispute.id)])
        with zipfile.ZipFile(io.BytesIO(kept.raw)) as archive:
            names = archive.namelist()
            payment = json.loads(archive.read("payment.json"))
        endings = (".pdf", "report.pdf", "photo.png", "audit-trail.json", "mails.csv")
        self.assertTrue(all(any(name.endswith(ending) for name in names) for ending in endings), names)
        self.assertEqual(payment["payment_intent"], invoice.sudo().transaction_ids.provider_reference)

    def test_other_company_does_not_see_the_dispute(self):
        dispute = self._dispute(self._open_invoice(60.0))
        self._set_up_second_company()

        self.assertFalse(dispute.with_user(self.second_biller).search([("id", "=", dispute.id)]))
