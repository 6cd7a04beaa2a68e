from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .account_move import MANAGED_TYPES


class AccountJournal(models.Model):
    """Strict mode: what is posted in the sales journals of the company is sealed with core's hash."""

    _inherit = "account.journal"

    # === CONSTRAINT METHODS === #

    @api.constrains("restrict_mode_hash_table", "type", "company_id")
    def _check_strict_hash(self):
        if any(journal._is_to_be_sealed() and not journal.restrict_mode_hash_table for journal in self):
            raise ValidationError(self.env._("Strict mode seals what is posted in sales journals: leave the hash on."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            if vals.get("type") == "sale" and company.billing_strict:
                vals["restrict_mode_hash_table"] = True
        return super().create(vals_list)

    # === BUSINESS METHODS - STRICT MODE === #

    def _check_unsealed(self):
        """Make sure that no document of the journals is sealed.

        :raise UserError: If one is; the sentence names it.
        """
        sealed = [("journal_id", "in", self.ids), ("inalterable_hash", "!=", False)]
        move = self.env["account.move"].search(sealed, limit=1)
        if move:
            raise UserError(
                self.env._("%(number)s is sealed already: strict mode cannot be turned off.", number=move.name)
            )

    def _check_series_unbroken(self):
        """Make sure that the series that go on have no gap: core seals no document behind one.

        :raise UserError: If one has; the sentence names the number behind the gap.
        """
        for journal in self:
            for move_type in MANAGED_TYPES:
                move = journal._find_gap(move_type)
                if move:
                    raise UserError(
                        self.env._(
                            "The number before %(number)s is missing: choose a new number format first.",
                            number=move.name,
                        )
                    )

    # === GETTERS === #

    def _is_to_be_sealed(self):
        self.ensure_one()
        return self.type == "sale" and self.company_id.billing_strict

    def _find_gap(self, move_type):
        """Return a document whose number follows a gap in the series that the next document continues.

        Note: `self.ensure_one()`

        :param str move_type: The kind of document.
        :rtype: recordset of `account.move`
        """
        self.ensure_one()
        moves = self.env["account.move"]
        coming = moves.new({"journal_id": self.id, "company_id": self.company_id.id, "move_type": move_type})
        series = [
            ("journal_id", "=", self.id),
            ("sequence_prefix", "=", coming._get_series()),
            ("state", "=", "posted"),
        ]
        first = moves.search(series, order="sequence_number", limit=1)
        return moves.search([*series, ("made_sequence_gap", "=", True), ("id", "!=", first.id)], limit=1)
