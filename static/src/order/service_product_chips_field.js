import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useOrderCall } from "./use_order_call";

/** Products as buttons: one tap adds one unit to the service order. */
export class ServiceProductChipsField extends Component {
    static template = "service_billing.ServiceProductChipsField";
    static props = { ...standardFieldProps };

    setup() {
        this.callOrder = useOrderCall();
    }

    get products() {
        return this.props.record.data[this.props.name].records.map(({ resId, data }) => ({
            id: resId,
            name: data.display_name,
            label: _t("Add %s", data.display_name),
        }));
    }

    add(product) {
        return this.callOrder(this.props.record, "action_add_product", product.id);
    }
}

registry.category("fields").add("service_product_chips", {
    component: ServiceProductChipsField,
    displayName: _t("Products to Add"),
    supportedTypes: ["many2many"],
    relatedFields: [{ name: "display_name", type: "char" }],
});
