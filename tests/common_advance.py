from .common_quotation import QuotationCommon


class AdvanceCommon(QuotationCommon):
    """Orders with a billing plan. All work of a quoted order, done as planned, comes to 358.80 with its tax of 15 %."""

    @classmethod
    def _plan(cls, order, **values):
        """Return a milestone of the biller's: a deposit of 30 % unless the values say otherwise."""
        return cls.env["service.order.milestone"].with_user(cls.biller).create({"order_id": order.id, **values})

    @classmethod
    def _invoice_deposit(cls, order, **values):
        """Return the finalized invoice of a deposit."""
        milestone = cls._plan(order, **values)
        milestone.action_bill()
        invoice = milestone.charge_ids._create_invoices()
        invoice.action_billing_finalize()
        return invoice

    @classmethod
    def _finish(cls, order, *, hours=3, parts=2):
        """Let the technician do what was planned, or so many hours and parts of it."""
        cls._log(order, hours=hours, parts=parts)
        order.with_user(cls.technician).action_done()
        order.plan_reason = "Agreed on site."

    def _deductions(self, invoice):
        return invoice.sudo().billing_charge_ids.filtered(lambda charge: charge.kind == "deduction")
