import uuid

from odoo import api, fields, models

UNDER_WAY = ("waiting", "charging")


class ServiceChargeAttempt(models.Model):
    """One try to charge a saved card for an invoice. It is written down before Stripe is asked, and a job asks with the
    key of this row: however often that job runs, the card is charged once."""

    _name = "service.charge.attempt"
    _inherit = ["service.kept.mixin"]
    _description = "Card Charge"
    _order = "id desc"
    _rec_name = "card"

    # what
    move_id = fields.Many2one("account.move", string="Invoice", required=True, readonly=True, ondelete="restrict")
    # Copied: related fields would be looked for whenever an invoice is written.
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, index=True)
    token_id = fields.Many2one("payment.token", required=True, readonly=True, ondelete="restrict", index=True)
    card = fields.Char(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    idempotency_key = fields.Char(
        required=True, readonly=True, default=lambda self: str(uuid.uuid4()), groups="base.group_system"
    )

    # what became of it
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("charging", "Being processed"),
            ("succeeded", "Charged"),
            ("failed", "Failed"),
            ("needs_customer", "Needs the customer"),
            ("cancelled", "Not charged"),
        ],
        string="Result",
        default="waiting",
        required=True,
        readonly=True,
    )
    transaction_id = fields.Many2one("payment.transaction", readonly=True, ondelete="restrict", index="btree_not_null")
    code = fields.Char(string="Decline Code", readonly=True)
    reason = fields.Char(readonly=True, help="Why the card was not charged.")

    _key_uniq = models.UniqueIndex("(idempotency_key)")
    _under_way_uniq = models.UniqueIndex(
        "(move_id) WHERE state IN ('waiting', 'charging')", "A card is being charged for this invoice already."
    )
    _move_idx = models.Index("(move_id, id)")

    # === BUSINESS METHODS - STATES === #

    def _follow(self):
        """Take over what became of the transactions, whoever told it: the job, or an event of Stripe's."""
        for attempt in self:
            transaction = attempt.transaction_id
            state = attempt._get_followed_state()
            if attempt.state not in UNDER_WAY and state != "succeeded":
                continue
            has_failed = state in ("failed", "needs_customer")
            attempt._set_state(
                state,
                code=transaction.billing_decline_code if has_failed else False,
                reason=transaction.state_message if has_failed else False,
            )

    def _set_state(self, state, **values):
        """Change the state. Nothing but money that came in changes one that is final.

        Note: `self.ensure_one()`

        :param str state: The new state.
        :param values: What else is known.
        """
        self.ensure_one()
        if state != self.state:
            self.write({"state": state, **values})
            # The unique index has to see it, should another attempt follow.
            self.flush_recordset(["state"])

    # === GETTERS === #

    def _get_followed_state(self):
        """Return the state that the transaction asks for.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        transaction = self.transaction_id
        if transaction.state == "error" and transaction.billing_decline_code == "authentication_required":
            return "needs_customer"
        states = {"done": "succeeded", "pending": "charging", "cancel": "cancelled", "error": "failed"}
        return states.get(transaction.state, self.state)

    def _get_text(self):
        """Return in one sentence how it stands.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        values = {"card": self.card, "amount": self.currency_id.format(self.amount), "reason": self.reason or ""}
        if self.state == "succeeded":
            return self.env._("%(card)s was charged %(amount)s.", **values)
        if self.state == "failed":
            return self.env._("%(card)s was not charged %(amount)s: %(reason)s", **values)
        if self.state == "needs_customer":
            return self.env._(
                "%(card)s was not charged %(amount)s: it needs the customer's confirmation, who has the link by mail.",
                **values,
            )
        if self.state == "cancelled":
            return self.env._("%(amount)s were not charged: %(reason)s", **values)
        return self.env._("%(card)s is being charged %(amount)s…", **values)

    @api.model
    def _get_kept_fields(self):
        """Return the fields that nobody writes by hand: all of them.

        :rtype: set[str]
        """
        return set(self._fields)
