import { describe, expect, test } from "vitest";
import { callFunction, checkSyntax, runProgram, runTests } from "../../src/sandbox/index.js";

const language = "javascript" as const;
const limits = { wallMs: 2000, memoryMb: 64, outputBytes: 100_000 };

describe.concurrent("a JavaScript program", () => {
  test("prints, reads its input, and ends", async () => {
    const end = await runProgram({
      language,
      code: "console.log(Number(readline()) + 1, [1, { a: null }]); console.error('e')",
      stdin: "41\n",
    });
    expect(end).toMatchObject({ status: "ok", stdout: '42 [1,{"a":null}]\n', stderr: "e\n", exitCode: 0 });
  });

  test("has its jobs done before it ends", async () => {
    expect(await runProgram({ language, code: "(async () => { await null; console.log('late'); })()" })).toMatchObject({
      stdout: "late\n",
    });
  });

  test.for([
    ["throws", "let x = 1;\nthrow new TypeError('no')", "error", "line 2: TypeError: no\n"],
    ["loops", "for (;;) {}", "timeout", "timeout\n"],
    ["loops and catches", "for (;;) { try { for (;;) {} } catch {} finally { continue; } }", "timeout", "timeout\n"],
    ["loops in its jobs", "const again = () => { Promise.resolve().then(again); };\nagain();", "timeout", "timeout\n"],
    [
      "goes on without the memory it wanted",
      "const x = []; try { for (;;) x.push(new Uint8Array(1e6)); } catch { x.length = 0; } Promise.resolve(1).then(console.log);",
      "ok",
      "",
    ],
    ["fills its memory", "const x = []; for (;;) x.push(new Uint8Array(1e6));", "memory", "it ran out of memory\n"],
    ["prints without end", "for (;;) console.log('x'.repeat(1000))", "output", "its output is too large\n"],
    ["calls itself without end", "(function f() { f(); })()", "error", "line 1: InternalError: stack overflow\n"],
    [
      "throws what cannot be told",
      "throw { get message() { throw this; }, toString() { throw 1; } }",
      "error",
      expect.any(String),
    ],
  ] as const)("that %s ends as that", async ([, code, status, stderr]) => {
    const end = await runProgram({ language, code, limits });
    expect(end).toMatchObject({ status, stderr });
    expect(end.stdout.length).toBeLessThanOrEqual(limits.outputBytes);
  });

  test("that fills its memory in its jobs ends as that, and not as if all was well", async () => {
    const code = "const again = () => Promise.resolve().then(again);\nagain();";
    const end = await runProgram({ language, code, limits: { ...limits, wallMs: 60_000 } });
    expect(end).toMatchObject({ status: "memory", stderr: "it ran out of memory\n" });
  });

  test("finds nothing of the machine", async () => {
    const names = [
      "process",
      "require",
      "fetch",
      "Deno",
      "Worker",
      "WebAssembly",
      "setTimeout",
      "postMessage",
      "print",
      "os",
      "std",
      "navigator",
    ];
    const code = `console.log([${names.map((name) => `typeof ${name}`).join(", ")}].filter((kind) => kind !== "undefined").length);
for (const name of ["fs", "os", "std", "node:fs"]) import(name).then(() => console.log("ESCAPED"), () => console.log("HELD"));
try { console.log(Function("return typeof process")()); } catch { console.log("undefined"); }`;
    expect((await runProgram({ language, code })).stdout).toBe("0\nundefined\nHELD\nHELD\nHELD\nHELD\n");
  });

  test("leaves this thread free while it loops", async () => {
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    await runProgram({ language, code: "for (;;) {}", limits: { wallMs: 500 } });
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(10);
  });

  test("ends when it is no longer wanted", async () => {
    const run = runProgram({ language, code: "for (;;) {}", signal: AbortSignal.timeout(200) });
    await expect(run).rejects.toThrow(/timeout|aborted/i);
  });
});

