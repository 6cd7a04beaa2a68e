from odoo import models


class ResCompany(models.Model):
    """Whether customers pay online, where the invoice does not say it."""

    _inherit = "res.company"

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if vals.get("billing_collection") == "manual":
            self._expire_checkouts()
        return res

    # === BUSINESS METHODS - PAYMENTS === #

    def _expire_checkouts(self):
        """Close the pages on which invoices could be paid online, unless the invoice itself says so."""
        # In sudo mode because whoever sets this up may not read transactions.
        invoices_sudo = self.env["account.move"].sudo()
        domain = [
            ("company_id", "in", self.ids),
            ("billing_collection", "=", False),
            ("transaction_ids.state", "=", "draft"),
        ]
        invoices_sudo.search(domain)._expire_checkouts()
