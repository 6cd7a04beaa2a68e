from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request, route

from odoo.addons.account_payment.controllers.payment import PaymentPortal

from ..models.pay.payment_provider import STRIPE
from .portal_delivery import DeliveryPortal


class PayInvoicePortal(DeliveryPortal):
    @route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, report_type=None, download=False, **kw):
        """Override of `account` to lead whoever is not logged in to the page of the document: core's shows more than
        that, and lets whoever has the link pay with the customer's saved cards."""
        if request.env.user._is_public() and not report_type:
            try:
                invoice_sudo = self._document_check_access("account.move", invoice_id, access_token)
            except (AccessError, MissingError):
                return request.redirect("/my")
            if invoice_sudo._is_shown_to_customer():
                delivery = kw.get("delivery")
                query = {"delivery": delivery} if delivery else None
                return request.redirect_query(invoice_sudo._get_pay_path(), query)
        return super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, report_type=report_type, download=download, **kw
        )

    @route()
    def portal_my_overdue_invoices(self, access_token=None, **kw):
        """Override of `account_payment`: what is overdue of ours is paid in the account area."""
        overdue = request.env["account.move"].search(self._get_overdue_invoices_domain())
        if any(invoice.billing_managed for invoice in overdue):
            return request.redirect("/service/account")
        return super().portal_my_overdue_invoices(access_token=access_token, **kw)


class PayTransactionPortal(PaymentPortal):
    @route()
    def invoice_transaction(self, invoice_id, access_token, **kwargs):
        """Override of `account_payment`: documents of ours are paid on their own page, which knows how much is due."""
        # In sudo mode because the visitor may not know what kind of document it is.
        self._check_paid_elsewhere(request.env["account.move"].sudo().browse(invoice_id).exists())
        return super().invoice_transaction(invoice_id, access_token, **kwargs)

    @route()
    def overdue_invoices_transaction(self, payment_reference, **kwargs):
        """Override of `account_payment`: documents of ours are paid on their own page, which knows how much is due."""
        self._check_paid_elsewhere(request.env["account.move"].search(self._get_overdue_invoices_domain()))
        return super().overdue_invoices_transaction(payment_reference, **kwargs)

    @route()
    def archive_token(self, token_id):
        """Override of `payment`: only who sees all documents of the customer removes its cards."""
        # In sudo mode because the visitor may not read the card.
        token_sudo = request.env["payment.token"].sudo().browse(token_id).exists()
        if not token_sudo._is_stripe() or token_sudo.partner_id._are_cards_shown_to_user():
            super().archive_token(token_id)

    def _create_transaction(self, *args, **kwargs):
        """Override of `payment`: who only has a link saves no card. Stripe's page shows whoever saves one all that the
        customer saved before."""
        # In sudo mode because the visitor reads neither accounts nor customers.
        env = request.env(su=True)
        is_stripe = env["payment.provider"].browse(kwargs.get("provider_id")).code == STRIPE
        if is_stripe and not env["res.partner"].browse(kwargs.get("partner_id"))._are_cards_shown_to_user():
            kwargs["tokenization_requested"] = False
        return super()._create_transaction(*args, **kwargs)

    def _check_paid_elsewhere(self, invoices):
        if any(invoice.billing_managed for invoice in invoices):
            raise ValidationError(request.env._("Open the invoice's own page to pay it."))
