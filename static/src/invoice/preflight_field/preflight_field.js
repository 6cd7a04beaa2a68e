import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What is wrong with a draft, or looks wrong, with a button that leads to what is to be mended. */
export class PreflightField extends Component {
    static template = "service_billing.PreflightField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get findings() {
        return this.props.record.data[this.props.name] || [];
    }

    async fix(code) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_fix_preflight", [record.resId, code]);
        if (action) {
            await this.action.doAction(action, { onClose: () => record.load() });
        } else {
            await record.load();
        }
    }
}

export const preflightField = {
    component: PreflightField,
    supportedTypes: ["json"],
};

registry.category("fields").add("service_preflight", preflightField);
