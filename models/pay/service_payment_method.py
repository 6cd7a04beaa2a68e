from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic import payment_link


class ServicePaymentMethod(models.Model):
    """A way of paying that the firm offers besides: a link, a place to bring a cheque to, an agreement."""

    _name = "service.payment.method"
    _description = "Payment Method of Our Own"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    url_template = fields.Char(
        string="Link",
        help="Where the customer pays, for instance https://paypal.me/firm/{amount}{currency}. {amount}, {currency} "
        "and {ref}, the payment reference, are filled in for each invoice.",
    )
    instructions = fields.Text(translate=True, help="What the customer has to do, in the customer's language.")
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Where the money arrives: payments that are recorded with this method go there.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("url_template")
    def _check_url_template(self):
        messages = self._get_template_messages()
        for method in self.filtered("url_template"):
            error = payment_link.find_template_error(method.url_template)
            if error:
                raise ValidationError(messages[error])

    @api.constrains("journal_id")
    def _check_journal_type(self):
        if any(method.journal_id.type not in ("bank", "cash") for method in self):
            raise ValidationError(self.env._("Choose a bank or cash journal."))

    # === GETTERS === #

    def _get_url(self, *, amount, reference, currency):
        """Return the link on which an invoice is paid.

        Note: `self.ensure_one()`

        :param float amount: In the currency.
        :param str reference: The payment reference.
        :return: Empty for a method without a link.
        :rtype: str
        """
        self.ensure_one()
        if not self.url_template:
            return ""
        text = f"{amount:.{currency.decimal_places}f}"
        return payment_link.fill_template(self.url_template, amount=text, ref=reference, currency=currency.name)

    @api.model
    def _get_template_messages(self):
        return {
            payment_link.NOT_SECURE: self.env._("The link begins with https://."),
            payment_link.NO_HOST: self.env._("The link names its site without braces or spaces."),
            payment_link.UNKNOWN_PLACEHOLDER: self.env._("Only {amount}, {currency} and {ref} stand in braces."),
            payment_link.BAD_BRACES: self.env._("The link has a brace without its other half."),
        }
