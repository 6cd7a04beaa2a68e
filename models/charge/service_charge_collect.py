from odoo import api, models


class ServiceCharge(models.Model):
    """From what goes on by itself to charges: agreements that recur, work on orders that stay open."""

    _inherit = "service.charge"

    # === BUSINESS METHODS - COLLECT === #

    @api.model
    def _collect(self, partners, company, until):
        """Make the charges that have become due and that nobody's click makes. Each source adds its own; running
        again makes none that is there.

        :param partners: The customers, commercial entities.
        :param company: The company that bills.
        :param date until: The last day that counts.
        :return: The new charges.
        :rtype: recordset of `service.charge`
        """
        return self.browse()

    @api.model
    def _get_collect_partners(self, company, until):
        """Return the customers for whom `_collect` would have something to do. Each source adds its own.

        :param company: The company that bills.
        :param date until: The last day that counts.
        :return: Commercial entities.
        :rtype: recordset of `res.partner`
        """
        return self.env["res.partner"]
