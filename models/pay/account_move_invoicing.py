from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices that stand in Stripe Invoicing too. A company that has none is not asked about it."""

    _inherit = "account.move"

    billing_stripe_invoice_state = fields.Char(compute="_compute_billing_stripe_invoice")
    billing_stripe_invoice_error = fields.Char(compute="_compute_billing_stripe_invoice")
    billing_is_at_stripe = fields.Boolean(compute="_compute_billing_stripe_invoice")

    # === COMPUTE METHODS === #

    def _compute_billing_stripe_invoice(self):
        # In sudo mode because whoever sees the invoice may see how it stands at Stripe.
        mirrored = {one.move_id.id: one for one in self.sudo()._get_stripe_invoices()}
        for move in self:
            own = mirrored.get(move._origin.id)
            move.billing_stripe_invoice_state = own.state if own else False
            move.billing_stripe_invoice_error = own.error if own else False
            move.billing_is_at_stripe = bool(own and own.invoice_ref)

    # === ACTION METHODS === #

    def action_billing_stripe_page(self):
        """Open Stripe's page of the invoice.

        :rtype: dict
        :raise UserError: If Stripe does not have it.
        """
        return self._get_stripe_address_action("hosted_invoice_url")

    def action_billing_stripe_pdf(self):
        """Open Stripe's PDF of the invoice.

        :rtype: dict
        :raise UserError: If Stripe does not have it.
        """
        return self._get_stripe_address_action("invoice_pdf")

    def action_billing_stripe_again(self):
        """Have a job try again what Stripe refused.

        :return: A notice.
        :rtype: dict
        :raise UserError: If nothing failed.
        """
        self.ensure_one()
        self.check_access("write")
        # In sudo mode because nobody writes by hand how an invoice stands at Stripe.
        self._get_stripe_invoices().sudo()._retry()
        return self._get_notice(self.env._("It is tried again in a moment."))

    # === BUSINESS METHODS - INVOICING === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._start_stripe_invoices()
        return posted

    def _start_stripe_invoices(self):
        """Write down that the invoices go to Stripe, and let jobs make them there."""
        invoices = self.filtered(lambda move: move._is_for_stripe())
        # In sudo mode because nobody writes by hand how an invoice stands at Stripe.
        mirrored_sudo = self.env["service.stripe.invoice"].sudo()
        known = invoices._get_stripe_invoices().move_id
        values = []
        for company, moves in (invoices - known).grouped("company_id").items():
            provider = company._get_stripe_provider()
            values += [
                {"move_id": move.id, "company_id": company.id, "provider_id": provider.id}
                for move in moves
                if provider._takes(move.currency_id)
            ]
        if values:
            mirrored_sudo.create(values)._enqueue()

    def _update_paid_by(self):
        """Let Stripe know also that less is due."""
        super()._update_paid_by()
        # In sudo mode because whoever records a payment need not see how the invoice stands at Stripe.
        self.sudo()._get_stripe_invoices().filtered(lambda one: one.state not in ("paid", "void"))._enqueue()

    # === GETTERS === #

    def _is_for_stripe(self):
        """Tell whether an invoice goes to Stripe when it is finalized.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return (
            self.company_id.billing_stripe_invoicing
            and self.billing_managed
            and self.move_type == "out_invoice"
            and not self._is_void()
            and self.currency_id.compare_amounts(self.amount_residual, 0.0) > 0
        )

    def _get_stripe_invoices(self):
        """Return how the documents stand at Stripe, without looking for companies of which none ever went there.

        :rtype: recordset of `service.stripe.invoice`
        """
        mirrored = self.env["service.stripe.invoice"]
        asked = self.filtered(lambda move: move.company_id.billing_has_stripe_invoices)
        return mirrored.search([("move_id", "in", asked.ids)]) if asked else mirrored

    def _get_stripe_address_action(self, name):
        self.ensure_one()
        self.check_access("read")
        mirrored = self._get_stripe_invoices().filtered("invoice_ref")
        if not mirrored:
            raise UserError(self.env._("Stripe does not have %(number)s.", number=self.display_name))
        return {"type": "ir.actions.act_url", "url": mirrored._get_address(name), "target": "new"}
