from odoo import fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html


class ServiceDraftLine(models.Model):
    """One customer of a batch, and the draft that was made."""

    _name = "service.draft.line"
    _description = "Invoice for Many Customers: Customer"
    _inherit = ["service.batch.document.mixin"]
    _order = "state desc, id"
    _rec_name = "partner_id"

    batch_id = fields.Many2one("service.draft.batch", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, precompute=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(string="Invoice", index="btree_not_null", ondelete="set null")

    _partner_uniq = models.UniqueIndex("(batch_id, partner_id)", "The customer is in this batch already.")

    # === BUSINESS METHODS - JOBS === #

    def _process(self):
        move = self.env["account.move"].with_company(self.company_id).create(self._prepare_invoice_values())
        # In sudo mode to write the link to the draft, which nobody may write by hand.
        self.sudo().move_id = move

    # === GETTERS === #

    def _prepare_invoice_values(self, **extra):
        """Prepare the customer's draft.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        batch = self.batch_id
        values = {
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "currency_id": batch.currency_id.id,
            "invoice_date": batch.invoice_date,
            "invoice_user_id": self.env.uid,
            "invoice_line_ids": [
                Command.create(item._prepare_invoice_line_values(self.partner_id)) for item in batch.item_ids
            ],
        }
        if batch.note:
            values["narration"] = plaintext2html(batch.note)
        return {**values, **extra}

    def _get_job_description(self):
        return self.env._("Draft an invoice for %(customer)s", customer=self.partner_id.display_name)
