from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed

from .payment_provider import STRIPE

SCOPE = "service_billing.save_card"
HOURS = 30 * 24


class ResPartner(models.Model):
    """The cards that a customer saved, and the link by which another one is saved."""

    _inherit = "res.partner"

    billing_card_ids = fields.Many2many(
        comodel_name="payment.token",
        string="Saved Cards",
        compute="_compute_billing_cards",
        groups="service_billing.group_biller",
    )
    billing_can_save_card = fields.Boolean(compute="_compute_billing_cards", groups="service_billing.group_biller")

    # === COMPUTE METHODS === #

    def _compute_billing_cards(self):
        provider = self.env.company._get_stripe_provider()
        tokens = self.env["payment.token"].search(
            [("provider_id", "=", provider.id), ("partner_id", "in", self.commercial_partner_id.ids)],
            order="billing_is_default desc, id",
        )
        for partner in self:
            partner.billing_can_save_card = provider and provider._is_online()
            partner.billing_card_ids = tokens.filtered(
                lambda token, customer=partner.commercial_partner_id: token.partner_id == customer
            )

    # === ACTION METHODS === #

    def action_billing_mail_card_link(self):
        """Mail the customer a link to save a card.

        :return: A notice.
        :rtype: dict
        :raise UserError: If there is no account or no address.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.company._get_online_provider(self.env.company.currency_id):
            raise UserError(self.env._("Connect Stripe in the settings first."))
        emails = self._get_live_emails()
        if not emails:
            raise UserError(self.env._("%(customer)s has no e-mail address.", customer=self.display_name))
        # In sudo mode because those who bill may not read mail templates.
        template_sudo = self.env.ref("service_billing.mail_template_card_link").sudo()
        template_sudo.send_mail(self.id, email_values={"email_to": ", ".join(emails)})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The link goes to %(email)s.", email=", ".join(emails)),
            },
        }

    # === BUSINESS METHODS - CARDS === #

    def _start_card_setup(self, company, landing, ip_address, **values):
        """Lead the customer to the hosted page on which a card is saved.

        Note: `self.ensure_one()`

        :param company: The company whose invoices the card pays.
        :param str landing: The path to which the customer comes back.
        :param str ip_address: From where the customer agreed.
        :param values: What else is kept of it.
        :return: The address to go to.
        :rtype: str
        :raise UserError: If that is not possible now; the sentence is for the customer.
        """
        self.ensure_one()
        provider = company._get_online_provider(company.currency_id)
        if not provider:
            raise UserError(self.env._("No card can be saved at the moment."))
        values = {**values, "landing_route": landing, "billing_consent_ip": ip_address}
        return self.env["payment.transaction"]._start_setup(provider, self, **values)

    # === GETTERS === #

    def _are_cards_shown_to_user(self):
        """Tell whether the user may see and change the customer's saved cards on customer pages: never who has only a
        link, nor a contact who does not see all documents of the customer.

        :rtype: bool
        """
        user = self.env.user
        contact = user.partner_id
        is_own = contact.commercial_partner_id == self.commercial_partner_id
        return not user._is_public() and is_own and (user._is_internal() or contact.billing_portal_role == "company")

    def _get_card_path(self, company):
        """Return the path of the page on which the customer saves a card; whoever has it sees no card. It is good for
        30 days.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        values = [self.commercial_partner_id.id, company.id]
        return f"/service/card/{hash_sign(self.sudo().env, SCOPE, values, expiration_hours=HOURS)}"

    def _get_card_link(self):
        """Return the address of that page, for a mail of the current company.

        :rtype: str
        """
        return f"{self.get_base_url()}{self._get_card_path(self.env.company)}"

    def _get_saved_cards(self):
        """Return the customers' cards, of all companies.

        :rtype: recordset of `payment.token`
        """
        return self.env["payment.token"].search(
            [("partner_id", "in", self.ids), ("provider_code", "=", STRIPE)], order="billing_is_default desc, id"
        )

    def _find_by_card_link(self, signed):
        """Return who saves a card by a link.

        :param str signed: The end of its path.
        :return: The customer and the company, in sudo mode; empty where the link is worth nothing.
        :rtype: tuple
        """
        # In sudo mode because the visitor is not logged in; what may be seen hangs on the signature.
        env = self.sudo().env
        try:
            partner_id, company_id = verify_hash_signed(env, SCOPE, signed) or (False, False)
        except ValueError:
            partner_id, company_id = False, False
        return env["res.partner"].browse(partner_id).exists(), env["res.company"].browse(company_id).exists()
