"""Amounts in the smallest unit of a currency, and what Stripe keeps of them."""

from .errors import RefusalError

# https://docs.stripe.com/currencies
KNOWN = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp "
    "cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr "
    "isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn "
    "myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle "
    "sos srd szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw"
)
WITHOUT_DECIMALS = {
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
}  # fmt: skip
WITH_THREE_DECIMALS = {"bhd", "jod", "kwd", "omr", "tnd"}
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM = {
    "aed": 200, "bgn": 100, "czk": 1500, "dkk": 250, "gbp": 30, "hkd": 400, "huf": 17500, "mxn": 1000, "myr": 200,
    "nok": 300, "pln": 200, "ron": 200, "sek": 300, "thb": 1000,
}  # fmt: skip
USUAL_MINIMUM = 50
LARGEST = 99_999_999
# Pretended: real fees depend on country, card and contract.
FEE_PER_THOUSAND, FEE_FIXED = 15, 25


def check_amount(amount, currency):
    """Refuse an amount that Stripe would not charge.

    :param int amount: In the smallest unit.
    :param str currency: Its code.
    :return: The code in lower case.
    :raise RefusalError: If it is too small, too large or has a digit too many.
    """
    currency = currency.lower()
    if currency not in KNOWN.split():
        raise RefusalError(f"Invalid currency: {currency}.", param="currency")
    if amount < MINIMUM.get(currency, USUAL_MINIMUM):
        raise RefusalError(
            f"Amount must be at least {show_amount(MINIMUM.get(currency, USUAL_MINIMUM), currency)}",
            code="amount_too_small",
            param="amount",
        )
    if amount > LARGEST:
        raise RefusalError(
            f"Amount must be no more than {show_amount(LARGEST, currency)}", code="amount_too_large", param="amount"
        )
    if currency in WITH_THREE_DECIMALS and amount % 10:
        raise RefusalError(f"Invalid amount: the last digit of an amount in {currency} must be 0.", param="amount")
    return currency


def show_amount(amount, currency):
    """Return an amount as people read it.

    >>> show_amount(1250, "eur"), show_amount(500, "jpy")
    ('12.50 EUR', '500 JPY')

    :param int amount: In the smallest unit.
    :rtype: str
    """
    digits = 0 if currency in WITHOUT_DECIMALS else 3 if currency in WITH_THREE_DECIMALS else 2
    return f"{amount / 10**digits:,.{digits}f} {currency.upper()}"


def get_fee(amount, currency):
    """Return what Stripe keeps of a charge.

    :param int amount: In the smallest unit.
    :rtype: int
    """
    return amount * FEE_PER_THOUSAND // 1000 + (0 if currency in WITHOUT_DECIMALS else FEE_FIXED)
