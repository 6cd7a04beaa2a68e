from odoo import fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Merging customers: what is theirs follows, what is sealed stays under its name."""

    _inherit = "res.partner"

    billing_alias_of_id = fields.Many2one(
        comodel_name="res.partner",
        string="Alias Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The customer is billed under this name; sealed documents stay with the old one.",
    )

    # === BUSINESS METHODS - MERGE === #

    def _check_mergeable(self, target):
        """Make sure that no sealed document would change its customer.

        :param target: The partner that stays.
        :raise UserError: If one would; the sentence says what to do instead.
        """
        sealed = self._filter_sealed()[:1]
        if sealed:
            raise UserError(
                self.env._(
                    "%(customer)s has sealed documents: keep it as an alias of %(target)s instead.",
                    customer=sealed.display_name,
                    target=target.display_name,
                )
            )

    def _give_way_to(self, target):
        """Leave to the partner that stays what there is once a customer: the billing cycle, the place in a batch. What
        finalized documents print of their customer stays.

        :param target: The partner that stays.
        """
        self.env["account.move"]._keep_printed_customers(self)
        # In sudo mode because whoever merges customers may see neither other companies nor billing.
        profiles_sudo = self.env["service.billing.profile"].sudo().search([("partner_id", "in", (self | target).ids)])
        for profiles in profiles_sudo.grouped("company_id").values():
            kept = profiles.sorted(lambda profile: (profile.cycle == "none", profile.partner_id != target))[:1]
            (profiles - kept).unlink()
        lines_sudo = self.env["service.draft.line"].sudo().search([("partner_id", "in", (self | target).ids)])
        for lines in lines_sudo.grouped("batch_id").values():
            kept = lines.sorted(lambda line: (not line.move_id, line.partner_id != target))[:1]
            (lines - kept).unlink()

    def _keep_as_alias(self, target):
        """Archive the partners, which stay with their documents, and link them to the one that is billed from now on.

        :param target: The partner that stays.
        :raise UserError: If one of them still has work to be billed.
        """
        self.check_access("write")
        for partner in self:
            partner._check_nothing_to_bill()
        self.write({"billing_alias_of_id": target.id, "active": False})
        for partner in self:
            partner.message_post(body=self.env._("Kept as an alias of %(target)s.", target=target.display_name))
        names = ", ".join(self.mapped("display_name"))
        target.message_post(body=self.env._("Has the alias %(names)s, with documents of its own.", names=names))

    def _check_nothing_to_bill(self):
        # In sudo mode because whoever merges customers may not see billing.
        charges = (
            self.env["service.charge"]
            .sudo()
            .search_count([("partner_id", "=", self.id), ("state", "in", ("pending", "open", "drafted"))], limit=1)
        )
        subscriptions = (
            self.env["service.subscription"]
            .sudo()
            .search_count([("partner_id", "=", self.id), ("state", "in", ("active", "paused"))], limit=1)
        )
        if charges or subscriptions:
            raise UserError(
                self.env._(
                    "%(customer)s still has work to be billed: bill or end it first.", customer=self.display_name
                )
            )

    # === GETTERS === #

    def _filter_sealed(self):
        """Return those of the partners that stand on sealed documents.

        :rtype: recordset of `res.partner`
        """
        # In sudo mode because the documents of all companies count.
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group([("partner_id", "in", self.ids), ("move_id.inalterable_hash", "!=", False)], ["partner_id"])
        )
        sealed = {partner.id for (partner,) in groups}
        return self.filtered(lambda partner: partner.id in sealed)
