import type { ProgramEnd } from "../../src/sandbox/index.js";

/** A program that means harm, and how it may end. */
export interface Hostile {
  name: string;
  program: string;
  /** @default "ok": it is refused what it tries, and says so */
  ends?: readonly ProgramEnd["status"][];
  /** What its output must match. @default that it begins with "HELD" where it has to end with "ok" */
  says?: RegExp;
}

/** A text that stands in a file and in the environment of this machine, which no program may print. */
export const SECRET = "the-secret-of-this-machine";

/** What is tried must raise. */
function refused(statements: string, imports = "os"): string {
  const tried = statements.split("\n").map((line) => `    ${line}`);
  return [
    `import ${imports}`,
    "try:",
    ...tried,
    "    print('ESCAPED')",
    "except Exception as error:",
    "    print('HELD', error)",
  ].join("\n");
}

/** An expression that must be false. */
function never(condition: string, imports = "os"): string {
  return `import ${imports}\nprint('ESCAPED' if ${condition} else 'HELD')`;
}

/** Programs against the machine, run as they are; `file` is a file of this machine that holds the secret. */
export function hostile(file: string): Hostile[] {
  const path = JSON.stringify(file);
  return [
    // Processes
    {
      name: "a fork bomb",
      program: "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
      ends: ["timeout", "killed"],
    },
    {
      name: "a fork bomb that sleeps",
      program:
        "import os, time\ntry:\n    while True:\n        if os.fork() == 0:\n            time.sleep(100)\nexcept OSError:\n    print('HELD', flush=True)",
    },
    {
      name: "a bomb of threads",
      program:
        "import threading, time\ntry:\n    while True:\n        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\nexcept RuntimeError:\n    print('HELD', flush=True)",
    },
    {
      name: "a thread that never ends",
      program: "import threading, time\nthreading.Thread(target=lambda: [time.sleep(1) for _ in iter(int, 1)]).start()",
      ends: ["timeout"],
    },
    {
      name: "a loop that catches everything",
      program: "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
      ends: ["timeout"],
    },
    {
      name: "every signal ignored",
      program:
        "import signal\nfor number in range(1, 65):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True:\n    pass",
      ends: ["timeout", "killed"],
    },
    { name: "sleeping past the end", program: "import time\ntime.sleep(1000)", ends: ["timeout"] },
    {
      name: "a daemon that outlives its parent",
      program:
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(1000)\n    os._exit(0)\nprint('HELD', flush=True)\nos._exit(0)",
    },
    {
      name: "a daemon that keeps the output open",
      program:
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'], start_new_session=True)\nprint('HELD')",
    },
    { name: "a priority above others'", program: refused("os.nice(-5)") },
    { name: "higher limits", program: refused("resource.setrlimit(resource.RLIMIT_AS, (-1, -1))", "resource") },
    { name: "more processes", program: refused("resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))", "resource") },

    // Signals and other processes
    {
      name: "killing the process that reaps",
      program: "import os, signal\ntry:\n    os.kill(1, signal.SIGKILL)\nexcept OSError:\n    pass\nprint('HELD')",
    },
    {
      name: "killing everyone",
      program: "import os, signal\nos.kill(-1, signal.SIGKILL)\nprint('HELD')",
      ends: ["ok", "error", "killed"],
    },
    {
      name: "seeing other processes",
      program: never("[p for p in os.listdir('/proc') if p.isdigit() and int(p) > 2 and p != str(os.getpid())]"),
    },
    { name: "the environment of the first process", program: never(`'${SECRET}' in open('/proc/1/environ').read()`) },
    {
      name: "the memory of the first process",
      program: [
        "found = False",
        "with open('/proc/1/mem', 'rb') as memory:",
        "    for line in open('/proc/1/maps'):",
        "        first, last = (int(end, 16) for end in line.split()[0].split('-'))",
        "        try:",
        "            memory.seek(first)",
        `            found = found or b'${SECRET}' in memory.read(last - first)`,
        "        except (OSError, ValueError, OverflowError):",
        "            pass",
        "print('ESCAPED' if found else 'HELD')",
      ].join("\n"),
    },
    {
      name: "the open files of the first process",
      program:
        "import os\nfor fd in sorted(map(int, os.listdir('/proc/1/fd'))):\n    try:\n        print(os.readlink(f'/proc/1/fd/{fd}').split(':')[0])\n    except OSError:\n        pass\nprint('HELD')",
      says: /^(?:(?:socket|pipe|anon_inode|\/dev\/null)\n)*HELD/,
    },
    { name: "the root of the first process", program: refused(`open('/proc/1/root' + ${path}).read()`) },
    {
      name: "the folder of the first process",
      program: refused("open('/proc/1/cwd/' + os.path.relpath('/etc/passwd', '/')).read()"),
    },
    {
      name: "holding up the process that reaps",
      program: "import ctypes\nctypes.CDLL(None).ptrace(16, 1, 0, 0)\nprint('HELD', flush=True)",
      ends: ["ok", "timeout"],
    },

    // Files
    { name: "the machine's users", program: refused("open('/etc/passwd').read()") },
    { name: "the machine's passwords", program: refused("open('/etc/shadow').read()") },
    { name: "the home of root", program: refused("os.listdir('/root')") },
    { name: "anybody's home", program: refused("os.listdir('/home')") },
    { name: "a file of this machine", program: refused(`open(${path}).read()`) },
    {
      name: "a link to a file of this machine",
      program: refused(`os.symlink(${path}, '/tmp/link')\nopen('/tmp/link').read()`),
    },
    { name: "a hard link to a program", program: refused("os.link('/usr/bin/python3', '/tmp/python')") },
    { name: "climbing out with dots", program: refused(`open('../../../../../../..' + ${path}).read()`) },
    {
      name: "an open file of the process outside",
      program:
        "import os\nfor fd in sorted(map(int, os.listdir('/proc/self/fd'))):\n    try:\n        print(fd, os.readlink(f'/proc/self/fd/{fd}').split(':')[0])\n    except OSError:\n        pass\nprint('HELD')",
      says: /^(?:\d+ (?:socket|pipe|\/proc\/\d+\/fd|\/dev\/null)\n)+HELD/,
    },
    { name: "leaving the root", program: refused("os.chroot('/tmp')") },
    { name: "writing to the root", program: refused("open('/mine', 'w')") },
    { name: "writing to the system", program: refused("open('/usr/bin/mine', 'w')") },
    { name: "replacing Python", program: refused("os.remove('/usr/bin/python3')") },
    { name: "writing among devices", program: refused("open('/dev/mine', 'w')") },
    { name: "making a device", program: refused("os.mknod('/tmp/disk', 0o60600, os.makedev(8, 0))") },
    { name: "writing to the kernel", program: refused("open('/proc/sys/kernel/core_pattern', 'w').write('|/tmp/x')") },
    { name: "restarting the machine", program: refused("open('/proc/sysrq-trigger', 'w').write('b')") },
    { name: "the kernel's log", program: refused("open('/dev/kmsg', 'rb').read(1)") },
    {
      name: "a file that is too large",
      program: refused("with open('/tmp/big', 'wb') as f:\n    while True:\n        f.write(bytes(1000000))"),
    },
    {
      name: "many files that are too large together",
      program: refused(
        "for i in range(1000):\n    with open(f'/tmp/{i}', 'wb') as f:\n        f.write(bytes(10000000))",
      ),
    },
    {
      name: "shared memory without end",
      program: refused(
        "for i in range(1000):\n    with open(f'/dev/shm/{i}', 'wb') as f:\n        f.write(bytes(10000000))",
      ),
    },
    { name: "more open files", program: refused("held = [open('/dev/null') for _ in range(10000)]") },
    {
      name: "programs with another user's rights",
      program: never("os.path.exists('/usr/bin/su') and os.system('/usr/bin/su -c true 2>/dev/null </dev/null') == 0"),
    },
    { name: "becoming root", program: refused("os.setuid(0)") },
    {
      name: "mounting",
      program:
        "import ctypes\nlibc = ctypes.CDLL(None)\nprint('ESCAPED' if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0 else 'HELD')",
    },
    {
      name: "mounting the root writable",
      program:
        "import ctypes\nlibc = ctypes.CDLL(None)\nprint('ESCAPED' if libc.mount(None, b'/', None, 32, None) == 0 else 'HELD')",
    },
    {
      name: "a nested user namespace",
      program: "import ctypes\nlibc = ctypes.CDLL(None)\nprint('ESCAPED' if libc.unshare(0x10000000) == 0 else 'HELD')",
    },
    { name: "a sandbox in the sandbox", program: never("os.system('bwrap --ro-bind / / true 2>/dev/null') == 0") },
    {
      name: "another process' namespaces",
      program:
        "import ctypes, os\nlibc = ctypes.CDLL(None)\ntry:\n    fd = os.open('/proc/1/ns/mnt', os.O_RDONLY)\n    print('ESCAPED' if libc.setns(fd, 0) == 0 else 'HELD')\nexcept OSError:\n    print('HELD')",
    },

    // Network
    { name: "a connection to the outside", program: refused("socket.create_connection(('1.1.1.1', 53), 1)", "socket") },
    {
      name: "a connection to this machine",
      program: refused("socket.create_connection(('127.0.0.1', 22), 1)", "socket"),
    },
    { name: "a question to a name server", program: refused("socket.getaddrinfo('example.com', 80)", "socket") },
    { name: "raw packets", program: refused("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "socket") },
    {
      name: "a socket of a service",
      program: refused("socket.socket(socket.AF_UNIX).connect('/run/dbus/system_bus_socket')", "socket"),
    },
    {
      name: "an abstract socket of this machine",
      program: refused("socket.socket(socket.AF_UNIX).connect('\\0langgraph-cope-test')", "socket"),
    },
    {
      name: "the machine's network",
      program: never("[name for _, name in socket.if_nameindex() if name != 'lo']", "socket"),
    },

    // Environment
    { name: "the environment", program: never(`'${SECRET}' in str(os.environ)`) },
    {
      name: "keys in the environment",
      program: never("[name for name in os.environ if name not in ('PWD', 'LC_CTYPE')]"),
    },
    { name: "packages of this machine", program: refused("import pip", "sys") },
    { name: "the machine's name", program: never("socket.gethostname() != 'sandbox'", "socket") },

    // Memory and output
    { name: "a text of ten gigabytes", program: "x = 'a' * 10**10", ends: ["memory", "timeout"], says: /^$/ },
    {
      name: "memory without end",
      program: "x = []\nwhile True:\n    x.append(bytearray(10**7))",
      ends: ["memory", "timeout"],
      says: /^$/,
    },
    {
      name: "memory without end that catches",
      program:
        "x = []\nwhile True:\n    try:\n        x.append(bytearray(10**7))\n    except MemoryError:\n        pass",
      ends: ["timeout", "killed"],
    },
    { name: "a number without end", program: "x = 3\nwhile True:\n    x = x ** 3", ends: ["timeout", "memory"] },
    { name: "output without end", program: "while True:\n    print('x' * 1000)", ends: ["output"] },
    {
      name: "errors without end",
      program: "import sys\nwhile True:\n    sys.stderr.write('x' * 1000)",
      ends: ["output"],
    },
    {
      name: "one line without end",
      program: "import os\nwhile True:\n    os.write(1, b'x' * 65536)",
      ends: ["output"],
    },
    {
      name: "output without end from children",
      program: "import os\nos.fork()\nos.fork()\nwhile True:\n    os.write(2, b'x' * 65536)",
      ends: ["output"],
    },
    {
      name: "output without end on exit",
      program: "import atexit, sys\ndef flood():\n    while True:\n        print('x' * 1000)\natexit.register(flood)",
      ends: ["output"],
    },
    {
      name: "a flood of every open file",
      program:
        "import os\nwhile True:\n    for fd in range(3, 20):\n        try:\n            os.write(fd, b'x' * 65536)\n        except OSError:\n            pass",
      ends: ["output", "timeout", "killed"],
    },

    // Endings
    {
      name: "recursion without end",
      program: "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    f()\nf()",
      ends: ["killed", "error", "memory", "timeout"],
    },
    {
      name: "data nested without end",
      program: "x = []\nfor _ in range(10**6):\n    x = [x]\nrepr(x)",
      ends: ["killed", "error", "timeout"],
    },
    { name: "a wild pointer", program: "import ctypes\nctypes.string_at(0)", ends: ["killed"] },
    { name: "an abort", program: "import os\nos.abort()", ends: ["killed"] },
    {
      name: "its own signal",
      program: "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nprint('HELD')",
      ends: ["killed"],
      says: /^$/,
    },
    { name: "an exit code that looks like a signal", program: "import os\nos._exit(137)", ends: ["killed"] },
    { name: "every file closed", program: "import os\nos.closerange(0, 1000)", ends: ["ok", "error"], says: /^$/ },
    {
      name: "an exit that never comes",
      program: "import atexit\natexit.register(lambda: [None for _ in iter(int, 1)])",
      ends: ["timeout", "memory", "error", "ok"],
      says: /^$/,
    },
    {
      name: "an exception whose text raises",
      program: "class E(Exception):\n    def __str__(self):\n        raise self\nraise E",
      ends: ["error"],
    },
    { name: "exit codes beyond a byte", program: "import sys\nsys.exit(10**20)", ends: ["error", "killed"] },
  ];
}
