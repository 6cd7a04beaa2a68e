from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_status import StatusCommon


@tagged("post_install", "-at_install")
class TestPayCollection(StatusCommon):
    """Where an invoice is paid: online or to a bank account, and to which one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_collection = "online"

    def _open_page(self, **values):
        """Return an invoice with a page on which it can be paid online."""
        invoice = self._open_invoice(100.0, **values)
        self._create_transaction(invoice, 100.0, state="draft").billing_checkout_ref = f"cs_{invoice.id}"
        return invoice

    def test_switching_an_invoice_to_bank_transfer_closes_its_page(self):
        invoice, other = self._open_page(), self._open_page()

        with trap_jobs() as trap:
            invoice.billing_collection = "manual"

        trap.assert_jobs_count(1, only=invoice.sudo().transaction_ids._job_expire_checkout)
        self.assertFalse(invoice._has_to_be_paid())
        self.assertTrue(other._is_paid_online())

    def test_switching_an_invoice_to_online_closes_nothing(self):
        invoice = self._open_page()

        with trap_jobs() as trap:
            invoice.billing_collection = "online"

        trap.assert_jobs_count(0)

    def test_switching_the_company_closes_all_pages_but_those_of_invoices_that_say_otherwise(self):
        invoice = self._open_page()
        self._open_page(billing_collection="online")

        with trap_jobs() as trap:
            self.company.billing_collection = "manual"

        trap.assert_jobs_count(1)
        trap.assert_jobs_count(1, only=invoice.sudo().transaction_ids._job_expire_checkout)

    def test_account_in_the_currency_of_the_invoice_goes_before_any_other(self):
        euro = self.setup_other_currency("EUR")
        accounts = self.env["res.partner.bank"].create(
            [
                {"acc_number": "1000", "partner_id": self.company.partner_id.id, "sequence": 1},
                {
                    "acc_number": "2000",
                    "partner_id": self.company.partner_id.id,
                    "currency_id": euro.id,
                    "clearing_number": "021000021",
                    "sequence": 2,
                },
            ]
        )

        self.assertEqual(self._draft_invoice(100.0).partner_bank_id, accounts[0])
        invoice = self._draft_invoice(100.0, currency_id=euro.id)
        self.assertEqual(invoice.partner_bank_id, accounts[1])
        self.assertEqual(invoice._get_print_account()["routing"], "021000021")
