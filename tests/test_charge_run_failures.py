from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.service_billing.models.print import chromium

from .common_billing_run import BillingRunCommon


@tagged("post_install", "-at_install")
class TestRunFailures(BillingRunCommon):
    """What fails after an invoice is made bills nothing again."""

    def setUp(self):
        super().setUp()
        self.charge = self._charge()
        self._run(self._preview(partner_ids=self.customer.ids))
        self.invoice = self._get_drafts().with_user(self.biller)
        self.invoice.action_billing_finalize()

    def assert_billed_once(self):
        self.assertEqual((self.charge.state, self.invoice.state), ("invoiced", "posted"))
        self.assertFalse(self._preview(partner_ids=self.customer.ids).line_ids)
        self.assertEqual(len(self._get_drafts()), 1)

    def test_failing_pdf_bills_nothing_again(self):
        reports = self.env["ir.actions.report"].with_user(self.biller).with_context(force_report_rendering=True)

        with patch.object(chromium, "BROWSERS", ("false",)), self.assertRaises(UserError):
            reports._render_qweb_pdf("account.account_invoices", self.invoice.ids)

        self.assert_billed_once()
