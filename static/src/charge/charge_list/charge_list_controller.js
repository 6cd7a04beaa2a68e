import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { ListController } from "@web/views/list/list_controller";
import { executeButtonCallback } from "@web/views/view_button/view_button_hook";

export class ChargeListController extends ListController {
    static template = "service_billing.ChargeListView";

    get openCharges() {
        return this.model.root.selection.filter((charge) => charge.data.state === "open");
    }

    /** Whether the button that drafts invoices has something to do. */
    get canInvoice() {
        return this.isDomainSelected || this.openCharges.length > 0;
    }

    /** For instance "Invoice 3 selected charges ($412.00)"; a sum for each currency. */
    get invoiceLabel() {
        if (this.isDomainSelected) {
            return _t("Invoice all open charges");
        }
        const count = this.openCharges.length;
        const totals = this.selectedTotals.join(" + ");
        return count === 1
            ? _t("Invoice 1 selected charge (%(totals)s)", { totals })
            : _t("Invoice %(count)s selected charges (%(totals)s)", { count, totals });
    }

    get selectedTotals() {
        const totals = new Map();
        for (const { data } of this.openCharges) {
            const currencyId = data.currency_id.id;
            totals.set(currencyId, (totals.get(currencyId) || 0) + data.price_total);
        }
        return [...totals].map(([currencyId, total]) => formatMonetary(total, { currencyId }));
    }

    async onClickInvoice() {
        return executeButtonCallback(this.rootRef.el, async () =>
            this.actionService.doActionButton({
                type: "object",
                name: "action_create_invoices",
                resModel: this.props.resModel,
                resIds: await this.model.root.getResIds(true),
                context: this.props.context,
                onClose: () => this.model.load(),
            }),
        );
    }
}
