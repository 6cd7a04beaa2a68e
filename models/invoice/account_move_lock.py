from odoo import api, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """The lock: after finalize nothing that a customer can see changes, and nothing is deleted."""

    _inherit = "account.move"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if not self.env.su:
            moves._check_unlinked()
        for move in moves.filtered(lambda move: move.billing_managed != move._is_to_be_managed()):
            # In sudo mode to set right what the caller passed: nobody steps out of the rules.
            move.sudo().billing_managed = move._is_to_be_managed()
        self.env.add_to_compute(self._fields["billing_status"], moves)
        return moves

    def write(self, vals):
        self._check_kept_fields(vals)
        self._check_locked_fields(vals)
        if vals.get("state") == "posted":
            self._check_finalizable()
        return super().write(vals)

    def unlink(self):
        # Before core empties the document, so that the sentence is about the document and not about its lines.
        self._check_never_finalized()
        return super().unlink()

    # === ACTION METHODS === #

    def action_toggle_block_payment(self):
        self.check_access("write")
        # In sudo mode to write the payment state, which nobody may write by hand.
        return super(AccountMove, self.sudo()).action_toggle_block_payment()

    # === BUSINESS METHODS - LOCK === #

    def _check_never_finalized(self):
        finalized = self.filtered(lambda move: move._is_guarded() and move.posted_before)[:1]
        if finalized:
            finalized._refuse(
                self.env._("%(number)s is finalized and cannot be deleted: make a credit note.", number=finalized.name)
            )

    def _check_draftable(self):
        for move in self:
            if move._is_locked():
                move._refuse(
                    self.env._("%(number)s is finalized for good: make a credit note instead.", number=move.name)
                )
        super()._check_draftable()

    def _check_unlinked(self):
        """Make sure that nobody makes a document that steps out of the rules, or carries what a step left on another.

        :raise UserError: If somebody does.
        """
        for name in self._get_step_fields():
            if self._fields[name].type != "many2many" and any(move[name] for move in self):
                label = self._fields[name]._description_string(self.env)
                raise UserError(self.env._("%(field)s cannot be changed by hand.", field=label))

    def _check_kept_fields(self, vals):
        touched = () if self.env.su else self._get_kept_fields() & vals.keys()
        for name in touched:
            if any(move._will_change(move, vals, name) for move in self):
                label = self._fields[name]._description_string(self.env)
                raise UserError(self.env._("%(field)s cannot be changed by hand.", field=label))

    def _check_locked_fields(self, vals):
        touched = self._get_locked_fields() & vals.keys()
        for move in self if touched else ():
            changed = move._is_locked() and [name for name in touched if self._will_change(move, vals, name)]
            if changed:
                move._refuse(
                    self.env._(
                        "%(number)s is finalized: %(field)s cannot change.",
                        number=move.name,
                        field=self._fields[changed[0]]._description_string(self.env),
                    )
                )

    def _check_lines_open(self):
        locked = self.filtered(lambda move: move._is_locked())[:1]
        if locked:
            locked._refuse(self.env._("%(number)s is finalized: its lines cannot change.", number=locked.name))

    def _refuse(self, reason):
        """Refuse what somebody tries with a finalized document, and write the attempt down.

        Note: `self.ensure_one()`

        :param str reason: What is wrong and what to do.
        :raise UserError: Always, with that.
        """
        self.ensure_one()
        self.env["service.billing.refusal"]._log(self, reason)
        raise UserError(reason)

    # === GETTERS === #

    def _is_locked(self):
        """Tell whether the document is finalized, so that its customer may have seen it.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self._is_guarded() and self.state == "posted"

    def _is_guarded(self):
        """Tell whether the rules of Service Billing hold for the document, or for the entry of one of ours.

        Note: `self.ensure_one()`

        :rtype: bool
        """
        self.ensure_one()
        return self.billing_managed or bool(self.billing_origin_move_id)

    @api.model
    def _will_change(self, record, vals, name):
        """Tell whether writing the values gives a field of the record another value.

        :param record: The record to be written.
        :param dict vals: What is written, as `write` has it.
        :param str name: The field, one of the values.
        :rtype: bool
        """
        field = record._fields[name]
        if field.type in ("date", "char", "html"):
            value = field.convert_to_record(field.convert_to_cache(vals[name], record), record)
            return (value or False) != (record[name] or False)
        return self._field_will_change(record, vals, name)

    @api.model
    def _get_kept_fields(self):
        """Return the fields that nobody writes by hand, whatever the state of the document.

        :rtype: set[str]
        """
        return {
            "billing_managed",
            "billing_status",
            "billing_released_line_ids",
            "billing_run_line_id",
            "payment_state",
        } | self._get_step_fields()

    @api.model
    def _get_step_fields(self):
        """Return the fields that only the steps of a finalized document write. Later files add theirs.

        :rtype: set[str]
        """
        return {
            "billing_origin_move_id", "billing_void_move_id", "billing_void_reason", "billing_void_text",
            "billing_writeoff_move_id", "billing_writeoff_reason", "billing_writeoff_text", "billing_is_recovering",
            "billing_sent_on", "billing_delivered_on", "billing_corrects_move_id", "billing_carried_line_ids",
        }  # fmt: skip

    @api.model
    def _get_locked_fields(self):
        """Return the fields that are locked after finalize: what the customer can see, and what follows from it.

        :rtype: set[str]
        """
        return {
            # printed
            "name", "partner_id", "partner_shipping_id", "partner_bank_id", "invoice_date", "invoice_date_due",
            "delivery_date", "taxable_supply_date", "ref", "payment_reference", "invoice_origin", "narration",
            "currency_id", "invoice_currency_rate", "invoice_payment_term_id", "fiscal_position_id",
            "invoice_incoterm_id", "incoterm_location", "company_id", "journal_id", "move_type", "reversed_entry_id",
            "billing_credit_reason", "billing_credit_text", "qr_code_method", "invoice_line_ids",
            "invoice_pdf_report_file",
            # kept by the ledger
            "state", "posted_before", "date", "line_ids", "invoice_cash_rounding_id", "commercial_partner_id",
            "invoice_partner_display_name", "sequence_prefix", "sequence_number", "amount_untaxed", "amount_tax",
            "amount_total", "amount_residual", "amount_untaxed_signed", "amount_untaxed_in_currency_signed",
            "amount_tax_signed", "amount_total_signed", "amount_total_in_currency_signed", "amount_residual_signed",
        }  # fmt: skip


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.move_id._check_lines_open()
        return lines

    def write(self, vals):
        touched = self._get_locked_fields() & vals.keys()
        target = self.move_id.browse(vals.get("move_id"))
        if touched and any(move._is_locked() for move in self.move_id | target):
            changed = self.filtered(lambda line: any(target._will_change(line, vals, name) for name in touched))
            if changed:
                (changed.move_id | target)._check_lines_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _except_finalized(self):
        self.move_id._check_lines_open()

    # === GETTERS === #

    @api.model
    def _get_locked_fields(self):
        """Return the fields of a line that are locked after finalize: what the customer can see, and what carries
        its amount or ties it to its document.

        :rtype: set[str]
        """
        return {
            # printed
            "name", "product_id", "product_uom_id", "quantity", "price_unit", "discount", "tax_ids", "price_subtotal",
            "price_total", "sequence", "display_type", "collapse_composition", "collapse_prices", "date_maturity",
            "discount_date", "discount_amount_currency", "discount_balance",
            # kept by the ledger
            "account_id", "partner_id", "currency_id", "balance", "debit", "credit", "amount_currency",
            "amount_residual", "amount_residual_currency", "reconciled", "tax_line_id", "move_id", "parent_state",
            "move_name", "ref", "date", "invoice_date", "company_id", "journal_id",
        }  # fmt: skip
