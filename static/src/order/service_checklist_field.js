import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Names what a service order has and what it still lacks before it is done. */
export class ServiceChecklistField extends Component {
    static template = "service_billing.ServiceChecklistField";
    static props = { ...standardFieldProps };

    get checks() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("service_checklist", {
    component: ServiceChecklistField,
    displayName: _t("Checklist"),
    supportedTypes: ["json"],
});
