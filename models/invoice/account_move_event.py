from odoo import models

from ..logic.event_chain import get_canonical, get_digest
from ..logic.invoice_event import FINALIZED, get_status_events

NOTED = "service_billing.status"


class AccountMove(models.Model):
    """The audit trail: what becomes of a managed document is logged when its transaction is about to end."""

    _inherit = "account.move"

    # === COMPUTE METHODS === #

    def _compute_billing_status(self):
        before = {
            move.id: move.billing_status for move in self if move.id and move.billing_managed and move.state == "posted"
        }
        super()._compute_billing_status()
        self.browse(before)._note_status(before)

    # === ACTION METHODS === #

    def action_view_billing_events(self):
        """Show what happened to the document.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_billing_event_action")
        return {
            **action,
            "display_name": self.env._("Audit Trail of %(number)s", number=self.display_name),
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {"billing_document_model": self._name, "billing_document_id": self.id},
        }

    # === BUSINESS METHODS - EVENTS === #

    def _note_status(self, before):
        """Remember the status that documents had before this transaction, for the log at its end.

        :param dict before: The status before, for each id.
        """
        changed = self.filtered(lambda move: move.billing_status != before[move.id])
        if not changed:
            return
        precommit = self.env.cr.precommit
        if not precommit.data.setdefault(NOTED, {}):
            precommit.add(self.browse()._log_status_changes)
        for move_id in changed.ids:
            precommit.data[NOTED].setdefault(move_id, before[move_id])

    def _log_status_changes(self):
        """Log what became of the documents whose status changed, a statement for each kind of event. What changed and
        changed back is nothing."""
        noted = self.env.cr.precommit.data.pop(NOTED, {})
        ids_by_kind = {}
        # In sudo mode because what happened is logged whoever did it.
        for move in self.sudo().browse(noted).exists():
            for kind in get_status_events(noted[move.id], move.billing_status):
                ids_by_kind.setdefault(kind, []).append(move.id)
        for kind in sorted(ids_by_kind, key=lambda kind: kind != FINALIZED):
            moves = self.browse(ids_by_kind[kind])
            details = {move.id: move._get_event_details(kind) for move in moves.sudo()}
            self.env["service.billing.event"]._log(kind, moves, details_by_id=details)

    def _log_viewed(self):
        """Log that a customer opened the document, once a day whether logged in or by the link. Whoever works here is
        no customer.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        user = self.env.user
        if self._is_locked() and not user._is_internal():
            visitor = "link" if user._is_public() else "customer"
            key = f"viewed:{visitor}:{self.company_id._get_billing_today()}"
            self.env["service.billing.event"]._log("viewed", self, {"visitor": visitor}, once_key=key)

    # === GETTERS === #

    def _get_event_details(self, kind):
        """Return what the log keeps of an event: amounts in the document's currency, as text.

        Note: `self.ensure_one()`

        :param str kind: What happened.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        digits = self.currency_id.decimal_places
        details = {"total": f"{self.amount_total:.{digits}f}", "currency": self.currency_id.name}
        if kind == FINALIZED:
            return {**details, "number": self.name, "document_hash": self._get_printed_hash()}
        return {**details, "due": f"{self.amount_residual:.{digits}f}"}

    def _get_printed_hash(self):
        """Return a hash of what the document says, which is the same as long as it says the same.

        Note: `self.ensure_one()`

        :rtype: str
        """
        self.ensure_one()
        lines = self.invoice_line_ids.sorted("id")
        return get_digest(
            get_canonical(
                [
                    [str(self[name] or "") for name in self._get_printed_texts()],
                    self.currency_id.name,
                    [_format(self[name]) for name in ("amount_untaxed", "amount_tax", "amount_total")],
                    [
                        [line.name or "", *(_format(line[name]) for name in line._get_printed_numbers())]
                        for line in lines
                    ],
                ]
            )
        )

    def _get_printed_texts(self):
        """Return the fields with words and dates that a document prints, and that never change once it is finalized.

        :rtype: tuple[str]
        """
        return (
            *("name", "invoice_date", "invoice_date_due", "delivery_date", "ref", "payment_reference", "narration"),
            *("billing_credit_reason", "billing_credit_text"),
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_printed_numbers(self):
        """Return the fields with numbers that a line prints.

        :rtype: tuple[str]
        """
        return ("quantity", "price_unit", "discount", "price_subtotal", "price_total")


def _format(number):
    # Adding zero turns a negative zero into a plain one.
    return f"{number + 0.0:.6f}"
