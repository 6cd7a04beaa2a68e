"""Colours of a printed document: classes exchanged, and colours handed to the style sheet as variables."""

from lxml import html as lxml_html
from markupsafe import Markup


def paint(document, classes, colors):
    """Return an HTML document in which elements of a class have other classes, and colours as variables.

    :param str document: Elements as HTML, without a page around them.
    :param dict[str, str] classes: For a class, the classes that stand in for it.
    :param dict[str, str] colors: For instance `{'primary': '#1f4e79'}` for the variable `--service-primary`.
    :rtype: Markup
    """
    root = lxml_html.fragment_fromstring(str(document), create_parent="div")
    style = "".join(f"--service-{name}: {color};" for name, color in colors.items())
    for old, new in classes.items():
        for element in root.find_class(old):
            element.set("class", element.get("class").replace(old, new))
            element.set("style", style + (element.get("style") or ""))
    return Markup("").join([root.text or "", *(Markup(lxml_html.tostring(node, encoding="unicode")) for node in root)])


def get_contrast(color):
    """Return the colour of text that can be read on a colour.

    >>> get_contrast("#1f4e79"), get_contrast("#ffe08a")
    ('#ffffff', '#000000')

    :param str color: Six hexadecimal digits after a `#`; anything else counts as dark.
    :rtype: str
    """
    try:
        red, green, blue = bytes.fromhex(color.removeprefix("#"))
    except ValueError:
        return "#ffffff"
    # Perceived brightness, ITU-R BT.601.
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else "#ffffff"
