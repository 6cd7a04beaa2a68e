from functools import partial

from odoo import models
from odoo.tools import format_amount, format_date


class AccountMove(models.Model):
    """What mails to the customer say about a document, in the language of the environment."""

    _inherit = "account.move"

    # === GETTERS === #

    def _get_mail_template(self):
        """Override of `account` to write about our documents with our own template."""
        if self and all(move.billing_managed for move in self):
            return self.env.ref("service_billing.mail_template_invoice")
        return super()._get_mail_template()

    def _render_billing_mail(self, template, lang, **context):
        """Render a mail about the document.

        Note: `self.ensure_one()`

        :param template: The template.
        :param str lang: The customer's language.
        :param context: `billing_message`, `billing_delivery_id` and `billing_collection`, for this mail only.
        :return: `{'subject': str, 'body': Markup, 'email_from': str}`
        :rtype: dict
        """
        self.ensure_one()
        template = template.with_context(**context)
        render = partial(
            self.env["account.move.send"]._get_mail_default_field_value_from_template, template, lang, self
        )
        return {
            "subject": render("subject"),
            "email_from": render("email_from"),
            "body": render("body_html", options={"post_process": True}),
        }

    def _get_mail_due(self):
        """Return what is due next, and when.

        Note: `self.ensure_one()`

        :return: `{'amount': '€ 100.00', 'date': '21 December 2026', 'total': '€ 300.00', 'rest': [(date, amount)]}`;
            the amount of the next instalment, what is due in all, and the instalments after it.
        :rtype: dict
        """
        self.ensure_one()
        open_lines = self.line_ids.filtered(
            lambda line: (
                line.display_type == "payment_term" and not self.currency_id.is_zero(line.amount_residual_currency)
            )
        ).sorted("date_maturity")
        parts = [
            (self._format_mail_date(line.date_maturity), self._format_mail_amount(abs(line.amount_residual_currency)))
            for line in open_lines
        ] or [(self._format_mail_date(self.invoice_date_due), self._format_mail_amount(self.amount_residual))]
        total = self._format_mail_amount(self.amount_residual)
        return {"date": parts[0][0], "amount": parts[0][1], "total": total, "rest": parts[1:]}

    def _get_mail_subject(self):
        """Return the subject of the mail: which document, how much, and until when.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        due, number = self._get_mail_due(), self._get_mail_number()
        total = self._format_mail_amount(self.amount_total)
        if self.move_type == "out_refund":
            return self.env._("Credit note %(number)s: %(total)s", number=number, total=total)
        if self.currency_id.is_zero(self.amount_residual):
            return self.env._("Invoice %(number)s: %(total)s, nothing to pay", number=number, total=total)
        return self.env._(
            "Invoice %(number)s: %(amount)s due on %(date)s", number=number, amount=due["amount"], date=due["date"]
        )

    def _get_mail_number(self):
        """Return the number of the document, or that it is a draft.

        :rtype: str
        """
        self.ensure_one()
        return self.name or self.env._("Draft")

    def _get_mail_link(self):
        """Return the address of the document's page; in a mail, the recipient's own.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        # In sudo mode to read the recipient's token, which nobody else may see.
        delivery_sudo = self.env["service.delivery"].sudo().browse(self.env.context.get("billing_delivery_id"))
        query = f"&delivery={delivery_sudo.access_token}" if delivery_sudo else None
        return f"{self.get_base_url()}{self.get_portal_url(query_string=query)}"

    def _get_mail_message(self):
        """Return what the sender adds to the mail.

        :rtype: str
        """
        return self.env.context.get("billing_message") or ""

    def _is_paid_online(self):
        """Tell whether the customer is offered to pay online, and not the bank account.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        chosen = self.env.context.get("billing_collection") or self.billing_collection
        return (chosen or self.company_id.billing_collection) == "online"

    def _log_viewed(self):
        """Override of `invoice` to log who opened the document, where the recipient's own link says so."""
        delivery_id = self.env.context.get("billing_delivery_id")
        if not delivery_id:
            super()._log_viewed()
            return
        # In sudo mode because the visitor may not see deliveries.
        delivery_sudo = self.env["service.delivery"].sudo().browse(delivery_id)
        details = {"visitor": "recipient", "recipient": delivery_sudo.email}
        key = f"viewed:{delivery_id}:{self.company_id._get_billing_today()}"
        self.env["service.billing.event"]._log("viewed", self, details, once_key=key)

    def _has_to_be_paid(self):
        """Override of `account_payment`: a document that is paid by bank transfer is not paid online."""
        return super()._has_to_be_paid() and (not self.billing_managed or self._is_paid_online())

    def _get_online_payment_error(self):
        """Override of `account_payment` to say why a document cannot be paid online."""
        if self.billing_managed and not self._is_paid_online():
            return self.env._("This invoice is to be paid by bank transfer.")
        return super()._get_online_payment_error()

    def _format_mail_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id, lang_code=self.env.lang)

    def _format_mail_date(self, day):
        return format_date(self.env, day, lang_code=self.env.lang, date_format="long") if day else ""
