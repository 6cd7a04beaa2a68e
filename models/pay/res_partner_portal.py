from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

DOCUMENTS = ("out_invoice", "out_refund")
# What a portal user may see follows from these, and is cached.
SCOPE_FIELDS = frozenset({"billing_portal_role", "commercial_partner_id", "is_company", "parent_id"})


class ResPartner(models.Model):
    """Which documents a contact sees, logged in or after a one-time code."""

    _inherit = "res.partner"

    billing_portal_role = fields.Selection(
        selection=[
            ("none", "No invoices"),
            ("own", "Invoices to this contact"),
            ("site", "Invoices of this site: to it or its contacts, or for work there"),
            ("company", "All invoices of the company"),
        ],
        string="Sees Online",
        default="company",
        required=True,
        help="Which invoices this contact sees in the portal and in the account area.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if SCOPE_FIELDS & vals.keys() and self._has_users():
            # What record rules say about a user is cached.
            self.env.registry.clear_cache()
        return res

    # === ACTION METHODS === #

    def action_billing_sign_out(self):
        """Have the devices that remember these contacts ask for a code again."""
        self.check_access("write")
        emails = [email for email in self.mapped("email_normalized") if email]
        # In sudo mode because nobody sees devices.
        self.env["service.portal.device"].sudo().search([("email", "in", emails)]).unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("Every device asks for a new code now.")},
        }

    # === GETTERS === #

    def _has_users(self):
        # In sudo mode because whoever changes a contact may not see users.
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        return bool(users_sudo.search_count([("partner_id", "child_of", self.ids)], limit=1))

    def _get_portal_documents_domain(self):
        """Return which customer invoices and credit notes the contacts may see: never those of a company that they have
        left.

        :rtype: Domain
        """
        return Domain.OR(partner._get_portal_scope() for partner in self)

    def _get_portal_scope(self):
        self.ensure_one()
        of_company = Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
        to_site = Domain("partner_id", "child_of", self.id) | Domain("partner_shipping_id", "child_of", self.id)
        scopes = {
            "own": of_company & Domain("partner_id", "=", self.id),
            "site": of_company & to_site,
            "company": of_company,
        }
        return scopes.get(self.billing_portal_role, Domain.FALSE)

    def _get_portal_rule(self):
        """Return what a record rule narrows: customer documents follow the role, all others core's own rules.

        Note: `self.ensure_one()`

        :rtype: Domain
        """
        self.ensure_one()
        return Domain("move_type", "not in", DOCUMENTS) | self._get_portal_documents_domain()

    def _get_account_domain(self):
        """Return the documents of the account area.

        :rtype: Domain
        """
        is_shown = Domain("billing_managed", "=", True) & Domain("state", "=", "posted")
        is_document = Domain("move_type", "in", DOCUMENTS) & Domain("billing_origin_move_id", "=", False)
        return is_shown & is_document & self._get_portal_documents_domain()

    @api.model
    def _find_account_contacts(self, email):
        """Return the contacts that have an address now, and documents to see.

        :param str email: What a visitor typed.
        :return: In sudo mode.
        :rtype: recordset of `res.partner`
        """
        email = email_normalize(email or "")
        # In sudo mode because the visitor is nobody yet.
        partners_sudo = self.sudo()
        if not email:
            return partners_sudo.browse()
        found = partners_sudo.search([("email_normalized", "=", email), ("billing_portal_role", "!=", "none")])
        has_documents = found and found.env["account.move"].search_count(found._get_account_domain(), limit=1)
        return found if has_documents else found.browse()
