import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

/** The status of an invoice, and beside it that it is overdue. */
export class InvoiceStatusField extends BadgeField {
    static template = "service_billing.InvoiceStatusField";
}

export const invoiceStatusField = {
    ...badgeField,
    component: InvoiceStatusField,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "billing_overdue", type: "boolean" }],
};

registry.category("fields").add("service_invoice_status", invoiceStatusField);
