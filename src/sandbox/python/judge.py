# How a process that holds tests finds what they name, and says how one failed.
import ast
import builtins

BROKEN = "the test itself is broken: "


class Beside(BaseException):
    """The test needs more of the program than its functions' answers."""


class Lost(BaseException):
    """The program gave no answer that can be judged."""


def parsed(text):
    """The tree of a test, or why there is none."""
    try:
        tree = ast.parse(text, "<test>")
        compile(tree, "<test>", "exec", dont_inherit=True)
        return tree, None
    except SyntaxError as error:
        return None, "line " + str(error.lineno or 1) + ": " + (error.msg or "invalid syntax")
    except (ValueError, MemoryError, RecursionError) as error:
        return None, said(error)


def wanted(tree):
    """Names a text reads and does not make itself."""
    read, made = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            made.update((one.asname or one.name).split(".")[0] for one in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            made.add(node.name)
    return read - made


def modules(names, space):
    """A test may use modules that only the program imports."""
    for name in names:
        if name not in space and name not in dir(builtins) and name in sys.stdlib_module_names:
            try:
                space[name] = __import__(name)
            except Exception:
                pass


def failure(error, text, latest):
    """Why a test failed, for a person and for a model that is to do better."""
    line = line_of(error, "<test>")
    lines = text.splitlines()
    shown = lines[line - 1].strip() if line and len(lines) > 1 and line <= len(lines) else ""
    if isinstance(error, AssertionError):
        told = said(error)[len("AssertionError") :].lstrip(": ") or latest or "it does not hold"
    else:
        told = said(error)
    return (shown + ": " if shown else "")[:200] + told
