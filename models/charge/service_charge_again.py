from odoo import models


class ServiceCharge(models.Model):
    """What a credit note takes back is billed again where somebody decides so: by a charge of its own, the next
    revision.
    """

    _inherit = "service.charge"

    # === GETTERS === #

    def _can_be_billed_again(self):
        """Tell whether what is taken back of the charge can be billed again. What is billed in advance comes from its
        plan only.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.kind not in self._get_advance_kinds()

    def _get_settled_quantity(self):
        """Return what is settled by the charge itself, and not by the charges that bill part of it again.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        again = self.credit_ids.filtered("again_charge_id")
        return self.product_uom_id.round(self.quantity - sum(again.mapped("quantity")))

    def _get_next_revision(self):
        """Return the revision that a further charge of the same source has.

        Note: `self.ensure_one()`

        :rtype: int
        """
        self.ensure_one()
        origin = self.origin_charge_id or self
        family = self.search([("origin_charge_id", "=", origin.id)]) | origin
        siblings = family | self.order_line_id.charge_ids | self.subscription_line_id.charge_ids
        return max(siblings.mapped("revision")) + 1

    def _prepare_again_values(self, **extra):
        """Prepare the charge that bills again what was taken back of this one.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        [values] = self.copy_data()
        source = self._convert_to_write({name: self[name] for name in self._get_source_fields() | {"kind"}})
        return {**values, **source, "origin_charge_id": (self.origin_charge_id or self).id, **extra}
