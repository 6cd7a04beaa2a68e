"""The customer's account area: opened with a code from the mail, or logged in."""

VISA = "4242424242424242"


def save_card(visit, mailbox, address):
    """Open the account area with a code from the mail, and save a card there.

    :param Visit visit: The customer's page.
    :param Mailbox mailbox: Where the code arrives.
    :param str address: The customer's.
    """
    visit.open("/service/account")
    visit.page.locator("#email").fill(address)
    visit.page.locator("button.main").click()
    visit.page.locator("#code").fill(mailbox.take_code(address))
    visit.take_picture("customer_code")
    visit.page.get_by_role("button", name="Open My Account").click()
    visit.see("Your cards")
    visit.take_picture("customer_account")
    visit.page.get_by_role("link", name="Save a Card").click()
    visit.take_picture("customer_consent")
    visit.page.locator("button.main").click()
    visit.page.locator("#card_number").fill(VISA)
    visit.page.locator("button.primary").click()
    visit.see("Your card is saved")
    visit.open("/service/account")
    visit.page.get_by_role("heading", name="Your cards").scroll_into_view_if_needed()
    visit.see("4242")
    visit.take_picture("customer_saved_card")
