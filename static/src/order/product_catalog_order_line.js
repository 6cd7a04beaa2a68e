import { patch } from "@web/core/utils/patch";
import { ProductCatalogOrderLine } from "@product/product_catalog/order_line/order_line";

patch(ProductCatalogOrderLine.prototype, {
    /** The server sends no price to a technician who may not see prices. */
    get showPrice() {
        return super.showPrice && !(this.env.orderResModel === "service.order" && !this.props.price);
    },
});
