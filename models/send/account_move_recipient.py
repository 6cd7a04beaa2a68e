from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_split


class AccountMove(models.Model):
    """Who gets mails about a document."""

    _inherit = "account.move"

    # === GETTERS === #

    def _is_wanted(self, name):
        """Tell whether the customer, or else the company, wants something.

        Note: `self.ensure_one()`

        :param str name: The field that both have.
        :rtype: bool
        """
        self.ensure_one()
        choice = self.commercial_partner_id[name]
        return choice == "yes" if choice else self.company_id[name]

    def _get_recipients(self):
        """Return who gets the document by mail: the invoice address, else the next contact of the customer.

        Note: `self.ensure_one()`

        :return: The contact and its address, normalized; empty for customers who get no mails.
        :rtype: list[tuple]
        """
        self.ensure_one()
        if not self.partner_id._is_mailed(self.company_id):
            return []
        contact = self._get_next_contact()
        return [(contact, email) for email in contact._get_live_emails()] if contact else []

    def _get_next_contact(self):
        """Return the first contact of the customer whose address is alive: the invoice address, the company, its other
        invoice addresses, its people.

        Note: `self.ensure_one()`

        :rtype: recordset of `res.partner`
        """
        self.ensure_one()
        if self.partner_id._get_live_emails():
            return self.partner_id
        customer = self.commercial_partner_id
        others = customer.child_ids.sorted(lambda partner: (partner.type != "invoice", partner.id))
        return next((partner for partner in customer | others if partner._get_live_emails()), customer.browse())

    def _read_recipients(self, text):
        """Read the addresses that somebody typed.

        Note: `self.ensure_one()`

        :param str text: Addresses, with commas between them.
        :return: Pairs of contact and address; an address that is no contact's belongs to the invoice address.
        :rtype: list[tuple]
        :raise UserError: If there is none, one is none, or mails to one come back.
        """
        self.ensure_one()
        emails = [email_normalize(email) for email in email_split(text or "")]
        if not emails or not all(emails):
            raise UserError(self.env._("Enter an e-mail address, with commas between several."))
        dead = self.env["res.partner"]._get_bounced_emails(emails)
        if dead:
            raise UserError(
                self.env._("Mails to %(email)s come back: enter another address.", email=", ".join(sorted(dead)))
            )
        customer = self.commercial_partner_id
        partners = [*customer.child_ids, customer, self.partner_id]
        contacts = {email: partner for partner in partners for email in partner._get_billing_emails()}
        return [(contacts.get(email, self.partner_id), email) for email in dict.fromkeys(emails)]
