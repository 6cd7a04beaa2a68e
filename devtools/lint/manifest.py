"""Whether the manifest and the files of the add-on agree."""

import re

from .source import read_manifest

DATA_FOLDERS = ("data", "demo", "reports", "security", "views", "wizards")
DATA_SUFFIXES = (".xml", ".csv")


def check_manifest(root):
    """Yield where the manifest names files that are not there, or files are there that it does not name.

    :param Path root: The folder of the add-on.
    """
    manifest = read_manifest(root)
    named = [*manifest.get("data", ()), *manifest.get("demo", ())]
    present = {
        file.relative_to(root).as_posix()
        for folder in DATA_FOLDERS
        for file in (root / folder).rglob("*")
        if file.suffix in DATA_SUFFIXES
    }
    yield from (f"__manifest__.py: {name} is not there." for name in named if not (root / name).is_file())
    yield from (f"__manifest__.py: {name} is named twice." for name in sorted({n for n in named if named.count(n) > 1}))
    yield from (f"{name}: the manifest does not name it." for name in sorted(present - set(named)))
    yield from _check_values(manifest)
    yield from _check_assets(root, manifest.get("assets", {}))
    yield from _check_tests(root)


def _check_values(manifest):
    if not re.fullmatch(r"19\.0(\.\d+){3}", manifest.get("version", "")):
        yield "__manifest__.py: the version is not of the form 19.0.x.y.z."
    if manifest.get("license") != "LGPL-3":
        yield "__manifest__.py: the licence is not LGPL-3."
    if manifest["depends"] != sorted(manifest["depends"]):
        yield "__manifest__.py: the dependencies are not sorted."


def _check_assets(root, assets):
    for bundle, entries in assets.items():
        for entry in entries:
            pattern = entry if isinstance(entry, str) else entry[-1]
            module, _, path = pattern.partition("/")
            if module == "service_billing" and not any(root.glob(path)):
                yield f"__manifest__.py: {pattern} in {bundle} matches no file."


def _check_tests(root):
    package = root / "tests" / "__init__.py"
    imports = package.read_text(encoding="utf-8") if package.is_file() else ""
    for file in sorted((root / "tests").glob("test_*.py")):
        if not re.search(rf"\b{file.stem}\b", imports):
            yield f"tests/{file.name}: tests/__init__.py does not import it."
