"""The whole story in Chromium: a technician closes an order, a biller turns it into money. A picture a step."""
