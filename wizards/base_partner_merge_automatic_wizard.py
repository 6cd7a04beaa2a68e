from odoo import api, fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    billing_is_sealed = fields.Boolean(compute="_compute_billing_is_sealed")

    # === COMPUTE METHODS === #

    @api.depends("partner_ids", "dst_partner_id")
    def _compute_billing_is_sealed(self):
        for wizard in self:
            duplicates = wizard.partner_ids._origin - wizard.dst_partner_id._origin
            wizard.billing_is_sealed = bool(duplicates._filter_sealed())

    # === ACTION METHODS === #

    def action_billing_keep_alias(self):
        """Keep the partners beside the one that stays, as its aliases."""
        self.ensure_one()
        (self.partner_ids - self.dst_partner_id)._keep_as_alias(self.dst_partner_id)
        return self.action_skip()

    # === BUSINESS METHODS - MERGE === #

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) > 1:
            is_given = dst_partner and dst_partner in partners
            target = dst_partner if is_given else self._get_ordered_partner(partners.ids)[-1]
            (partners - target)._check_mergeable(target)
            (partners - target)._give_way_to(target)
        return super()._merge(partner_ids, dst_partner, extra_checks)
