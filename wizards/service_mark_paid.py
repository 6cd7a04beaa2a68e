from odoo import fields, models


class ServiceMarkPaid(models.TransientModel):
    _name = "service.mark.paid"
    _description = "Mark Invoices as Paid"

    move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Invoices",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    note = fields.Text(string="Reason")

    # === ACTION METHODS === #

    def action_confirm(self):
        """Take it that the invoices are paid.

        :return: A notice where all of them were paid already.
        :rtype: dict
        """
        self.ensure_one()
        notice = self.move_ids._mark_paid(self.note or "")
        return notice or {"type": "ir.actions.act_window_close"}
