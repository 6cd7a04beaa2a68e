from odoo.fields import Command, Date

from .common_money import MoneyCommon


class StatusCommon(MoneyCommon):
    """Invoices that are taken back, written off and corrected."""

    @classmethod
    def _void(cls, move, *, user=None, **values):
        """Let the biller void a document through the window."""
        wizard = cls.env["service.void"].with_user(user or cls.biller)
        return wizard.create(
            {"move_id": move.id, "reason": "duplicate", "text": "Billed before.", **values}
        ).action_confirm()

    @classmethod
    def _write_off(cls, invoice, *, user=None, **values):
        """Let the manager write an invoice off through the window."""
        wizard = cls.env["service.write.off"].with_user(user or cls.manager)
        return wizard.create(
            {"move_id": invoice.id, "reason": "insolvent", "text": "No quota.", **values}
        ).action_confirm()

    @classmethod
    def _pay_late(cls, invoice, amount, **values):
        """Let the biller record what came in for an invoice that was written off."""
        wizard = cls.env["service.late.payment"].with_user(cls.biller)
        wizard.create({"move_id": invoice.id, "amount": amount, "date": Date.today(), **values}).action_confirm()

    @classmethod
    def _correct_invoice(cls, invoice, **values):
        """Return the draft that comes of the biller's correction."""
        wizard = cls.env["service.correct"].with_user(cls.biller)
        action = wizard.create({"move_id": invoice.id, "text": "Wrong price.", **values}).action_confirm()
        return cls.env["account.move"].with_user(cls.biller).browse(action["res_id"])

    @classmethod
    def _create_transaction(cls, invoice, amount, *, state):
        """Return an online payment of the invoice, as a provider's notification leaves it."""
        transactions = cls.env["payment.transaction"]
        provider = cls.env["payment.provider"].create(
            {
                "name": "Cards",
                "state": "test",
                "company_id": cls.company.id,
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        return transactions.create(
            {
                "provider_id": provider.id,
                "payment_method_id": cls.env["payment.method"].with_context(active_test=False).search([], limit=1).id,
                "amount": amount,
                "currency_id": invoice.currency_id.id,
                "partner_id": cls.customer.id,
                "invoice_ids": [Command.link(invoice.id)],
                "operation": "online_redirect",
                "state": state,
                "reference": f"card-{transactions.search_count([])}",
            }
        )

    def _assert_balanced(self, *moves):
        for move in moves:
            self.assertEqual(move.company_currency_id.round(sum(move.sudo().line_ids.mapped("balance"))), 0.0)
