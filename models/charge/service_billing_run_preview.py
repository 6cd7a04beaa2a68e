from datetime import datetime, time, timedelta

from odoo import models
from odoo.fields import Domain

FLAGGED_PERCENT = 25.0


class ServiceBillingRun(models.Model):
    """What a run would bill, found by doing it and taking it back."""

    _inherit = "service.billing.run"

    # === BUSINESS METHODS - PREVIEW === #

    def _prepare_preview(self):
        """Prepare the lines of the run with what each would bill. Afterwards the ledger is as it was.

        Note: `self.ensure_one()`

        :return: The values of `service.billing.run.line`; customers with nothing to bill are left out.
        :rtype: list[dict]
        """
        self.ensure_one()
        lines = self._prepare_lines()
        partners = self.env["res.partner"].browse({line["partner_id"] for line in lines})
        with self.env.cr.savepoint() as savepoint:
            self.env["service.charge"]._collect(partners, self.company_id, self.until)
            self._plan(lines, partners._search_open_charges(self.company_id, self.until))
            savepoint.rollback()
        lines = [line for line in lines if line["planned"] or line["period_start"]]
        self._compare(lines)
        return lines

    def _prepare_lines(self):
        """Prepare a line for each customer, and for each period of a cycle that is over. Who has a cycle whose day has
        not come is left out, unless the run is for that customer.

        :rtype: list[dict]
        """
        partners = self.partner_ids or self._get_partners()
        profiles = self.env["service.billing.profile"].search(
            [("partner_id", "in", partners.ids), ("company_id", "=", self.company_id.id), ("cycle", "!=", "none")]
        )
        profile_by_partner = {profile.partner_id: profile for profile in profiles}
        moment = datetime.combine(self.until + timedelta(days=1), time.max)
        lines = []
        for partner in partners.sorted(lambda partner: (partner.display_name or "").lower()):
            profile = profile_by_partner.get(partner, profiles.browse())
            periods = profile._get_due_periods(moment) if profile else []
            lines += [profile._prepare_run_line_values(period) for period in periods]
            if not periods and (not profile or partner in self.partner_ids):
                lines.append({"partner_id": partner.id, "profile_id": False, "period_start": False})
        return lines

    def _plan(self, lines, charges):
        """Tell each line which charges it bills: of a customer with several periods, the earliest takes all before it.

        :param list[dict] lines: The lines, those of a customer in the order of their periods.
        :param charges: The open charges of all customers.
        """
        by_partner = charges.grouped("commercial_partner_id")
        rest = {partner.id: partner_charges for partner, partner_charges in by_partner.items()}
        for line in lines:
            until = line.get("period_stop") or self.until
            left = rest.get(line["partner_id"], charges.browse())
            own = left.filtered(lambda charge, until=until: charge.date <= until)
            rest[line["partner_id"]] = left - own
            line["is_planned"] = True
            line["planned"] = own._prepare_plan()
            line["planned_total"] = own._get_company_total(self.company_id)

    def _compare(self, lines):
        """Set beside each line what the customer was billed the last time, and mark what differs by much."""
        groups = self.env["service.billing.run.line"]._read_group(
            [
                ("partner_id", "in", [line["partner_id"] for line in lines]),
                ("company_id", "=", self.company_id.id),
                ("invoice_count", ">", 0),
            ],
            ["partner_id"],
            ["id:max"],
        )
        latest = self.env["service.billing.run.line"].browse([line_id for _partner, line_id in groups])
        totals = {line.partner_id.id: line.total for line in latest}
        for line in lines:
            previous = totals.get(line["partner_id"])
            line["previous_total"] = previous or 0.0
            if previous:
                line["change_percent"] = 100.0 * (line["planned_total"] - previous) / previous
                line["is_flagged"] = abs(line["change_percent"]) > FLAGGED_PERCENT

    # === GETTERS === #

    def _get_partners(self):
        """Return the customers for whom there may be something to bill.

        :rtype: recordset of `res.partner`
        """
        charges = self.env["service.charge"]
        domain = Domain("company_id", "=", self.company_id.id) & Domain("date", "<=", self.until)
        groups = charges._read_group(domain & Domain("state", "=", "open"), ["commercial_partner_id"])
        partners = self.env["res.partner"].union(*(partner for (partner,) in groups))
        due = self.env["service.billing.profile"].search(
            [("company_id", "=", self.company_id.id), ("next_stop", "<=", self.until), ("is_paused", "=", False)]
        )
        return partners | due.partner_id | charges._get_collect_partners(self.company_id, self.until)
