from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..logic import hours_annex, work_time


class AccountMove(models.Model):
    """The annex of hours: what an invoice bills, by day, person and task, in the language of the environment."""

    _inherit = "account.move"

    billing_has_hours = fields.Boolean(compute="_compute_billing_has_hours", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("billing_charge_ids.kind")
    def _compute_billing_has_hours(self):
        for move in self:
            move.billing_has_hours = "labor" in move._get_billed_charges().mapped("kind")

    # === ACTION METHODS === #

    def action_print_hours(self):
        """Print the hours that the invoices bill.

        :rtype: dict
        :raise UserError: If they bill no hours.
        """
        self.check_access("read")
        with_hours = self.filtered("billing_has_hours")
        if not with_hours:
            raise UserError(self.env._("There are no hours on this document."))
        return self.env.ref("service_billing.account_move_action_hours_annex").report_action(with_hours)

    # === GETTERS === #

    def _get_print_hours(self, *, annex_only=False):
        """Return the hours that the invoice bills, as they were when they were billed.

        Note: `self.ensure_one()`

        :param bool annex_only: Whether only those count whose order type wants an annex to the invoice.
        :return: `{'days': [group], 'people': [group], 'total': group}`; a group is `{'title': str, 'logged': 'H:MM',
            'billed': 'H:MM', 'rows': [{'person': str, 'task': str, 'logged': 'H:MM', 'billed': 'H:MM'}]}`; empty where
            there are no hours.
        :rtype: dict
        """
        self.ensure_one()
        # In sudo mode because whoever prints the document may not read its charges.
        charges = self.sudo()._get_billed_charges().filtered(lambda charge: charge.kind == "labor")
        if annex_only:
            charges = charges.filtered("is_on_annex")
        if not charges:
            return {}
        entries = hours_annex.merge_entries([self._prepare_annex_entry(charge) for charge in charges])
        days, people = (hours_annex.group_entries(entries, name) for name in ("day", "person"))
        return {
            "days": [self._prepare_annex_values(group, title=self._format_annex_day(group.key)) for group in days],
            "people": [self._prepare_annex_values(group, title=group.key) for group in people],
            "total": self._prepare_annex_values(hours_annex.Group("", tuple(entries)), title=""),
        }

    def _prepare_annex_entry(self, charge):
        """Prepare the hours of one charge; the task names the order, and what is not billed.

        :param charge: The charge, in sudo mode.
        :rtype: hours_annex.Entry
        """
        decisions = dict(charge._fields["billing_decision"]._description_selection(self.env))
        decision = decisions[charge.billing_decision] if charge.billing_decision != "billable" else ""
        return hours_annex.Entry(
            day=charge.date,
            person=charge.technician_id.name or "",
            task=" · ".join(filter(None, [charge._get_title(), charge.order_id.name, decision])),
            logged=work_time.whole_minutes(Decimal(str(charge.logged_quantity))),
            billed=work_time.whole_minutes(Decimal(str(charge.quantity))),
        )

    def _prepare_annex_values(self, group, *, title):
        """Prepare a group of entries for print; what `_get_print_hours` returns says how.

        :rtype: dict
        """
        rows = [{"person": entry.person, "task": entry.task, **self._format_annex(entry)} for entry in group.entries]
        return {"title": title, "rows": rows, **self._format_annex(group)}

    def _format_annex(self, sums):
        hours = {"logged": Decimal(sums.logged) / 60, "billed": Decimal(sums.billed) / 60}
        return {name: work_time.format_hours(value) for name, value in hours.items()}

    def _format_annex_day(self, day):
        return f"{format_date(self.env, day, date_format='EEEE')} {format_date(self.env, day)}"
