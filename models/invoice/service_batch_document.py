from odoo import fields, models


class ServiceBatchDocumentMixin(models.AbstractModel):
    """A line of a batch that makes or finalizes one document."""

    _name = "service.batch.document.mixin"
    _description = "Work in the Background: Document"
    _inherit = ["service.batch.line.mixin"]

    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_total = fields.Monetary(string="Amount", compute="_compute_amount_total")

    # === COMPUTE METHODS === #

    def _compute_amount_total(self):
        # Without dependencies: every invoice that is written would look for its line here.
        for line in self:
            line.amount_total = line.move_id.amount_total

    # === GETTERS === #

    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"batch_id", "partner_id", "move_id"}
