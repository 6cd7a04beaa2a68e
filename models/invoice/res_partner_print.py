from markupsafe import Markup

from odoo import api, models


class ResPartner(models.Model):
    """Customers whose name or address changes: their finalized documents keep the old one."""

    _inherit = "res.partner"

    # === CRUD METHODS === #

    def write(self, vals):
        changed = self.filtered(lambda partner: partner._will_print_otherwise(vals))
        if changed:
            everybody = self.with_context(active_test=False).sudo().search([("id", "child_of", changed.ids)])
            self.env["account.move"]._keep_printed_customers(everybody)
        return super().write(vals)

    # === GETTERS === #

    @api.model
    def _get_printed_fields(self):
        """Return the fields of a customer that invoices print.

        :rtype: set[str]
        """
        return {
            "name", "street", "street2", "zip", "city", "state_id", "country_id", "vat", "parent_id",
            "company_name", "is_company",
        }  # fmt: skip

    def _will_print_otherwise(self, vals):
        """Tell whether writing the values changes what invoices print of the customer.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        touched = self._get_printed_fields() & vals.keys()
        return any(self._fields[name].convert_to_write(self[name], self) != (vals[name] or False) for name in touched)

    def _get_print_address(self, lang):
        """Return name and address as documents print them.

        Note: `self.ensure_one()`

        :param str lang: The language of country names.
        :rtype: Markup
        """
        self.ensure_one()
        converter = self.env["ir.qweb.field.contact"].with_context(lang=lang)
        options = {"fields": ["address", "name"], "no_marker": True}
        return Markup(converter.value_to_html(self.with_context(lang=lang), options))
