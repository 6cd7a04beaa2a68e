import socket

from .print_engine_common import RED_PIXEL, PrintCase, make_document


class TestBreakIn(PrintCase):
    def setUp(self):
        super().setUp()
        self.listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.listener.settimeout(0.3)
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"

    def is_hit(self):
        try:
            self.listener.accept()[0].close()
        except TimeoutError:
            return False
        return True

    def test_the_listener_notices_a_visitor(self):
        host, port = self.address.split(":")

        socket.create_connection((host, int(port))).close()

        self.assertTrue(self.is_hit())

    def test_nothing_reaches_the_network(self):
        url, asked = f"http://{self.address}", []
        head = f"""
            <link rel="stylesheet" href="{url}/a.css"/><link rel="preconnect" href="{url}"/>
            <link rel="dns-prefetch" href="{url}"/><link rel="prefetch" href="{url}/b"/>
            <link rel="icon" href="{url}/c"/>
            <link rel="preload" as="image" href="{url}/d"/><link rel="manifest" href="{url}/e"/>
            <style>@import "{url}/f.css"; @font-face {{ font-family: g; src: url({url}/g.ttf); }}
                body {{ background: url({url}/h.png); font-family: g; }}</style>"""
        content = f"""visible
            <img src="{url}/i.png"/><img srcset="{url}/j.png 2x"/><img loading="lazy" src="{url}/k.png"/>
            <svg><image href="{url}/l.png"/><use href="{url}/m.svg#x"/></svg><iframe src="{url}/n"></iframe>
            <object data="{url}/o"></object><embed src="{url}/p"/><video poster="{url}/q" src="{url}/r"></video>
            <audio src="{url}/s" autoplay></audio><script src="{url}/t.js"></script>
            <form action="{url}/u"><input type="image" src="{url}/v.png"/></form>
            <a href="{url}/w" ping="{url}/x">x</a>"""

        [text] = self.print_text(make_document(content, head=head), fetch=asked.append)

        self.assertFalse(self.is_hit())
        self.assertIn("visible", text)
        self.assertIn(f"{url}/i.png", asked)

    def test_document_does_not_leave_for_another_page(self):
        head = f'<meta http-equiv="refresh" content="0; url=http://{self.address}/"/>'

        [text] = self.print_text(make_document("stays", head=head))

        self.assertFalse(self.is_hit())
        self.assertEqual(text, "stays")

    def test_scripts_do_not_run(self):
        intruders = (
            "<script>document.body.textContent = 'intruder'</script>",
            "<img src='data:image/png;base64,x' onerror=\"document.body.textContent = 'intruder'\"/>",
            "<svg onload=\"document.body.textContent = 'intruder'\"></svg>",
            "<iframe srcdoc=\"<script>parent.document.body.textContent = 'intruder'</script>\"></iframe>",
            "<object data='data:text/html,intruder'></object>",
            "<embed src='data:text/html,intruder'/>",
        )

        text = "".join(
            self.print_text(*[make_document(f"stays {intruder}", footer=intruder) for intruder in intruders])
        )

        self.assertEqual(text.count("stays"), len(intruders))
        self.assertNotIn("intruder", text)

    def test_local_files_are_not_read(self):
        secret = self.folder / "secret.css"
        secret.write_text("body:after { content: 'the secret' }")
        picture = self.folder / "red.png"
        picture.write_bytes(RED_PIXEL)
        head = f'<link rel="stylesheet" href="file://{secret}"/><style>@import "file://{secret}";</style>'
        content = f"""<img src="file://{picture}"/><iframe src="file:///etc/passwd"></iframe>
            <object data="file:///etc/passwd"></object><embed src="file:///etc/passwd"/>"""

        [page] = self.print_pages(make_document(content, head=head))

        self.assertNotIn("secret", page.extract_text())
        self.assertNotIn("root", page.extract_text())
        self.assertNotIn(1, [image.image.width for image in page.images])
