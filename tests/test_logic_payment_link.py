from urllib.parse import urlsplit

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..models.logic.payment_link import (
    BAD_BRACES,
    NO_HOST,
    NOT_SECURE,
    UNKNOWN_PLACEHOLDER,
    fill_template,
    find_template_error as find_error,
)


@tagged("post_install", "-at_install")
class TestLogicPaymentLink(BaseCase):
    def test_secure_addresses_with_known_placeholders_hold(self):
        for template in (
            "https://paypal.me/firm/{amount}{currency}",
            "https://pay.example.com:8443/?amount={amount}&note={ref}#top",
            "https://example.com/",
        ):
            with self.subTest(template):
                self.assertEqual(find_error(template), "")

    def test_what_is_wrong_is_named(self):
        for template, error in (
            ("http://paypal.me/firm", NOT_SECURE),
            ("javascript:alert(1)//{ref}", NOT_SECURE),
            ("data:text/html,{ref}", NOT_SECURE),
            ("{ref}://example.com", NOT_SECURE),
            ("paypal.me/firm", NOT_SECURE),
            ("https:///firm", NO_HOST),
            ("https://{ref}/firm", NO_HOST),
            ("https://user@example.com/{ref}", NO_HOST),
            ("https://example.com\\@evil.example/", NO_HOST),
            ("https://example.com/a b", NO_HOST),
            ("https://example.com/{customer}", UNKNOWN_PLACEHOLDER),
            ("https://example.com/{ref.__class__}", UNKNOWN_PLACEHOLDER),
            ("https://example.com/{ref!r}", UNKNOWN_PLACEHOLDER),
            ("https://example.com/{amount:99999999}", UNKNOWN_PLACEHOLDER),
            ("https://example.com/{}", UNKNOWN_PLACEHOLDER),
            ("https://example.com/{ref", BAD_BRACES),
            ("https://example.com/}", BAD_BRACES),
        ):
            with self.subTest(template):
                self.assertEqual(find_error(template), error)

    @given(st.text(max_size=40))
    def test_a_value_never_leaves_its_place(self, reference):
        address = urlsplit(
            fill_template("https://example.com/pay/{ref}?x=1#top", amount="1.00", ref=reference, currency="EUR")
        )

        self.assertEqual((address.scheme, address.netloc), ("https", "example.com"))
        self.assertEqual((address.query, address.fragment, address.path.count("/")), ("x=1", "top", 2))
