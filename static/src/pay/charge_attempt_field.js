import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useEffect } from "@odoo/owl";

const MILLISECONDS_BETWEEN_LOOKS = 1000;
const STYLES = { failed: "text-danger", needs_customer: "text-warning-emphasis", succeeded: "text-success" };

/** Tells how charging a card stands, and looks again until it is over. */
export class ChargeAttemptField extends Component {
    static template = "service_billing.ChargeAttemptField";
    static props = { ...standardFieldProps };

    setup() {
        useEffect(
            (isUnderWay) => {
                if (isUnderWay) {
                    this.timer = setTimeout(() => this.look(), MILLISECONDS_BETWEEN_LOOKS);
                }
            },
            () => [this.isUnderWay, this.looks],
        );
        onWillUnmount(() => clearTimeout(this.timer));
    }

    looks = 0;

    get state() {
        return this.props.record.data.billing_attempt_state;
    }

    get isUnderWay() {
        return ["waiting", "charging"].includes(this.state);
    }

    get text() {
        return this.props.record.data[this.props.name];
    }

    get style() {
        return STYLES[this.state];
    }

    async look() {
        this.looks += 1;
        // What somebody is typing stays.
        if (!this.props.record.dirty) {
            await this.props.record.load();
        }
        this.render();
    }
}

export const chargeAttemptField = {
    component: ChargeAttemptField,
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "billing_attempt_state", type: "char" }],
};

registry.category("fields").add("service_charge_attempt", chargeAttemptField);
