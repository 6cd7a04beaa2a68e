from .common_money import MoneyCommon


class CreditCommon(MoneyCommon):
    """A customer whose credit pays invoices by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_use_credit = True
        cls.bank = cls.company_data["default_journal_bank"]

    @classmethod
    def _prepay(cls, amount, *, user=None, **values):
        """Let the biller record a payment without an invoice through the window, and return it."""
        user = user or cls.biller
        wizard = (
            cls.env["service.prepayment"]
            .with_user(user)
            .with_company(user.company_id)
            .create({"partner_id": cls.customer.id, "amount": amount, **values})
        )
        wizard.action_confirm()
        return wizard.payment_id

    @classmethod
    def _goodwill(cls, amount, **values):
        credit_note = cls._draft_invoice(
            amount,
            move_type="out_refund",
            billing_credit_reason="goodwill",
            billing_credit_text="Waited two hours",
            **values,
        )
        credit_note.action_billing_finalize()
        return credit_note

    def _get_balance(self, company=None):
        self.env.invalidate_all()
        balance = self.customer.with_company(company or self.company)._get_credit_balance()
        return {currency.name: amount for currency, amount in balance.items()}

    def _get_receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
