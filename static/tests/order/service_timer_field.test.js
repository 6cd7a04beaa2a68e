import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { advanceTime, mockDate } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Visit extends models.Model {
    _records = [
        { id: 1, running_since: "2026-11-20 08:00:00" },
        { id: 2, running_since: "2026-11-20 11:00:00" },
        { id: 3, running_since: false },
    ];

    running_since = fields.Datetime();
}

defineMailModels();
defineModels([Visit]);

function mountTimer(resId) {
    mockDate("2026-11-20 09:07:04", 0);
    return mountView({
        type: "form",
        resModel: "visit",
        resId,
        arch: `<form><field name="running_since" widget="service_timer"/></form>`,
    });
}

test("a running timer counts on", async () => {
    await mountTimer(1);
    expect("[role=timer]").toHaveText(/^1:07:\d\d$/);

    mockDate("2026-11-20 10:30:00", 0);
    await advanceTime(1000);

    expect("[role=timer]").toHaveText(/^2:30:\d\d$/);
});

test("a clock behind the server's shows no negative time", async () => {
    await mountTimer(2);

    expect("[role=timer]").toHaveText("0:00:00");
});

test("no timer shows zero", async () => {
    await mountTimer(3);

    expect("[role=timer]").toHaveText("0:00:00");
});
