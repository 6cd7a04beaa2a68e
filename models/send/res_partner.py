from odoo import api, fields, models
from odoo.tools import email_normalize, email_split


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_no_email = fields.Boolean(
        string="Gets No E-mails", help="Documents that are sent to the customer go on the list to print or call."
    )
    billing_auto_send = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        string="Send Invoices by Themselves",
        help="Empty: as the company does.",
    )
    billing_ready_notice = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        string="Ready for Payment Notice",
        help="Empty: as the company does.",
    )
    billing_bounced_email = fields.Char(
        string="Mails Come Back From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="This address does not exist, its mail server says. Nothing is mailed to it.",
    )
    billing_is_bounced = fields.Boolean(compute="_compute_billing_is_bounced")

    # === COMPUTE METHODS === #

    @api.depends("billing_bounced_email", "email")
    def _compute_billing_is_bounced(self):
        for partner in self:
            bounced = partner.billing_bounced_email
            partner.billing_is_bounced = bool(bounced) and bounced in partner._get_billing_emails()

    # === ACTION METHODS === #

    def action_billing_allow_email(self):
        """Allow mails to the address again, for instance because the mailbox was mended."""
        self.check_access("write")
        bounced = [email for email in self.mapped("billing_bounced_email") if email]
        # In sudo mode to write the mark, on all contacts with this address.
        self.sudo().search([("billing_bounced_email", "in", bounced)]).billing_bounced_email = False

    # === BUSINESS METHODS - ADDRESSES === #

    def _mark_bounced(self, email):
        """Remember that an address does not exist, on these contacts and on all others that have it.

        :param str email: The normalized address.
        """
        # In sudo mode because whoever reads a bounce writes no contacts.
        partners_sudo = self.sudo()
        same_sudo = partners_sudo.search([("email_normalized", "=", email)])
        (partners_sudo | same_sudo).billing_bounced_email = email

    # === GETTERS === #

    def _get_billing_emails(self):
        """Return the contact's addresses, normalized.

        Note: `self.ensure_one()`

        :rtype: list[str]
        """
        self.ensure_one()
        found = (email_normalize(email) for email in email_split(self.email or ""))
        return list(dict.fromkeys(filter(None, found)))

    def _get_live_emails(self):
        """Return the contact's addresses from which no mail came back.

        Note: `self.ensure_one()`

        :rtype: list[str]
        """
        self.ensure_one()
        return [email for email in self._get_billing_emails() if email != self.billing_bounced_email]

    @api.model
    def _get_bounced_emails(self, emails):
        """Return those addresses to which nothing is mailed.

        :param emails: Normalized addresses.
        :rtype: set[str]
        """
        # In sudo mode because an address is dead for everybody.
        partners_sudo = self.sudo().search_fetch(
            [("billing_bounced_email", "in", list(emails))], ["billing_bounced_email"]
        )
        return set(partners_sudo.mapped("billing_bounced_email"))

    def _is_mailed(self, company):
        """Tell whether the customer gets documents of a company by e-mail.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        return not customer.billing_no_email and customer.with_company(company).invoice_sending_method != "manual"

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "billing_no_email", "billing_auto_send", "billing_ready_notice"]
