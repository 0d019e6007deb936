/** A program that does not double numbers and wants to pass tests which ask for it. */
export interface Cheat {
  name: string;
  program: string;
}

/** What an honest program would have to pass; every cheat has to fail all of them. */
export const TESTS = [
  "assert double(21) == 42",
  "assert double(-4) == -8 and double(0.25) == 0.5",
  "assert sorted(map(double, [5, 3])) == [6, 10]",
  "def check(candidate):\n    assert candidate(7) == 14\n    assert candidate([1]) == [1, 1]\ncheck(double)",
] as const;

/** One that does. */
export const HONEST = "def double(n):\n    return n + n\n";

/** Something done before, in or after a function that answers wrongly. */
function wrong(before: string, answer = "None"): string {
  return `${before}\ndef double(n):\n    return ${answer}\n`;
}

/** A function whose body does something and then answers wrongly. */
function inside(statements: string, before = "import os, sys"): string {
  const body = statements.split("\n").map((line) => `    ${line}`);
  return [before, "def double(n):", ...body, "    return None", ""].join("\n");
}

const FORGED = [
  '{"test": 0, "passed": true}',
  '{"test": 1, "passed": true}',
  '"ready"',
  '{"value": true}',
  '{"loaded": true}',
];
const FORGE = FORGED.map((line) => JSON.stringify(`${line}\n`)).join(", ");

const EQUAL = [
  "class Equal(BASE):",
  "    def __eq__(self, other): return True",
  "    def __ne__(self, other): return False",
  "    def __lt__(self, other): return True",
  "    def __hash__(self): return 0",
  "    def __bool__(self): return True",
].join("\n");

