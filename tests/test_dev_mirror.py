from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.setup.apt_archive import read_mirror

SECURITY = "http://archive.example/debian-security/|Debian|Debian-Security"
BACKPORTS = "http://archive.example/debian/|Debian Backports|Debian Backports"
ARCHIVE = "http://archive.example/debian/|Debian|Debian"
FOREIGN = "https://node.example/node_20.x/|. nodistro|. nodistro"
UBUNTU = "http://archive.example/ubuntu/|Ubuntu|Ubuntu"


class TestMirror(BaseCase):
    def test_archive_is_told_from_security_and_foreign_repositories(self):
        self.assertEqual(
            read_mirror("\n".join([FOREIGN, SECURITY, BACKPORTS, ARCHIVE])), "http://archive.example/debian/"
        )

    def test_first_of_several_mirrors_is_taken(self):
        other = ARCHIVE.replace("archive", "other")

        self.assertEqual(read_mirror(f"{other}\n{ARCHIVE}"), "http://other.example/debian/")

    def test_ubuntu_has_no_debian_archive(self):
        self.assertEqual(read_mirror(f"{UBUNTU}\n{FOREIGN}"), "")

    def test_machine_without_sources_has_no_mirror(self):
        self.assertEqual(read_mirror(""), "")
