import base64
import csv
import io

from .common_jobs import performing_jobs
from .common_money import MoneyCommon

HEADER = ("Reference", "Customer", "E-mail", "VAT", "Date", "Due date", "Currency", "Description", "Quantity",
          "Price", "Tax", "Product code", "Note")  # fmt: skip


class ImportCommon(MoneyCommon):
    """Files of invoices, as the biller uploads them."""

    @classmethod
    def _upload(cls, *rows, user=None, header=HEADER, **values):
        """Return an import whose columns were guessed. A row is a dict by name of column."""
        output = io.StringIO()
        writer = csv.DictWriter(output, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return cls._upload_text(output.getvalue(), user=user, **values)

    @classmethod
    def _upload_text(cls, text, *, user=None, encoding="utf-8", **values):
        user = user or cls.biller
        batch = (
            cls.env["service.invoice.import"]
            .with_user(user)
            .with_company(user.company_id)
            .create({"file": base64.b64encode(text.encode(encoding)), "file_name": "old.csv", **values})
        )
        batch.action_read()
        return batch

    @classmethod
    def _check(cls, *rows, **values):
        """Return an import whose rows were checked."""
        batch = cls._upload(*rows, **values)
        batch.action_check()
        return batch

    @classmethod
    def _import(cls, *rows, **values):
        """Return an import that ran."""
        batch = cls._check(*rows, **values)
        cls._run(batch)
        return batch

    @classmethod
    def _run(cls, batch):
        with performing_jobs():
            batch.action_run()

    @classmethod
    def _row(cls, reference="A1", **values):
        return {
            "Reference": reference,
            "Customer": cls.customer.name,
            "Description": "Work",
            "Price": "100.50",
            **{name.replace("_", " "): value for name, value in values.items()},
        }
