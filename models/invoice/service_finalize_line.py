from odoo import fields, models
from odoo.exceptions import UserError


class ServiceFinalizeLine(models.Model):
    """One draft of a batch, to be finalized in its own transaction."""

    _name = "service.finalize.line"
    _description = "Finalizing in the Background: Document"
    _inherit = ["service.batch.document.mixin"]
    _order = "state desc, id"
    _rec_name = "move_id"

    batch_id = fields.Many2one("service.finalize.batch", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    move_id = fields.Many2one(required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="move_id.commercial_partner_id", string="Customer")

    _move_uniq = models.UniqueIndex("(batch_id, move_id)", "The document is in this batch already.")

    # === BUSINESS METHODS - JOBS === #

    def _process(self):
        move = self.move_id
        move.lock_for_update()
        if move.state == "posted":
            return self.env._("Already finalized as %(number)s.", number=move.name)
        if move.state == "cancel":
            raise UserError(self.env._("The draft was cancelled."))
        move.action_billing_finalize()
        return None

    # === GETTERS === #

    def _get_job_description(self):
        return self.env._("Finalize %(document)s", document=self.move_id.display_name)
