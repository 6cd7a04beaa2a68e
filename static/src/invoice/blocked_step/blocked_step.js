import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

/** A button that cannot be pressed now, and says why. */
export class BlockedStep extends Component {
    static template = "service_billing.BlockedStep";
    static props = { ...standardWidgetProps, label: { type: String }, hint: { type: String } };

    get reason() {
        return this.props.record.data[this.props.hint] || "";
    }
}

export const blockedStep = {
    component: BlockedStep,
    extractProps: ({ attrs }) => ({ label: attrs.string, hint: attrs.hint }),
};

registry.category("view_widgets").add("service_blocked_step", blockedStep);
