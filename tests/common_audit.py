from .common_money import MoneyCommon


class AuditCommon(MoneyCommon):
    """What is logged is logged when a transaction ends: `_trail` brings that about and reads the log."""

    @classmethod
    def _trail(cls, record):
        """Return the events of a document, the first one first."""
        cls.env.cr.flush()
        return cls.env["service.billing.event"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="sequence"
        )

    def _assert_trail(self, record, *kinds):
        self.assertEqual(self._trail(record).mapped("kind"), list(kinds))

    def _break(self, query, *args):
        """Change the log straight in the database, with its guard switched off."""
        self.env.cr.execute("ALTER TABLE service_billing_event DISABLE TRIGGER USER")
        self.env.cr.execute(query, args)
        self.env.cr.execute("ALTER TABLE service_billing_event ENABLE TRIGGER USER")
        self.env.invalidate_all()
