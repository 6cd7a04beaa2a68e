from odoo import api, models

NOTED = "service_billing.credit_used"


class AccountPartialReconcile(models.Model):
    """What is reconciled tells how a document was paid."""

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_documents()._update_paid_by()
        return partials

    def unlink(self):
        if not self:
            return True
        documents = self._get_documents()
        res = super().unlink()
        documents._update_paid_by()
        return res

    # === BUSINESS METHODS - LOG === #

    def _note_credit_used(self):
        """Log the credit that paid documents, at the end of the transaction: after what became of them."""
        if not self:
            return
        precommit = self.env.cr.precommit
        if not precommit.data.setdefault(NOTED, []):
            precommit.add(self.browse()._log_credit_used)
        precommit.data[NOTED] += self.ids

    def _log_credit_used(self):
        # In sudo mode because what happened is logged whoever did it.
        partials_sudo = self.sudo().browse(self.env.cr.precommit.data.pop(NOTED, [])).exists()
        by_move = partials_sudo.grouped(lambda partial: partial.debit_move_id.move_id)
        documents = self.env["account.move"].union(*by_move)
        self.env["service.billing.event"]._log(
            "credit_used",
            documents.filtered("billing_managed"),
            details_by_id={move.id: partials._get_credit_details() for move, partials in by_move.items()},
            once_key_by_id={move.id: f"credit_used:{min(partials.ids)}" for move, partials in by_move.items()},
        )

    # === GETTERS === #

    def _get_credit_details(self):
        """Return what the log keeps of the credit that paid a document.

        :rtype: dict[str, str]
        """
        currency = self.debit_currency_id
        return {
            "amount": f"{sum(self.mapped('debit_amount_currency')):.{currency.decimal_places}f}",
            "currency": currency.name,
            "credit": ", ".join(self.credit_move_id.move_id.mapped("name")),
        }

    def _get_documents(self):
        """Return the documents of ours that the partials settle.

        :rtype: recordset of `account.move`
        """
        return (self.debit_move_id | self.credit_move_id).move_id.filtered("billing_managed")
