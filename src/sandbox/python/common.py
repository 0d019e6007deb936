# What every Python process in the sandbox has at hand. One line of JSON is a message to or from the process outside.
import __future__
import json
import os
import sys
# Without `site`, which would look for packages of the machine, these two are missing.
import builtins

builtins.exit = builtins.quit = sys.exit
# Long numbers may be printed: time is limited in any case.
getattr(sys, "set_int_max_str_digits", lambda most: None)(0)


def module(name, text, file):
    """Runs a text as a module of that name; what it raises is the text's own."""
    made = type(sys)(name)
    made.__dict__["__builtins__"] = __builtins__
    sys.modules[name] = made
    exec(compile(text, file, "exec", dont_inherit=True), made.__dict__)
    return made


class Missing:
    """Stands for a module that is not here: who does not use it does not need it."""

    def __init__(self, error):
        self.__dict__["_error"] = error

    def _raise(self, *_, **__):
        raise self.__dict__["_error"]

    __getattr__ = __call__ = __getitem__ = __iter__ = _raise


def definitions(name, text, file):
    """Loads a program for what it defines. From its first function on, what fails is passed over: it only tries things out."""
    import ast

    made = type(sys)(name)
    space = made.__dict__
    space["__builtins__"] = __builtins__
    sys.modules[name] = made
    whole = compile(text, file, "exec", dont_inherit=True)
    flags = whole.co_flags & sum(getattr(__future__, one).compiler_flag for one in __future__.all_feature_names)
    tree = ast.parse(text, file)
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    first = next((i for i, node in enumerate(tree.body) if isinstance(node, defining)), len(tree.body))
    for i, node in enumerate(tree.body):
        code = compile(ast.Module([node], []), file, "exec", flags, True)
        try:
            exec(code, space)
        except ImportError as error:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                if i < first or isinstance(node, defining):
                    raise
                continue
            for one in node.names:
                space.setdefault((one.asname or one.name).split(".")[0], Missing(error))
        except BaseException:
            if i < first or isinstance(node, defining):
                raise
    return made


def said(error, length=300):
    """An exception in one line; its own text may raise, or not be a text."""
    name = type(error).__name__
    try:
        # A syntax error's own text repeats the line, which is told apart from it.
        text = str(error.msg if isinstance(error, SyntaxError) else error).strip()
    except BaseException:
        text = ""
    lines = text.splitlines()
    return (name + (": " + lines[0] if lines else ""))[:length]


def line_of(error, file):
    """The last line of a file that an exception passed through."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
