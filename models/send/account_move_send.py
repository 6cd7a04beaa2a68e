from odoo import api, models

JSON_SETTINGS = ("sending_methods", "extra_edis", "invoice_edi_format", "mail_attachments_widget")


class AccountMoveSend(models.AbstractModel):
    """Core's way to send, for our documents: the click queues a delivery, the job goes the way of core, and the mail
    is the delivery's."""

    _inherit = "account.move.send"

    # === BUSINESS METHODS - QUEUEING === #

    @api.model
    def _generate_and_send_invoices(
        self, moves, from_cron=False, allow_raising=True, allow_fallback_pdf=False, **custom_settings
    ):
        """Override of `account` to queue the mails of our documents, whoever asks for them; a job calls this again."""
        queued = moves.browse()
        if not custom_settings.get("billing_deliveries"):
            queued = moves.filtered(lambda move: self._is_queued(move, custom_settings))
            self._check_move_constraints(queued)
            queued._send_to_customer(**queued._dump_send_settings(custom_settings))
        others = moves - queued
        if not others:
            return self.env["ir.attachment"]
        return super()._generate_and_send_invoices(
            others,
            from_cron=from_cron,
            allow_raising=allow_raising,
            allow_fallback_pdf=allow_fallback_pdf,
            **custom_settings,
        )

    @api.model
    def _is_queued(self, move, custom_settings):
        methods = custom_settings.get("sending_methods", self._get_default_sending_methods(move))
        return move.billing_managed and "email" in methods

    # === BUSINESS METHODS - SENDING === #

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        settings = super()._get_default_sending_settings(move, from_cron=from_cron, **custom_settings)
        return {**settings, "billing_deliveries": custom_settings.get("billing_deliveries")}

    @api.model
    def _is_applicable_to_move(self, method, move, **move_data):
        """Override of `account`: who gets the mail is known by the deliveries."""
        is_ours = method == "email" and move_data.get("billing_deliveries")
        return bool(is_ours) or super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _link_invoice_documents(self, invoices_data):
        """Override of `account`: a document of ours is sent when a mail server took it, not when its PDF is there."""
        unsent = [
            move for move, data in invoices_data.items() if data.get("billing_deliveries") and not move.is_move_sent
        ]
        super()._link_invoice_documents(invoices_data)
        for move in unsent:
            move.is_move_sent = False

    @api.model
    def _send_mails(self, moves_data):
        """Override of `account` to write the mails of our deliveries; they are handed over once all are written."""
        ours = {move: data for move, data in moves_data.items() if data.get("billing_deliveries")}
        self._generate_dynamic_reports(ours)
        for move, data in ours.items():
            files = self._get_mail_params(move, data)["attachments"]
            pdf = move.invoice_pdf_report_id
            if not (data["billing_deliveries"][0].settings or {}).get("attach_pdf", True):
                files = [(name, content) for name, content in files if name != pdf.name]
            data["billing_deliveries"]._prepare_mails(files)
        others = {move: data for move, data in moves_data.items() if move not in ours}
        return super()._send_mails(others) if others else None


class AccountMove(models.Model):
    _inherit = "account.move"

    # === BUSINESS METHODS - SETTINGS === #

    def _dump_send_settings(self, settings):
        """Translate what core's sending takes into what a delivery keeps.

        :param dict settings: As `account.move.send` has them.
        :return: As `_send_to_customer` takes them.
        :rtype: dict
        """
        kept = {name: settings[name] for name in JSON_SETTINGS if name in settings}
        # Without files that somebody added, core's own choice holds.
        kept["mail_attachments_widget"] = kept.get("mail_attachments_widget") or None
        kept["sending_methods"] = list(kept.get("sending_methods") or ["email"])
        kept["extra_edis"] = list(kept["extra_edis"]) if "extra_edis" in kept else None
        if settings.get("pdf_report"):
            kept["pdf_report_id"] = settings["pdf_report"].id
        return {name: value for name, value in kept.items() if value is not None}

    def _load_send_settings(self, kept):
        """Translate what a delivery keeps into what core's sending takes.

        :param dict kept: As `_dump_send_settings` returns it.
        :return: As `account.move.send` has them.
        :rtype: dict
        """
        kept = kept or {}
        settings = {name: kept[name] for name in JSON_SETTINGS if kept.get(name)}
        settings.setdefault("sending_methods", ["email"])
        if kept.get("pdf_report_id"):
            settings["pdf_report"] = self.env["ir.actions.report"].browse(kept["pdf_report_id"])
        return settings
