from odoo import models
from odoo.fields import Domain

from .service_autopay_item import OPEN


class ResPartner(models.Model):
    """Merging customers: the one that stays has one place at Stripe, each card once, and one consent to autopay."""

    _inherit = "res.partner"

    # === BUSINESS METHODS - MERGE === #

    def _give_way_to(self, target):
        super()._give_way_to(target)
        # In sudo mode because whoever merges customers may see neither cards nor consents.
        partners_sudo, target_sudo = (self | target).sudo(), target.sudo()
        # Consents first: what is announced loses its card only where no other one is left.
        partners_sudo._join_autopays(target_sudo)
        partners_sudo._join_cards(target_sudo)
        customers = self.env["service.stripe.customer"].sudo().search([("partner_id", "in", partners_sudo.ids)])
        for same in customers.grouped(lambda customer: (customer.provider_id, customer.is_test)).values():
            same.sorted(lambda customer: customer.partner_id != target)[1:].unlink()

    def _join_cards(self, target):
        """Leave one default card, and remove what more than one of the customers saved. A card keeps the customer that
        Stripe knows it by.

        :param target: The partner that stays.
        """
        cards = self.env["payment.token"].search(
            Domain("partner_id", "in", self.ids) & Domain("billing_fingerprint", "!=", False)
        )
        cards = cards.sorted(lambda card: card.partner_id != target)
        for own in cards.grouped(lambda card: (card.provider_id, card.billing_is_test)).values():
            own.filtered("billing_is_default")[1:].billing_is_default = False
            for same in own.grouped("billing_fingerprint").values():
                same[1:]._remove()

    def _join_autopays(self, target):
        """Leave one consent a company: the target's, if it gave one. The others end, and what they would have charged
        is charged by the one that stays, which is the target's then.

        :param target: The partner that stays.
        """
        consents = self.env["service.autopay"].search(
            Domain("partner_id", "in", self.ids) & Domain("state", "!=", "ended")
        )
        for given in consents.sorted(lambda consent: consent.partner_id != target).grouped("company_id").values():
            others = given[1:]
            others.item_ids.filtered(lambda item: item.state in OPEN).autopay_id = given[:1]
            others.action_end()
            given[:1].partner_id = target
