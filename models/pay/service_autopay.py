from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .service_autopay_item import OPEN


class ServiceAutopay(models.Model):
    """A customer's consent that a card is charged for each invoice on its due date. It stays as it is whatever becomes
    of the invoices: what is charged is what is left of an instalment on the day."""

    _name = "service.autopay"
    _inherit = ["service.kept.mixin", "mail.thread"]
    _description = "Autopay"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    state = fields.Selection(
        selection=[("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
        default="active",
        required=True,
        readonly=True,
        tracking=True,
    )
    item_ids = fields.One2many("service.autopay.item", "autopay_id", string="Charges", readonly=True)

    # the consent
    consent_text = fields.Text(
        string="Consent", required=True, help="What the customer agreed to, word for word; attach what was signed."
    )
    consent_at = fields.Datetime(string="Consent Given", required=True, default=fields.Datetime.now)
    consent_ip = fields.Char(string="Consent from IP Address", readonly=True)
    consent_user_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, default=lambda self: self.env.user
    )

    _customer_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE state <> 'ended'", "Autopay is set up for this customer already."
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep what the customer agreed to as it is."""
        if {"consent_text", "consent_at", "partner_id"} & vals.keys() and not self.env.su:
            raise UserError(self.env._("A consent stays as it is: end autopay, and record a new one."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_pause(self):
        """Charge nothing until autopay is resumed."""
        self._set_state("paused", ("active",))

    def action_resume(self):
        """Charge what is due from now on."""
        self._set_state("active", ("paused",))

    def action_end(self):
        """End the consent; a new one has to be given before anything is charged again."""
        self._set_state("ended", ("active", "paused"))

    # === BUSINESS METHODS - CONSENT === #

    @api.model
    def _agree(self, partner, company, ip_address):
        """Note that a customer agrees to be charged; who agreed before is left alone.

        :return: The consent, in sudo mode.
        :rtype: recordset of `service.autopay`
        """
        # In sudo mode because the customer need not be logged in.
        autopays_sudo = self.sudo()
        customer = partner.commercial_partner_id
        known = autopays_sudo._find(customer, company)
        if known:
            known._set_state("active", ("paused",))
            return known
        return autopays_sudo.create(
            {
                "partner_id": customer.id,
                "company_id": company.id,
                "consent_text": self._get_consent_text(company, partner),
                "consent_ip": ip_address,
                "consent_user_id": False,
            }
        )

    def _choose(self, choice):
        """Do what the customer wants, who is known, or has the link of a notice.

        :param str choice: `pause`, `resume` or `end`; anything else changes nothing.
        """
        steps = {"pause": self.action_pause, "resume": self.action_resume, "end": self.action_end}
        if choice in steps:
            steps[choice]()

    def _set_state(self, state, sources):
        """Change the state; those that are in another one are left alone.

        :param str state: The new state.
        :param tuple sources: The states that it may follow.
        """
        self.check_access("write")
        # In sudo mode because nobody writes the state by hand.
        self.sudo().filtered(lambda autopay: autopay.state in sources).state = state

    # === CRON METHODS === #

    @api.model
    def _cron_charge(self):
        """Enqueue a job for each instalment that is announced or charged by now."""
        for company, autopays in self.search([("state", "=", "active")]).grouped("company_id").items():
            autopays.with_company(company)._enqueue_items(company)

    def _enqueue_items(self, company):
        """Enqueue the jobs of the instalments. Each has one row, which is made when it is seen first.

        :param company: Of all these consents.
        """
        # In sudo mode because nobody writes these rows by hand.
        items = self.env["service.autopay.item"].sudo()
        owed = self._find_open_items(company)
        known = items.search([("line_id", "in", owed.line_id.ids)])
        autopays = self.grouped("partner_id")
        new = items.create(
            [
                {"autopay_id": autopays[item.commercial_partner_id].id, "line_id": item.line_id.id}
                for item in owed
                if item.line_id not in known.line_id
            ]
        )
        (known | new).filtered(lambda item: item.state in OPEN)._enqueue()

    # === GETTERS === #

    @api.model
    def _find(self, customer, company):
        """Return the consent of a customer that is in force or paused.

        :rtype: recordset of `service.autopay`
        """
        owner = Domain("partner_id", "=", customer.id) & Domain("company_id", "=", company.id)
        return self.search(owner & Domain("state", "!=", "ended"))

    def _find_open_items(self, company):
        """Return what the customers owe a company that is due within the days of the notice.

        :rtype: recordset of `service.open.item`
        """
        last_day = fields.Date.add(company._get_billing_today(), days=company.billing_autopay_notice_days)
        return self.env["service.open.item"].search(
            [
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "=", company.id),
                ("move_type", "=", "out_invoice"),
                ("status", "in", ("overdue", "due", "partly", "upcoming")),
                ("date_due", "<=", last_day),
            ]
        )

    @api.model
    def _get_consent_text(self, company, partner):
        """Return what a customer agrees to who wants to be charged, in the customer's language.

        :rtype: str
        """
        return self.with_context(lang=partner.lang or company.partner_id.lang).env._(
            "I allow %(company)s to charge my saved card for each invoice on its due date. I get a notice before, and "
            "can skip a charge, pause or end this at any time.",
            company=company.name,
        )

    @api.model
    def _get_kept_fields(self):
        return {"state", "consent_ip", "consent_user_id", "company_id"}
