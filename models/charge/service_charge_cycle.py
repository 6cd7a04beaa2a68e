from odoo import api, models

from ..settings.row_lock import touch_rows


class ServiceCharge(models.Model):
    """Charges of time on orders that stay open, made when their cycle comes."""

    _inherit = "service.charge"

    # === BUSINESS METHODS - COLLECT === #

    @api.model
    def _collect(self, partners, company, until):
        charges = super()._collect(partners, company, until)
        # In sudo mode to write the ledger, which nobody may write by hand.
        lines_sudo = self.env["service.order.line"].sudo()._search_cycle_work(company, until)
        lines_sudo = lines_sudo.filtered(lambda line: line._get_billed_address().commercial_partner_id in partners)
        # Whoever corrects this time or finishes its order at the same moment does so again, and sees the charges.
        touch_rows(lines_sudo.order_id)
        touch_rows(lines_sudo)
        lines_sudo._apply_to_charges()
        return charges | lines_sudo.charge_ids.sudo(self.env.su)

    @api.model
    def _get_collect_partners(self, company, until):
        lines_sudo = self.env["service.order.line"].sudo()._search_cycle_work(company, until)
        partners = self.env["res.partner"].union(
            *(line._get_billed_address().commercial_partner_id for line in lines_sudo)
        )
        return super()._get_collect_partners(company, until) | partners

    # === BUSINESS METHODS - ORDERS === #

    def _waits_for_done(self):
        """Time that is billed while its order is open waits for nothing."""
        by_cycle = self.kind == "labor" and self.order_id.type_id.bill_on == "cycle"
        return not by_cycle and super()._waits_for_done()
