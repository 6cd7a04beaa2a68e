import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How a line is billed, and the way to the charge that it comes from. */
export class ChargeLinkField extends Component {
    static template = "service_billing.ChargeLinkField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get isCharged() {
        return this.props.record.data.billing_is_charged;
    }

    /** The decision in words, unless the line is simply billed. */
    get decision() {
        const { data, fields } = this.props.record;
        const value = data[this.props.name];
        const [, label] = fields[this.props.name].selection.find(([key]) => key === value) || [];
        return value === "billable" ? "" : label;
    }

    get title() {
        return _t("From a charge: open it");
    }

    async onClick() {
        const { record } = this.props;
        if (await record.model.root.save()) {
            await this.action.doActionButton({
                type: "object",
                name: "action_view_charge",
                resModel: record.resModel,
                resId: record.resId,
                context: record.context,
            });
        }
    }
}

registry.category("fields").add("service_charge_link", {
    component: ChargeLinkField,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "billing_is_charged", type: "boolean" }],
});
