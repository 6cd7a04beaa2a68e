from odoo import models


class AccountMove(models.Model):
    """Credit notes whose work is billed again: its charges open when they are finalized, and go when they are void."""

    _inherit = "account.move"

    # === BUSINESS METHODS - BILL AGAIN === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        credit_notes = posted.filtered(lambda move: move.billing_managed and move.move_type == "out_refund")
        if credit_notes:
            credit_notes._get_charge_credits()._bill_again()
        return posted

    def _get_void_constraints(self):
        constraints = super()._get_void_constraints()
        charges = self._get_charge_credits().again_charge_id
        invoiced = charges.filtered(lambda charge: charge.state == "invoiced")
        if invoiced:
            constraints["billed_again"] = self.env._(
                "What it takes back is billed again on %(invoice)s: credit that first.",
                invoice=invoiced[0].invoice_id.display_name,
            )
        return constraints

    def _settle_charges(self, text, *, release):
        charges = self._get_charge_credits().again_charge_id
        charges._take_off_draft()
        charges.unlink()
        super()._settle_charges(text, release=release)

    # === GETTERS === #

    def _get_charge_credits(self):
        """Return what credit notes take back of charges.

        :return: In sudo mode, because whoever makes the credit note may not read the ledger.
        :rtype: recordset of `service.charge.credit`
        """
        return self.env["service.charge.credit"].sudo().search([("credit_note_id", "in", self.ids)])
