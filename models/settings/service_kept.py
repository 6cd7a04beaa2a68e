from odoo import api, models
from odoo.exceptions import UserError


class ServiceKeptMixin(models.AbstractModel):
    """Records of which the work itself keeps some fields: nobody writes these by hand."""

    _name = "service.kept.mixin"
    _description = "Fields Kept by the Work"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kept_fields({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_kept_fields(vals)
        return super().write(vals)

    # === BUSINESS METHODS - CHECKS === #

    def _check_kept_fields(self, names):
        """Refuse that somebody writes by hand what the work itself keeps.

        :param names: The fields that are written.
        :raise UserError: If one of them is kept.
        """
        kept = set() if self.env.su else self._get_kept_fields().intersection(names)
        if kept:
            label = self._fields[min(kept)]._description_string(self.env)
            raise UserError(self.env._("%(field)s cannot be changed by hand.", field=label))

    # === GETTERS === #

    @api.model
    def _get_kept_fields(self):
        """Return the fields that nobody writes by hand.

        :rtype: set[str]
        """
        return set()
