import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { listView } from "@web/views/list/list_view";
import { AccountMoveListController } from "@account/views/account_move_list/account_move_list_controller";

export const MAX_INVOICES = 100;

export class InvoiceListModel extends RelationalModel {
    /** Never load more invoices at a time than the pager may ask for. */
    async _updateConfig(config, patch, options) {
        const capped = patch.limit > MAX_INVOICES ? { ...patch, limit: MAX_INVOICES } : patch;
        return super._updateConfig(config, capped, options);
    }
}

export const invoiceListView = {
    ...listView,
    Model: InvoiceListModel,
    Controller: AccountMoveListController,
};

registry.category("views").add("service_invoice_list", invoiceListView);
