"""The text of the QR code that a banking app reads a SEPA transfer from.

European Payments Council, "Quick Response Code: Guidelines to Enable Data Capture for the Initiation of a SEPA Credit
Transfer", EPC069-12, version 3.1.
"""

import re
from decimal import Decimal

from stdnum.iso7064 import mod_97_10

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_CREDITOR_REFERENCE = re.compile(r"RF\d{2}[A-Z0-9]{1,21}")
MAX_NAME, MAX_REFERENCE, MAX_BYTES = 70, 140, 331
MAX_AMOUNT = Decimal("999999999.99")


def is_iban(account: str) -> bool:
    """Tell whether an account number is an IBAN (ISO 13616) with right check digits.

    >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88370400440532013000"), is_iban("0532013000")
    (True, False, False)
    """
    return _has_check_digits(_compact(account), _IBAN)


def is_creditor_reference(reference: str) -> bool:
    """Tell whether a payment reference is a creditor reference (ISO 11649) with right check digits.

    >>> is_creditor_reference("RF18 5390 0754 7034"), is_creditor_reference("INV/2026/00001")
    (True, False)
    """
    return _has_check_digits(_compact(reference), _CREDITOR_REFERENCE)


def format_iban(iban: str) -> str:
    """Write an IBAN the way people read it, in groups of four.

    >>> format_iban("de89370400440532013000")
    'DE89 3704 0044 0532 0130 00'
    """
    return " ".join(re.findall(".{1,4}", _compact(iban)))


def epc_payload(*, name: str, iban: str, amount: Decimal, reference: str, bic: str = "") -> str:
    """Return what the QR code of a transfer in euros says.

    >>> epc_payload(name="Red Cross", iban="BE72000000001616", amount=Decimal("1"), reference="For you").splitlines()
    ['BCD', '002', '1', 'SCT', '', 'Red Cross', 'BE72000000001616', 'EUR1.00', '', '', 'For you']

    :param str name: Who is paid; cut after 70 characters.
    :param str iban: Their account, with or without spaces.
    :param Decimal amount: Euros.
    :param str reference: A creditor reference (ISO 11649), or free text, cut after 140 characters.
    :param str bic: Their bank; not needed within the European Economic Area.
    :return: The lines of the code; empty where the standard has no room for such a transfer.
    """
    if not (is_iban(iban) and name.strip() and Decimal(0) < amount <= MAX_AMOUNT):
        return ""
    text = " ".join(reference.split())
    structured = _compact(text) if is_creditor_reference(text) else ""
    lines = (
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        _compact(bic),
        " ".join(name.split())[:MAX_NAME],
        _compact(iban),
        f"EUR{amount:.2f}",
        "",
        structured,
        "" if structured else text[:MAX_REFERENCE],
    )
    payload = "\n".join(lines).rstrip("\n")
    return payload if len(payload.encode()) <= MAX_BYTES else ""


def _compact(text):
    return re.sub(r"[\W_]", "", text or "").upper()


def _has_check_digits(number, pattern):
    return bool(pattern.fullmatch(number)) and mod_97_10.is_valid(number[4:] + number[:4])
