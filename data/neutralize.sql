-- a copy of a database takes no money
UPDATE payment_provider
   SET billing_stripe_key = NULL,
       billing_stripe_webhook_secret = NULL,
       billing_stripe_webhook_ref = NULL,
       billing_stripe_webhook_since = NULL;

-- nor does it show invoices to Stripe
UPDATE res_company
   SET billing_stripe_invoicing = FALSE;
