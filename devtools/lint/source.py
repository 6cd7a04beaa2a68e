"""Reads the add-on's source without running it."""

import ast
from dataclasses import dataclass

STORED = {"Model", "TransientModel"}


@dataclass(frozen=True)
class ModelClass:
    """A class that defines a model, read from its source."""

    file: str
    name: str
    kind: str
    fields: frozenset


def read_manifest(root):
    """Return the manifest as a dictionary."""
    return ast.literal_eval((root / "__manifest__.py").read_text(encoding="utf-8"))


def get_python_files(root):
    """Return all Python files of the checkout, `dev` included."""
    return [root / "dev", *sorted(file for file in root.rglob("*.py") if not is_hidden(file.relative_to(root)))]


def is_hidden(path):
    """Return whether a path lies in a hidden or a generated folder."""
    return any(part.startswith((".", "__pycache__", "node_modules")) for part in path.parts)


def get_new_models(root):
    """Return the models that the add-on defines and the database stores.

    :rtype: list[ModelClass]
    """
    folders = ("models", "wizards", "reports")
    files = [file for folder in folders for file in sorted((root / folder).rglob("*.py"))]
    models = [model for file in files for model in _read_models(file, file.relative_to(root).as_posix())]
    return [model for model in models if model.kind in STORED]


def _read_models(file, name):
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            values = _read_assignments(node)
            own_name, parents = values.get("_name"), values.get("_inherit") or ()
            parents = [parents] if isinstance(parents, str) else parents
            if own_name and own_name not in parents:
                kinds = [base.attr for base in node.bases if isinstance(base, ast.Attribute)]
                yield ModelClass(name, own_name, kinds[0] if kinds else "", frozenset(values))


def _read_assignments(node):
    values = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            is_plain = isinstance(statement.value, (ast.Constant, ast.List, ast.Tuple))
            values[statement.targets[0].id] = ast.literal_eval(statement.value) if is_plain else None
    return values
