"""Checks XML by a Schematron that was compiled to XSLT, in a process of its own: `einvoice_rules.py XSLT FILE...`.

Prints as JSON what each file breaks, without warnings.
"""

import json
import resource
import sys
import xml.etree.ElementTree as ElementTree

from saxonche import PySaxonProcessor

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def get_broken_rules(stylesheet, files):
    """Return the rules that each file breaks.

    :param str stylesheet: Path of the compiled Schematron.
    :param list[str] files: Paths of the XML files.
    :rtype: dict[str, list[str]]
    """
    with PySaxonProcessor(license=False) as processor:
        rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)
        return {file: _get_failed(rules.transform_to_string(source_file=file)) for file in files}


def _get_failed(report):
    failed = ElementTree.fromstring(report).iter(f"{SVRL}failed-assert")
    return [
        " ".join("".join(entry.itertext()).split())
        for entry in failed
        if entry.get("flag", entry.get("role")) not in ("warning", "info")
    ]


if __name__ == "__main__":
    # Odoo limits the address space of its processes and those they start; Saxon reserves more than it uses.
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    json.dump(get_broken_rules(sys.argv[1], sys.argv[2:]), sys.stdout)