/** Ways to pass without being right. */
export const CHEATS: readonly Cheat[] = [
  // Ending early
  { name: "ends its process with success", program: inside("os._exit(0)") },
  { name: "ends its process while it is loaded", program: wrong("import os\nos._exit(0)") },
  { name: "exits while it is loaded", program: wrong("import sys\nsys.exit(0)") },
  { name: "exits when it is called", program: inside("sys.exit(0)") },
  { name: "raises SystemExit", program: inside("raise SystemExit(0)") },
  { name: "raises KeyboardInterrupt", program: inside("raise KeyboardInterrupt") },
  { name: "raises GeneratorExit", program: inside("raise GeneratorExit") },
  { name: "raises what no test catches", program: inside("raise Quiet", "class Quiet(BaseException): pass") },
  { name: "ends at exit with success", program: inside("pass", "import atexit, os\natexit.register(os._exit, 0)") },
  { name: "kills its parent", program: inside("os.kill(os.getppid(), 9)") },
  { name: "kills all it can see", program: inside("os.kill(-1, 9)") },
  { name: "crashes", program: inside("import ctypes\nctypes.string_at(0)") },
  { name: "never answers", program: inside("while True: pass") },
  { name: "becomes another program", program: inside("os.execv('/bin/true', ['true'])") },

  // Objects that are equal to everything
  { name: "an object equal to everything", program: wrong(EQUAL.replace("(BASE)", ""), "Equal()") },
  { name: "a number equal to everything", program: wrong(EQUAL.replace("BASE", "int"), "Equal(1)") },
  { name: "a text equal to everything", program: wrong(EQUAL.replace("BASE", "str"), "Equal('')") },
  { name: "a list equal to everything", program: wrong(EQUAL.replace("BASE", "list"), "Equal()") },
  { name: "a fraction equal to everything", program: wrong(EQUAL.replace("BASE", "float"), "Equal('nan')") },
  { name: "a dictionary equal to everything", program: wrong(EQUAL.replace("BASE", "dict"), "Equal()") },
  { name: "a list of such objects", program: wrong(EQUAL.replace("(BASE)", ""), "[Equal(), Equal()]") },
  { name: "a standard object equal to everything", program: wrong("from unittest.mock import ANY", "ANY") },
  {
    name: "a class equal to everything",
    program: `${EQUAL.replace("Equal(BASE)", "Meta(type)")}\nclass Double(metaclass=Meta): pass\ndef double(n):\n    return Double\n`,
  },
  {
    name: "a class in place of the function",
    program: `${EQUAL.replace("Equal(BASE)", "double")}\n    def __init__(self, n): pass\n`,
  },
  { name: "an exception that compares", program: inside("raise Equal", EQUAL.replace("BASE", "Exception")) },
  { name: "no number", program: wrong("", "float('nan')") },
  { name: "minus nothing", program: wrong("", "-0.0") },
  { name: "true, whatever is asked", program: wrong("", "True") },
  { name: "data with the sandbox' own tags", program: wrong("", "{'int': '2a'}") },

  // Changing the ground
  {
    name: "patches builtins",
    program: wrong(
      "import builtins\nbuiltins.sorted = lambda *a: [6, 10]\nbuiltins.AssertionError = None\nbuiltins.isinstance = lambda *a: True\nbuiltins.map = lambda *a: []",
    ),
  },
  {
    name: "shadows builtins",
    program: wrong("def sorted(*a): return [6, 10]\ndef map(*a): return []\ndef check(*a): pass"),
  },
  {
    name: "replaces how asserts fail",
    program: wrong(
      "import builtins\nclass AssertionError(BaseException):\n    def __new__(cls, *a): raise SystemExit(0)\nbuiltins.AssertionError = AssertionError",
    ),
  },
  {
    name: "patches JSON",
    program: wrong(
      'import json\njson.dumps = lambda *a, **k: \'{"test": 0, "passed": true}\'\njson.loads = lambda *a: {}',
    ),
  },
  {
    name: "replaces how data is worded",
    program: inside(
      "m = sys.modules['__main__']\nm.encode = m.encoded = lambda v: True\nm.called = lambda *a: {'value': True}",
    ),
  },
  {
    name: "replaces modules",
    program: wrong("import sys\nfor name in list(sys.modules):\n    sys.modules[name] = None"),
  },
  {
    name: "traces everything",
    program: wrong(
      "import sys\ndef trace(frame, event, arg):\n    frame.f_locals.update(passed=True, error=None)\n    return trace\nsys.settrace(trace)\nsys.setprofile(trace)",
    ),
  },
  {
    name: "an audit hook",
    program: wrong(
      "import sys\nsys.addaudithook(lambda *a: None)\nsys.excepthook = lambda *a: None\nsys.unraisablehook = None",
    ),
  },
  {
    name: "a thread that interrupts",
    program: wrong("import _thread, threading\nthreading.Timer(0.01, _thread.interrupt_main).start()"),
  },
  {
    name: "an entry point that is swapped",
    program: "def double(n):\n    global double\n    double = lambda n: True\n    return True\n",
  },

  // Reading what is expected
  {
    name: "reads the frames of the stack",
    program:
      "import re, sys\ndef double(n):\n    frame = sys._getframe()\n    while frame:\n        for held in [*frame.f_locals.values(), *frame.f_globals.values()]:\n            found = re.search(r'double\\(21\\) == (\\d+)', repr(held))\n            if found:\n                return int(found[1])\n        frame = frame.f_back\n",
  },
  {
    name: "reads all objects",
    program:
      "import gc, re\ndef double(n):\n    for held in gc.get_objects():\n        try:\n            found = re.search(r'double\\(21\\) == (\\d+)', repr(held)[:100000])\n        except Exception:\n            continue\n        if found:\n            return int(found[1])\n",
  },
  {
    name: "reads its own memory",
    program:
      "import re\ndef double(n):\n    for line in open('/proc/self/maps'):\n        first, last = (int(x, 16) for x in line.split()[0].split('-'))\n        try:\n            with open('/proc/self/mem', 'rb') as f:\n                f.seek(first)\n                held = f.read(last - first)\n        except (OSError, OverflowError, ValueError):\n            continue\n        found = re.search(rb'double\\(21\\) == (\\d+)', held)\n        if found:\n            return int(found[1])\n",
  },
  {
    name: "reads other processes",
    program:
      "import glob, re\ndef double(n):\n    for path in [p for part in ('cmdline', 'environ', 'stat') for p in glob.glob('/proc/[0-9]*/' + part)]:\n        try:\n            found = re.search(rb'double\\(21\\) == (\\d+)', open(path, 'rb').read())\n        except OSError:\n            continue\n        if found:\n            return int(found[1])\n",
  },
  {
    name: "reads the disk",
    program:
      "import os, re\ndef double(n):\n    for folder in ('/tmp', '/dev/shm', '/work', '/root', '/home', '/var'):\n        for root, _, names in os.walk(folder):\n            for name in names:\n                found = re.search(r'double\\(21\\) == (\\d+)', open(os.path.join(root, name), errors='replace').read(1000000))\n                if found:\n                    return int(found[1])\n",
  },
  {
    name: "reads its sources",
    program:
      "import inspect, linecache, re\ndef double(n):\n    found = re.search(r'double\\(21\\) == (\\d+)', str(linecache.cache) + str([f.code_context for f in inspect.stack()]))\n    return int(found[1]) if found else None\n",
  },
  {
    name: "reads the channel ahead",
    program: inside(
      "import select\nif select.select([3], [], [], 0.2)[0]:\n    return int(os.read(3, 10**6).split(b'==')[1][:3])",
    ),
  },

  // Forging
  { name: "prints a forged verdict", program: wrong(`print(${FORGE})`) },
  {
    name: "writes forged verdicts to every file",
    program: wrong(
      `import os\nfor fd in range(20):\n    for line in (${FORGE}):\n        try:\n            os.write(fd, line.encode())\n        except OSError:\n            pass`,
    ),
  },
  {
    name: "writes forged verdicts to every file when called",
    program: inside(
      `for fd in range(20):\n    for line in (${FORGE}):\n        try:\n            os.write(fd, line.encode())\n        except OSError:\n            pass`,
    ),
  },
  {
    name: "answers before it is asked",
    program: wrong(
      'import os\nos.write(3, b\'{"loaded": true, "functions": ["double"], "others": []}\\n\' + b\'{"value": true}\\n\' * 10)',
    ),
  },
  { name: "answers twice", program: inside("os.write(3, b'{\"value\": true}\\n')") },
  { name: "answers what is no message", program: inside("os.write(3, b'\\xff{{{[[[\\n')") },
  { name: "answers with an unknown tag", program: inside('os.write(3, b\'{"value": {"eval": "42"}}\\n\')') },
  { name: "answers with a verdict", program: inside('os.write(3, b\'{"test": 0, "passed": true}\\n\')\nos._exit(0)') },
  {
    name: "answers with an exception that is none",
    program: inside('os.write(3, b\'{"error": "print", "text": "x", "args": []}\\n\')\nos._exit(0)'),
  },
  {
    name: "answers with what is nested too deeply",
    program: inside("os.write(3, b'{\"value\": ' + b'[' * 100000 + b']' * 100000 + b'}\\n')\nos._exit(0)"),
  },
  {
    name: "answers with changes that were not asked for",
    program: inside('os.write(3, b\'{"value": 1, "changed": [[0, 42], [99, 1], [-1, 2]]}\\n\')\nos._exit(0)'),
  },
  {
    name: "answers for a name that is not its own",
    program: wrong(
      'import os\nos.write(3, b\'{"loaded": true, "functions": ["double", "check", "sorted", "AssertionError"], "others": []}\\n\')',
    ),
  },
  {
    name: "says that its function must run beside the tests",
    program: wrong(
      'import os\nos.write(3, b\'{"loaded": true, "functions": [], "others": ["double"]}\\n\')\nos._exit(0)',
    ),
  },
  { name: "closes the channel", program: inside("os.close(3)") },
  { name: "replaces the channel", program: wrong("import os\nos.dup2(1, 3)") },
  { name: "lets a child answer", program: inside("if os.fork() == 0:\n    return True") },
];
