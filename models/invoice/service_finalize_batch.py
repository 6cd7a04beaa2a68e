from odoo import fields, models
from odoo.tools import format_datetime


class ServiceFinalizeBatch(models.Model):
    """Drafts that are finalized in the background: a line and a job each."""

    _name = "service.finalize.batch"
    _description = "Finalizing in the Background"
    _inherit = ["service.batch.mixin"]
    _order = "id desc"

    line_ids = fields.One2many("service.finalize.line", "batch_id", string="Invoices", readonly=True)

    # === COMPUTE METHODS === #

    def _compute_display_name(self):
        for batch in self:
            moment = format_datetime(self.env, batch.create_date, dt_format="short") if batch.create_date else ""
            batch.display_name = self.env._("Finalizing of %(moment)s", moment=moment)

    # === ACTION METHODS === #

    def action_view_drafts(self):
        """Open the documents that could not be finalized.

        :rtype: dict
        """
        self.ensure_one()
        failed = self.line_ids.filtered(lambda line: line.state == "failed")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices"),
            "name": self.env._("Not Finalized"),
            "domain": [("id", "in", failed.move_id.ids)],
            "context": {"create": False},
        }
