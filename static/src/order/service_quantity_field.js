import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A quantity that goes up and down by one with a tap, also where the line is not being edited. */
export class ServiceQuantityField extends Component {
    static template = "service_billing.ServiceQuantityField";
    static components = { FloatField };
    static props = { ...FloatField.props, isFixed: { type: Boolean, optional: true } };

    setup() {
        this.lessLabel = _t("One less");
        this.moreLabel = _t("One more");
    }

    get quantity() {
        return this.props.record.data[this.props.name];
    }

    get floatProps() {
        const props = { ...this.props };
        delete props.isFixed;
        return props;
    }

    change(step) {
        return this.props.record.update({ [this.props.name]: this.quantity + step });
    }
}

registry.category("fields").add("service_quantity", {
    ...floatField,
    component: ServiceQuantityField,
    displayName: _t("Quantity with Plus and Minus"),
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        isFixed: dynamicInfo.readonly,
    }),
});
