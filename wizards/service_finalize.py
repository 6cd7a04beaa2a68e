from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class ServiceFinalize(models.TransientModel):
    _name = "service.finalize"
    _inherit = ["service.draft.findings"]
    _description = "Finalize Drafts"

    draft_count = fields.Integer(string="Drafts", compute="_compute_totals")
    total_text = fields.Char(string="Total", compute="_compute_totals")
    left_out_text = fields.Char(string="Left out", compute="_compute_totals")

    # === COMPUTE METHODS === #

    @api.depends("move_ids")
    def _compute_totals(self):
        for wizard in self:
            drafts = wizard.move_ids._get_finalizable()
            wizard.draft_count = len(drafts)
            wizard.total_text = " + ".join(
                format_amount(self.env, sum(moves.mapped("amount_total")), currency)
                for currency, moves in drafts.grouped("currency_id").items()
            )
            wizard.left_out_text = wizard._get_left_out_text(drafts)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Finalize the drafts in the background, and open the page that shows how far that is.

        :rtype: dict
        :raise UserError: If somebody else finalized or queued them all meanwhile.
        """
        self.ensure_one()
        batches = self.move_ids._finalize_in_background()
        if not batches:
            raise UserError(self.env._("Somebody else finalized these drafts, or queued them, meanwhile."))
        return batches._get_records_action(name=self.env._("Finalizing"))

    # === GETTERS === #

    def _get_left_out_text(self, drafts):
        others = self.move_ids - drafts
        queued = others._get_queued()
        finalized = others.filtered(lambda move: move.state == "posted")
        texts = []
        if finalized:
            texts.append(self.env._("%(count)s finalized already", count=len(finalized)))
        if queued:
            texts.append(self.env._("%(count)s waiting in another batch", count=len(queued)))
        if others - queued - finalized:
            texts.append(self.env._("%(count)s cancelled", count=len(others - queued - finalized)))
        return ", ".join(texts)
