from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import MoneyCommon


@tagged("post_install", "-at_install")
class TestInvoiceUnmanaged(MoneyCommon):
    """Documents that are not ours live as core wants."""

    def _assert_lives_as_core_wants(self, move):
        self.assertRecordValues(move, [{"billing_managed": False, "billing_status": False}])
        move.action_post()
        move.write({"ref": "Another order", "narration": "<p>Later</p>"})
        move.button_draft()
        move.button_cancel()
        move.button_draft()
        move.unlink()

    def test_invoice_of_a_company_that_does_not_take_part(self):
        self.company.billing_enabled = False

        self._assert_lives_as_core_wants(self._draft_invoice(100.0))

    def test_vendor_bill(self):
        self._assert_lives_as_core_wants(self._draft_invoice(100.0, move_type="in_invoice", invoice_date="2026-11-02"))

    def test_journal_entry(self):
        accounts = (self.company_data["default_account_expense"], self.company_data["default_account_revenue"])
        self._assert_lives_as_core_wants(
            self.env["account.move"].create(
                {
                    "move_type": "entry",
                    "line_ids": [
                        Command.create({"account_id": account.id, "balance": balance})
                        for account, balance in zip(accounts, (5.0, -5.0), strict=True)
                    ],
                }
            )
        )

    def test_credit_note_of_such_an_invoice_needs_no_reason(self):
        self.company.billing_enabled = False
        invoice = self._draft_invoice(100.0)
        invoice.action_post()

        self._credit_invoice(invoice, billing_credit_reason=False, reason=False).action_post()

        self.assertEqual(invoice.payment_state, "reversed")

    def test_taking_part_later_leaves_older_invoices_alone(self):
        self.company.billing_enabled = False
        draft, posted = self._draft_invoice(100.0), self._draft_invoice(100.0)
        posted.action_post()

        self.company.billing_enabled = True
        draft.action_post()
        posted.button_draft()

        self.assertEqual((draft + posted).mapped("billing_managed"), [False, False])
        self.assertTrue(self._draft_invoice(100.0).billing_managed)

    def test_taking_part_no_longer_keeps_finalized_invoices_locked(self):
        invoice = self._open_invoice(100.0)

        self.company.billing_enabled = False

        with self._refused():
            invoice.button_draft()

    def test_copy_of_an_older_invoice_is_managed(self):
        self.company.billing_enabled = False
        invoice = self._draft_invoice(100.0)
        self.company.billing_enabled = True

        self.assertTrue(invoice.copy().billing_managed)

    def test_invoices_that_were_there_first_stay_as_they_are(self):
        """Put the database back to before the add-on, and let it set up its columns again."""
        invoice = self._open_invoice(100.0)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE account_move DROP billing_managed CASCADE, DROP billing_status CASCADE")

        self.registry.init_models(self.env.cr, ["account.move"], {"module": "service_billing"}, install=True)
        self.env.invalidate_all()

        self.assertRecordValues(invoice, [{"billing_managed": False, "billing_status": False}])
        invoice.button_draft()
        self.assertEqual(invoice.state, "draft")

    def test_core_still_guards_what_it_guards(self):
        self.company.billing_enabled = False
        invoice = self._draft_invoice(100.0)
        invoice.action_post()

        with self.assertRaises(UserError):
            invoice.unlink()
