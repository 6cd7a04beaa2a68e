"""Whether every model says who may do what with it."""

import csv
import itertools
import re
import xml.etree.ElementTree as ElementTree

from .source import get_new_models

ACCESS = "security/ir.model.access.csv"


def check_access(root):
    """Yield models without access rights or company rule, and an access file out of order.

    :param Path root: The folder of the add-on.
    """
    models = get_new_models(root)
    with (root / ACCESS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    order = [row["model_id:id"].rpartition(".")[2] for row in rows]
    ruled = _get_ruled_models(root)
    for model in models:
        if _get_external_id(model) not in order:
            yield f"{model.file}: {ACCESS} has no row for {model.name}."
        if model.kind == "Model" and "company_id" in model.fields and _get_external_id(model) not in ruled:
            yield f"{model.file}: {model.name} belongs to a company, but no record rule names its companies."
    yield from (f"{ACCESS}: {name} is not in alphabetical order." for name in _get_unsorted(order))
    yield from (f"{ACCESS}: {row['id']} gives rights to everybody." for row in rows if not row["group_id:id"])


def _get_external_id(model):
    return f"model_{model.name.replace('.', '_')}"


def _get_unsorted(order):
    return [name for before, name in itertools.pairwise(order) if name < before]


def _get_ruled_models(root):
    """Return the external ids of the models whose rules look at the company."""
    ruled = set()
    for file in sorted(root.glob("security/*.xml")):
        for record in ElementTree.parse(file).iterfind(".//record[@model='ir.rule']"):
            domain = record.findtext("field[@name='domain_force']") or ""
            model = record.find("field[@name='model_id']")
            if model is not None and re.search(r"company_ids?\b", domain):
                ruled.add(model.get("ref", "").rpartition(".")[2])
    return ruled
