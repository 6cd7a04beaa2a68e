from odoo import fields, models

KIND_BY_LINE_KIND = {"labor": "labor", "part": "part", "fixed": "service"}


class ServiceOrderLine(models.Model):
    _inherit = "service.order.line"

    charge_ids = fields.One2many(
        comodel_name="service.charge", inverse_name="order_line_id", groups="service_billing.group_biller"
    )

    # === BUSINESS METHODS - CHARGES === #

    def _filter_accounted(self):
        # In sudo mode because a technician has no rights on charges.
        return super()._filter_accounted() | self.filtered(lambda line: line.sudo().charge_ids)

    def _apply_to_charges(self):
        """Make the charges of the lines add up to what was worked. What is not invoiced yet is corrected in place;
        against what is invoiced, only the difference becomes a charge, with the next revision. Less work than was
        invoiced makes no charge: that takes a credit note.
        """
        values, obsolete = [], self.env["service.charge"]
        for line in self:
            shares = line._get_shares()
            for charge, quantity in shares.items():
                if quantity > 0:
                    charge.write({**line._prepare_charge_values(quantity=quantity), "is_ready": True})
                else:
                    obsolete |= charge
            if not shares and line._get_uncharged_quantity() > 0:
                values.append(line._prepare_charge_source_values(quantity=line._get_uncharged_quantity()))
        obsolete._take_off_draft()
        obsolete.unlink()
        self.env["service.charge"].create(values)

    def _get_shares(self):
        """Part what was worked and is neither invoiced nor waived among the charges that are not invoiced yet: each
        keeps its quantity as long as there is any left, the last one takes the rest.

        Note: `self.ensure_one()`

        :return: `{charge: quantity}`, in the line's unit; 0 or less: there is nothing left for the charge.
        :rtype: dict
        """
        self.ensure_one()
        shares, left = {}, self._get_uncharged_quantity()
        uninvoiced = self._get_uninvoiced_charges()
        for charge in uninvoiced:
            is_last = charge == uninvoiced[-1]
            shares[charge] = left if is_last else min(left, charge.quantity)
            left = self.product_uom_id.round(left - shares[charge])
        return shares

    def _get_uninvoiced_charges(self):
        uninvoiced = self.charge_ids.filtered(lambda charge: charge.state in ("pending", "open", "drafted"))
        return uninvoiced.sorted("revision")

    def _get_uncharged_quantity(self):
        """Return what was worked and neither invoiced nor waived, in the line's unit; 0 or less: nothing is left.
        What a credit note took back counts as invoiced, unless somebody decided to bill it again.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        settled = self.charge_ids - self._get_uninvoiced_charges()
        return self.product_uom_id.round(
            self.billed_quantity - sum(charge._get_settled_quantity() for charge in settled)
        )

    def _get_overbilled_quantity(self):
        """Return what was invoiced beyond the work, less what credit notes took back, in the line's unit; 0 or less:
        nothing was.

        Note: `self.ensure_one()`

        :rtype: float
        """
        self.ensure_one()
        invoiced = self.charge_ids.filtered(lambda charge: charge.state == "invoiced")
        billed = sum(charge.quantity - charge.credited_quantity for charge in invoiced)
        return self.product_uom_id.round(billed - self.billed_quantity)

    def _prepare_charge_values(self, **extra):
        """Prepare what a charge takes over from the line.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        return {
            "partner_id": self._get_billed_address().id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.order_id.fiscal_position_id.id,
            "name": self.name,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            "billing_decision": self.billing_decision,
            "technician_id": self.technician_id.id,
            "started_at": self.started_at,
            "stopped_at": self.stopped_at,
            "logged_quantity": self.quantity,
            "lot_id": self.lot_id.id,
            "is_on_annex": self.kind == "labor" and self.order_id.type_id.has_hours_annex,
            **extra,
        }

    def _prepare_charge_source_values(self, **extra):
        """Prepare a new charge of the line: the original, or the next revision.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        earlier = self.charge_ids.sorted("revision")
        return {
            **self._prepare_charge_values(),
            "company_id": self.company_id.id,
            "order_line_id": self.id,
            "kind": KIND_BY_LINE_KIND[self.kind],
            "date": self._get_work_date(),
            "revision": earlier[-1:].revision + 1 if earlier else 0,
            "origin_charge_id": earlier[:1].id,
            **extra,
        }

    def _get_work_date(self):
        """Return the day of the work by the company's clock. Later files know better where there is no time.

        Note: `self.ensure_one()`

        :rtype: date
        """
        self.ensure_one()
        moment = self.stopped_at or self.order_id.scheduled_start or fields.Datetime.now()
        return self.company_id._get_billing_time(moment).date()

    def _get_billed_address(self):
        self.ensure_one()
        return self.order_id.partner_invoice_id or self.order_id.partner_id
