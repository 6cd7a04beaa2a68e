from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ..logic import pay_amount
from ..settings.row_lock import wait_for_rows

DUE_STATUSES = ("overdue", "due")


class AccountMove(models.Model):
    """What the page of a document says and takes, in the language of the environment."""

    _inherit = "account.move"

    # === BUSINESS METHODS - PAYING === #

    def _pay_online(self, choice, text="", *, card_id=None, **options):
        """Start the payment that the customer chose. The amount follows from what is open now, not from the page.

        Note: `self.ensure_one()`

        :param str choice: One of the offers, or `other`.
        :param str text: The amount that was typed, if it is another one.
        :param int card_id: The saved card that is charged; the hosted page asks for one by default.
        :param options: What `_start_checkout` takes besides.
        :return: The address of the hosted page, or of our own where a saved card is charged.
        :rtype: str
        :raise UserError: If that cannot be paid; the sentence is for the customer.
        """
        self.ensure_one()
        wait_for_rows(self)
        may_type = choice != pay_amount.OTHER or self.company_id.billing_pay_parts
        try:
            amount = pay_amount.choose_amount(
                choice if may_type else "",
                self._get_pay_offers(),
                text=text,
                mark=pay_amount.get_mark(self.env["res.lang"]._get_data(code=self.env.lang).decimal_point),
                minimum=Decimal(str(self._get_least_amount())),
            )
        except pay_amount.PayAmountError as error:
            raise UserError(self._get_amount_messages()[error.args[0]]) from error
        amount = self.currency_id.round(float(amount))
        if card_id is not None:
            return self._pay_by_card(card_id, amount)
        return self._start_checkout(amount, **options)

    # === GETTERS === #

    def _get_pay_offers(self):
        """Return what can be paid now, as `pay_amount.get_offers` has it; empty where nothing is open.

        Note: `self.ensure_one()`, in sudo mode.

        :return: Amounts in the document's currency.
        :rtype: dict[str, Decimal]
        """
        self.ensure_one()
        if self.move_type != "out_invoice" or self._is_void() or self.billing_writeoff_move_id:
            return {}
        items = self._get_open_instalments()
        instalments = [(item.status in DUE_STATUSES, self._to_decimal(item.residual)) for item in items]
        return pay_amount.get_offers(instalments, self._to_decimal(self.amount_residual))

    def _get_open_instalments(self):
        """Return what is left to pay, first what is due first.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: recordset of `service.open.item`
        """
        self.ensure_one()
        return self.billing_open_item_ids.filtered(lambda item: not item.is_settled)

    def _get_least_amount(self):
        """Return the least that can be paid in part, in the document's currency.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        company = self.company_id
        return company.currency_id._convert(
            company.billing_pay_minimum, self.currency_id, company, company._get_billing_today()
        )

    def _get_amount_messages(self):
        """Return what is said to a customer who asks for an amount that cannot be paid.

        Note: `self.ensure_one()`

        :rtype: dict[str, str]
        """
        self.ensure_one()
        full = self._format_mail_amount(self.amount_residual)
        least = self._format_mail_amount(min(self._get_least_amount(), self.amount_residual))
        return {
            pay_amount.UNKNOWN: self.env._("Choose what you want to pay."),
            pay_amount.UNREADABLE: self.env._("Enter an amount, such as %(amount)s.", amount=full),
            pay_amount.TOO_LITTLE: self.env._("Enter an amount of at least %(amount)s.", amount=least)
            if self._get_least_amount()
            else self.env._("Enter an amount above zero."),
            pay_amount.TOO_MUCH: self.env._("Enter an amount up to %(amount)s: that is what is left.", amount=full),
        }

    def _get_pay_page_values(self):
        """Return what the page shows.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: dict
        """
        self.ensure_one()
        state = self._get_pay_page_state()
        offers = self._get_pay_offers() if state == "open" else {}
        is_online = bool(offers) and self._is_payable_online()
        is_transferred = state in ("open", "uncollectible") and not is_online
        return {
            "invoice": self,
            "state": state,
            "offers": {code: float(amount) for code, amount in offers.items()},
            "first": next(iter(offers), ""),
            "is_online": is_online,
            "is_charging": state == "processing" and self._is_card_being_charged(),
            "has_other_amount": self.company_id.billing_pay_parts,
            "account": self._get_print_account() if is_transferred else {},
            "qr_code": self._get_print_qr_code() if is_transferred else "",
            "instalments": self.billing_open_item_ids,
            "next_instalment": self._get_open_instalments()[:1],
            "lines": self.invoice_line_ids.filtered(lambda line: line.display_type in self._get_shown_line_types()),
        }

    def _get_pay_page_title(self):
        """Return what the page is about.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        if self.move_type == "out_refund":
            return self.env._("Credit note %(number)s", number=self.name)
        return self.env._("Invoice %(number)s", number=self.name)

    def _get_pay_page_state(self):
        """Return what the page says about the document on top: `void`, `credit`, `uncollectible`, `paid`, `processing`
        or `open`.

        Note: `self.ensure_one()`, in sudo mode.

        :rtype: str
        """
        self.ensure_one()
        if self._is_void():
            return "void"
        if self.move_type == "out_refund":
            return "credit"
        if self.billing_writeoff_move_id:
            return "uncollectible"
        if self.currency_id.is_zero(self.amount_residual):
            return "paid"
        return "processing" if self._is_payment_on_its_way() else "open"

    def _get_shown_line_types(self):
        return ("product", "line_section", "line_subsection", "line_note")

    def _to_decimal(self, amount):
        return Decimal(str(self.currency_id.round(amount)))
