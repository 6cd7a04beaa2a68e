from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Strict mode: documents are sealed, core's audit trail keeps what hangs on them."""

    _inherit = "res.company"

    billing_strict = fields.Boolean(
        string="Strict Mode",
        copy=False,
        help="Finalized documents are sealed with a hash; no number is chosen and no date goes back; documents, their "
        "files and their history are never deleted. It cannot be turned off once a document is sealed.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("billing_strict", "restrictive_audit_trail")
    def _check_strict_audit_trail(self):
        if any(company.billing_strict and not company.restrictive_audit_trail for company in self):
            raise ValidationError(self.env._("Strict mode keeps the restrictive audit trail on."))

    # === CRUD METHODS === #

    def write(self, vals):
        if "billing_strict" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda company: company.billing_strict != bool(vals["billing_strict"]))
        journals = changed._get_sale_journals()
        if vals["billing_strict"]:
            journals._check_series_unbroken()
            # In sudo mode because core lets only this group, which Community gives to nobody, check the seals.
            self.env.ref("service_billing.group_manager").sudo()._apply_group(
                self.env.ref("account.group_account_user")
            )
            vals = {**vals, "restrictive_audit_trail": True}
        else:
            journals._check_unsealed()
        res = super().write(vals)
        journals.restrict_mode_hash_table = vals["billing_strict"]
        return res

    # === GETTERS === #

    def _get_sale_journals(self):
        # In sudo mode because journals are the accountant's, and the settings are not.
        return self.env["account.journal"].sudo().search([("company_id", "in", self.ids), ("type", "=", "sale")])
