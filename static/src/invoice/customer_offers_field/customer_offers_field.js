import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** Offers the customers that a row of a file could mean: one click chooses, for all rows that name them the same way. */
export class CustomerOffersField extends Component {
    static template = "service_billing.CustomerOffersField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
    }

    /** None once a customer is chosen. */
    get offers() {
        const { record, name } = this.props;
        const offers = record.data.partner_id ? [] : record.data[name] || [];
        return offers.map(([id, label, score]) => ({
            id,
            label,
            percent: Math.floor(score),
            hint: _t("Choose %(customer)s", { customer: label }),
        }));
    }

    async choose(partnerId) {
        const { record } = this.props;
        const { root } = record.model;
        await root.save();
        await this.orm.call(record.resModel, "action_choose", [[record.resId], partnerId]);
        await root.load();
    }
}

export const customerOffersField = {
    component: CustomerOffersField,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "partner_id", type: "many2one", relation: "res.partner" }],
};

registry.category("fields").add("service_customer_offers", customerOffersField);
