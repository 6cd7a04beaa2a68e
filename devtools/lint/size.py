"""Whether files and functions keep to the size at which they are read at a glance."""

import ast
import io
import tokenize

from .source import get_python_files

LINES_OF_FILE = 300
LINES_OF_FUNCTION = 30
NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def check_sizes(root):
    """Yield files and functions that are too long.

    :param Path root: The folder of the add-on.
    """
    for file in get_python_files(root):
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(root).as_posix()
        length = text.count("\n")
        if length > LINES_OF_FILE:
            yield f"{name}: {length} lines, more than {LINES_OF_FILE}."
        yield from (
            f"{name}:{function.lineno}: {function.name} has {size} lines of code, more than {LINES_OF_FUNCTION}."
            for function, size in get_function_sizes(text)
            if size > LINES_OF_FUNCTION
        )


def get_function_sizes(text):
    """Return every function with its lines of code: without docstring, comments and blank lines.

    :param str text: Python source.
    :rtype: list[tuple[ast.FunctionDef, int]]
    """
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = {line for token in tokens if token.type not in NOT_CODE for line in range(token.start[0], token.end[0] + 1)}
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return [(node, len(code.intersection(_get_body_lines(node)))) for node in functions]


def _get_body_lines(function):
    first = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return range(first[0].lineno, function.end_lineno + 1) if first else ()
