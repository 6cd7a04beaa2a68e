from odoo import models
from odoo.exceptions import UserError

MENDED_ON_THE_DRAFT = ("reference", "locked_period", "due_date", "backdated")


class AccountMove(models.Model):
    """What opens to mend a finding, or mends it where that takes no choice."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_fix_preflight(self, code):
        """Mend what a check found on the draft, or open exactly what is to be mended.

        :param str code: The code of a finding of `_get_preflight_findings`.
        :rtype: dict or None
        :raise UserError: If the draft itself is what is to be mended.
        """
        self.ensure_one()
        self.check_access("write")
        if code not in self._get_fixable_codes():
            raise UserError(self.env._("There is nothing to open for it: change the draft itself."))
        if code in MENDED_ON_THE_DRAFT:
            return self._get_fix_dialog(self, "service_billing.account_move_view_form_mend")
        return getattr(self, f"_fix_{code}")()

    # === BUSINESS METHODS - FIX === #

    def _fix_vat(self):
        return self._get_fix_dialog(self.commercial_partner_id)

    def _fix_einvoice(self):
        return self._get_fix_dialog(self.commercial_partner_id)

    def _fix_email(self):
        return self._get_fix_dialog(self.partner_id)

    def _fix_bounced(self):
        return self._get_fix_dialog(self.partner_id)

    def _fix_duplicate(self):
        duplicates = self._get_duplicates().get(self, self.browse())
        return duplicates._get_records_action(name=self.env._("Same Total"))

    def _fix_price(self):
        line = self._get_lines_without_price()[:1]
        if line.billing_is_charged:
            return line.action_view_charge()
        return self._get_fix_dialog(line, "service_billing.account_move_line_view_form_price")

    def _fix_tax(self):
        """Give the draft the fiscal position of its customer, and its lines the taxes that follow. Lines of charges
        have the taxes of their charge: there it asks which ones.
        """
        self.fiscal_position_id = self._get_usual_position(self.partner_id, self.partner_shipping_id)
        if any(self.invoice_line_ids.mapped("billing_is_charged")):
            return self.action_billing_set_tax()
        self.action_update_fpos_values()
        return None

    def _fix_unusual(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.account_move_action_invoices")
        domain = [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
        ]
        return {**action, "domain": domain, "context": {"create": False, "billing_pages": True}}

    def _fix_report(self):
        return self._get_unsigned_orders().sudo(False)._get_records_action(name=self.env._("Service Orders"))

    # === GETTERS === #

    def _get_fixable_codes(self):
        """Return the codes of the findings that have something to open.

        :rtype: set[str]
        """
        checks = {code for code, _label in self.env["service.preflight.rule"]._fields["check"].selection}
        return checks | set(MENDED_ON_THE_DRAFT)

    def _get_fix_dialog(self, record, view=None):
        view_id = self.env.ref(view).id if view else False
        return record._get_records_action(
            name=self.env._("Fix"), target="new", view_mode="form", views=[(view_id, "form")]
        )
