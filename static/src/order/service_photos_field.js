import { isMobileOS } from "@web/core/browser/feature_detection";
import { FileInput } from "@web/core/file_input/file_input";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Many2ManyBinaryField, many2ManyBinaryField } from "@web/views/fields/many2many_binary/many2many_binary_field";

/** A file input that opens the camera of a phone. */
export class CameraInput extends FileInput {
    static template = "service_billing.CameraInput";
}

/** Photos as pictures, taken with the camera or chosen from files. */
export class ServicePhotosField extends Many2ManyBinaryField {
    static template = "service_billing.ServicePhotosField";
    static components = { ...Many2ManyBinaryField.components, CameraInput };

    setup() {
        super.setup();
        this.hasCamera = isMobileOS();
        this.removeLabel = _t("Remove the photo");
    }

    /** A photo of an order that is not saved would be seen by nobody but its author. */
    saveFirst() {
        return this.props.record.save();
    }
}

registry.category("fields").add("service_photos", {
    ...many2ManyBinaryField,
    component: ServicePhotosField,
    displayName: _t("Photos"),
});
