import { useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { NameAndSignature } from "@web/core/signature/name_and_signature";
import { SignatureField, signatureField } from "@web/views/fields/signature/signature_field";

/** A pad that also writes the signature for whoever has a name and no hand free to draw. */
export class SignaturePad extends NameAndSignature {
    static template = "service_billing.SignaturePad";
    static props = { ...NameAndSignature.props, fullName: { type: String } };
}

/** A signature that is drawn right on the page: no dialog, one gesture, kept after each stroke. */
export class ServiceSignatureField extends SignatureField {
    static template = "service_billing.ServiceSignatureField";
    static components = { ...SignatureField.components, SignaturePad };

    setup() {
        super.setup();
        this.imageLabel = _t("Signature of the customer");
        this.state.isSigning = !this.value;
        const getFullName = () => this.fullName;
        this.signature = useState({
            isSignatureEmpty: true,
            get name() {
                return getFullName();
            },
        });
    }

    get fullName() {
        return (this.props.fullName && this.props.record.data[this.props.fullName]) || "";
    }

    get isSigning() {
        return !this.props.readonly && (this.state.isSigning || !this.value);
    }

    signAgain() {
        this.state.isSigning = true;
    }

    async onSignatureChange() {
        const { isSignatureEmpty } = this.signature;
        if (isSignatureEmpty && !this.isDrawn) {
            return;
        }
        this.isDrawn = !isSignatureEmpty;
        this.state.isSigning = true;
        const image = isSignatureEmpty ? false : this.signature.getSignatureImage().split(",")[1];
        await this.props.record.update({ [this.props.name]: image });
    }
}

registry.category("fields").add("service_signature", {
    ...signatureField,
    component: ServiceSignatureField,
    displayName: _t("Signature on the Page"),
});