describe.concurrent("tests of a JavaScript program", () => {
  const program = `export const same = (x) => x;
function push(list) { list.push({ n: list.length }); return list; }
function fail(kind) { throw new kind("no"); }
const raise = () => { throw new RangeError("no"); };
async function later(x) { return x + 1; }
class Box { v = 1; }
const box = () => new Box();
const loop = () => { for (;;) {} };
const apply = (f, x) => f(x);`;

  async function judged(tests: string[], text = program, more: { setup?: string; entryPoint?: string } = {}) {
    const { results } = await runTests({ language, program: text, tests, limits: { wallMs: 5000 }, ...more });
    return results.map(({ passed, weak, why }) => (passed ? (weak ? "weak" : "passed") : why));
  }

  test("plain data of every kind survives both ways", async () => {
    const values = [
      "null",
      "undefined",
      "-0",
      "NaN",
      "Infinity",
      "2n ** 70n",
      "'\\ud800'",
      "[1, [undefined]]",
      "{ a: { __proto__x: 1 }, number: '1' }",
      "new Map([[1, new Set([1])]])",
      "new Date(5)",
      "new Float64Array([1, NaN])",
    ];
    const tests = values.map((value) => `assert.deepStrictEqual(same(${value}), ${value})`);
    expect(await judged(tests)).toEqual(tests.map(() => "passed"));
  });

  test("what a function changes, throws and promises arrives in the test", async () => {
    expect(
      await judged([
        "const list = [1]; assert(push(list) === list); assert.deepEqual(list, [1, { n: 1 }])",
        "assert.throws(raise, RangeError); assert.throws(() => raise(), /no/)",
        "assert.equal(await later(1), 2)",
      ]),
    ).toEqual(["passed", "passed", "passed"]);
  });

  test("a failure says what was answered; a broken test is told from a wrong program", async () => {
    expect(
      await judged([
        "assert(same(1) === 2)",
        "assert.strictEqual(same(1), 2)",
        "console.assert(same(1) === 2, 'two')",
        "same(1).x.y",
        "assert(",
        "null.x",
        "nothing()",
      ]),
    ).toEqual([
      "same(1) returned 1",
      "1 is not 2 (same(1) returned 1)",
      "two (same(1) returned 1)",
      "TypeError: cannot read property 'y' of undefined",
      expect.stringMatching(/^the test itself is broken: SyntaxError/),
      expect.stringMatching(/^the test itself is broken: TypeError/),
      "ReferenceError: 'nothing' is not defined",
    ]);
  });

  test("tests that need the program itself are weak; answers that are no data fail", async () => {
    expect(
      await judged([
        "assert(new Box().v === 1)",
        "assert(apply((x) => x + 1, 1) === 2)",
        "box()",
        "try { box(); } catch {}",
      ]),
    ).toEqual(["weak", "weak", "it returned Box, which is no plain data", "it returned Box, which is no plain data"]);
  });

  test("a loop spends the time of the tests after it", async () => {
    const end = await runTests({
      language,
      program,
      tests: ["assert(same(1))", "loop()", "assert(same(1))"],
      limits: { wallMs: 1000 },
    });
    expect(end.results.map(({ passed, why }) => why ?? passed)).toEqual([true, "timeout", "timeout"]);
  });

  test.for([
    ["a syntax error", "function f( {", /SyntaxError/],
    ["an exception", "null.x", /TypeError/],
    ["no such function", "const g = 1", /^it defines no function f$/],
    ["something else of that name", "const f = 1", /^its f is no function$/],
    ["a class of that name", "class f {}", /^its f is no function$/],
    ["a loop", "for (;;) {}", /^timeout while it was loaded$/],
  ] as const)("a program with %s is not loaded, and it is said why", async ([, text, why]) => {
    const end = await runTests({ language, program: text, entryPoint: "f", tests: ["assert(f())"], limits });
    expect(end).toMatchObject({ loaded: false, why: expect.stringMatching(why), results: [{ passed: false }] });
  });

  test.for([
    [
      "patches the ground",
      "Object.is = () => true; Object.prototype.valueOf = () => 42; Array.prototype.push = () => 1; globalThis.assert = () => {}; JSON.stringify = () => '{\"value\":true}'; const f = () => 1",
    ],
    [
      "patches what it is worded with",
      "JSON.stringify = () => '{\"passed\":true}'; JSON.parse = () => ({}); const f = () => 1",
    ],
    [
      "answers with an object that turns into anything",
      "const f = () => ({ valueOf: () => 42, toString: () => '42', [Symbol.toPrimitive]: () => 42 })",
    ],
    ["answers with a proxy", "const f = () => new Proxy(function () {}, { get: () => () => 42, apply: () => 42 })"],
    ["answers with a later surprise", "const f = () => ({ then: () => {} })"],
    ["throws", "const f = () => { throw { passed: true }; }"],
    ["changes prototypes of numbers", "Number.prototype.valueOf = () => 42; const f = () => new Number(1)"],
    [
      "looks for the tests",
      "const f = () => Number(/== 4\\d/.exec(new Error().stack + Object.getOwnPropertyNames(globalThis).map((n) => String(globalThis[n])))?.[0].slice(-2))",
    ],
  ] as const)("a program that %s passes no test", async ([, text]) => {
    const tests = ["assert(f(21) == 42)", "assert.equal(f(21), 42)", "assert.deepStrictEqual(f(21), 42)"];
    const { results } = await runTests({ language, program: text, entryPoint: "f", tests, limits });
    expect(results.map(({ passed }) => passed)).toEqual([false, false, false]);
  });
});

test("calls of a JavaScript function give plain data or an error", async () => {
  const program = "const f = (x) => (x === 0 ? missing : { x, s: new Set([2, 1]), u: undefined, n: NaN })";
  expect(await callFunction({ language, program, entryPoint: "f", inputs: [[1], [0]] })).toEqual([
    { output: { x: 1, s: [1, 2], u: null, n: "NaN" } },
    { error: "ReferenceError: 'missing' is not defined" },
  ]);
});

test("JavaScript is checked without being run", async () => {
  expect(await checkSyntax({ language, code: "for (;;) {}" })).toBeUndefined();
  expect(await checkSyntax({ language, code: "export default function f() {}\nexport { f };" })).toBeUndefined();
  expect(await checkSyntax({ language, code: "let a;\nlet a;" })).toMatch(/^line 2: SyntaxError/);
});
