from odoo import api, fields, models
from odoo.tools import format_amount


class ServiceSend(models.TransientModel):
    _name = "service.send"
    _inherit = ["service.draft.findings"]
    _description = "Send Documents"

    draft_count = fields.Integer(string="Finalized and Sent", compute="_compute_totals")
    sent_count = fields.Integer(string="Sent", compute="_compute_totals")
    print_count = fields.Integer(string="To Print or Call", compute="_compute_totals")
    total_text = fields.Char(string="Total", compute="_compute_totals")
    attach_pdf = fields.Boolean(
        string="Attach the PDF", default=lambda self: self.env.user._get_billing_choice("billing_attach_pdf")
    )
    send_copy = fields.Boolean(
        string="Copy to Me", default=lambda self: self.env.user._get_billing_choice("billing_send_copy")
    )
    has_message = fields.Boolean(string="Add a Message")
    message = fields.Text()
    result = fields.Text(readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("move_ids")
    def _compute_totals(self):
        for wizard in self:
            drafts, sendable = wizard.move_ids._get_finalizable(), wizard.move_ids._get_sendable()
            documents = drafts | sendable
            wizard.draft_count = len(drafts)
            wizard.sent_count = len(sendable)
            wizard.print_count = len(documents.filtered(lambda move: not move._get_recipients()))
            wizard.total_text = " + ".join(
                format_amount(self.env, sum(moves.mapped("amount_total")), currency)
                for currency, moves in documents.grouped("currency_id").items()
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Queue what is finalized for sending, and let jobs finalize and send the drafts.

        :return: The page of the jobs where there are drafts, else what was not sent, and why.
        :rtype: dict
        """
        self.ensure_one()
        options = self._prepare_options()
        remarks = self.move_ids._get_sendable()._send_to_customer(**options)
        self.result = "\n".join(remarks.values()) or self.env._("All of them are on their way.")
        drafts = self.move_ids._get_finalizable()
        batches = drafts._finalize_and_send_in_background(**options)
        if batches and not remarks:
            return batches._get_records_action(name=self.env._("Finalizing and Sending"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sending"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("service_billing.service_send_view_form_result").id, "form")],
            "target": "new",
        }

    # === GETTERS === #

    def _prepare_options(self):
        """Return what `_send_to_customer` takes.

        :rtype: dict
        """
        return {
            "attach_pdf": self.attach_pdf,
            "copy_to": self.env.user.email_normalized if self.send_copy else None,
            "message": self.message if self.has_message else None,
        }
