# What every Python process in the sandbox begins with: its limits, and one line of JSON a message to the process outside.
import json
import os
import sys


class Channel:
    def __init__(self, fd):
        os.set_inheritable(fd, False)
        self._fd = fd
        self._lines = open(fd, "rb", closefd=False)

    def read(self):
        line = self._lines.readline()
        if not line:
            os._exit(0)
        return json.loads(line)

    def write(self, message):
        # A channel that the program has closed ends its process: there is nobody to talk to.
        rest = memoryview(json.dumps(message).encode() + b"\n")
        while rest:
            rest = rest[os.write(self._fd, rest) :]


def limit(limits):
    import resource

    for name, value in limits.items():
        # One second between the soft and the hard limit: the first one says by its signal what was spent.
        hard = value + 1 if name == "CPU" else value
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, hard))


def quiet():
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


def module(name, text, file):
    """Runs a text as a module of that name; what it raises is the text's own."""
    made = type(sys)(name)
    made.__dict__["__builtins__"] = __builtins__
    sys.modules[name] = made
    exec(compile(text, file, "exec", dont_inherit=True), made.__dict__)
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


# Without `site`, which would look for packages of the machine, these two are missing.
import builtins

builtins.exit = builtins.quit = sys.exit
channel = Channel(3)
task = channel.read()
limit(task["limits"])
channel.write("ready")
