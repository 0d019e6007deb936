import { gzipSync } from "node:zlib";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { loadProblems } from "../../../src/evaluation/data/load.js";
import { pool } from "../../../src/evaluation/data/pool.js";
import { temporaryFolder } from "../../support/folder.js";
import { fileWith, jsonl } from "./files.js";

describe("one's own rows", () => {
  it.each(["question", "problem", "input", "prompt"])("have their question in %s", async (field) => {
    const { problems } = await loadProblems(jsonl({ [field]: "1 + 1?", answer: "2" }));
    expect(problems).toEqual([{ id: "0", family: "math", task: { question: "1 + 1?" }, gold: "2", about: {} }]);
  });

  it.each([
    ["answer", 2, "2"],
    ["gold", 145.0, "145"],
    ["target", 1e21, "1000000000000000000000"],
    ["label", true, "true"],
    ["answer", 0, "0"],
    ["answer", -0.5, "-0.5"],
  ])("have their gold in %s, printed plainly: %j", async (field, value, gold) => {
    const { problems } = await loadProblems(jsonl({ question: "q", [field]: value }), { family: "math" });
    expect(problems[0]!.gold).toBe(gold);
  });

  it("have columns by other names, and what tables are split by", async () => {
    const columns = { question: "Frage", gold: "Lösung", id: "Nr", about: ["Klasse"] };
    const path = fileWith("eigene.csv", '\uFEFFNr;Frage;Lösung;Klasse\na1;"Zwei\nZeilen; und mehr";7;3\n');
    const { name, format, problems } = await loadProblems(path, { columns });
    expect({ name, format }).toEqual({ name: "eigene", format: "rows" });
    expect(problems).toEqual([
      { id: "a1", family: "math", task: { question: "Zwei\nZeilen; und mehr" }, gold: "7", about: { Klasse: "3" } },
    ]);
  });

  it("are read gzipped", async () => {
    const path = fileWith("own.jsonl.gz", gzipSync('{"question":"q","answer":"1"}\n'));
    expect(await loadProblems(path)).toMatchObject({ name: "own", problems: [{ gold: "1" }] });
  });

  it("keep an id by place that malformed rows before them do not shift", async () => {
    const path = fileWith("own.jsonl", '{"question":"a","answer":"1"}\n\nnot JSON\n{"question":"b","answer":"2"}\n');
    const { problems, refused } = await loadProblems(path);
    expect(problems.map(({ id }) => id)).toEqual(["0", "2"]);
    expect(refused).toEqual([{ line: 3, field: null, why: "it is no JSON" }]);
  });

  it("are refused by line and field, and the others go on", async () => {
    const rows = [
      { question: "fine", answer: "1", id: "x" },
      { question: "", answer: "1", id: "b" },
      { question: "no gold", id: "c" },
      { question: "again", answer: "1", id: "x" },
      { question: ["a list"], answer: "1", id: "d" },
      { question: "odd gold", answer: { a: 1 }, id: "e" },
      { question: "odd id", answer: "1", id: { a: 1 } },
      [1],
    ];
    const { problems, refused } = await loadProblems(jsonl(...rows));
    expect(problems).toHaveLength(1);
    expect(refused).toEqual([
      { line: 2, field: "question", why: expect.stringContaining("a text is needed") },
      { line: 3, field: "answer", why: expect.stringMatching(/^the gold answer is needed; the row has question, id/) },
      { line: 4, field: "id", why: '"x" is the id of line 1, too' },
      { line: 5, field: "question", why: expect.stringContaining("a text is needed") },
      { line: 6, field: "answer", why: expect.stringContaining("answer cannot be read") },
      { line: 7, field: "id", why: expect.stringContaining("a text or a number is needed") },
      { line: 8, field: null, why: "it is JSON, but no object" },
    ]);
  });

  it("may lack golds where that is asked for, and where a judge grades", async () => {
    const path = jsonl({ question: "q" });
    await expect(loadProblems(path)).rejects.toMatchObject({ code: "FILE_BROKEN" });
    expect((await loadProblems(path, { unlabelled: true })).problems[0]!.gold).toBeNull();
    expect((await loadProblems(path, { family: "chat" })).problems[0]!.gold).toBeNull();
  });

  it("of code are graded by tests that the task does not show", async () => {
    const row = {
      question: "Add.",
      tests: "assert add(1, 1) == 2",
      gold: ["assert add(2, 2) == 4"],
      entry_point: "add",
    };
    const { problems } = await loadProblems(jsonl(row), { family: "code" });
    expect(problems[0]).toMatchObject({
      task: { question: "Add.", language: "python", tests: ["assert add(1, 1) == 2"], entryPoint: "add" },
      gold: { tests: ["assert add(2, 2) == 4"], setup: "", entryPoint: "add" },
    });
  });
});

describe("CSV", () => {
  it("names the line where a malformed record begins, and reads the others", async () => {
    const text = 'id,question,answer\n1,"two\nlines",3\n\n2,short\n3,too,many,fields\n4,a "quoted" word,5\n5,"open,6\n';
    const { problems, refused } = await loadProblems(fileWith("own.csv", text));
    expect(problems.map(({ id, task }) => [id, task.question])).toEqual([
      ["1", "two\nlines"],
      ["4", 'a "quoted" word'],
    ]);
    expect(refused).toEqual([
      { line: 5, field: null, why: "it has 2 fields, the header 3" },
      { line: 6, field: null, why: "it has 4 fields, the header 3" },
      { line: 8, field: null, why: expect.stringContaining("never closed") },
    ]);
  });

  it("is parted by tabs, too", async () => {
    const { problems } = await loadProblems(fileWith("own.tsv", "question\tanswer\n1, 2, 3?\t4\n"));
    expect(problems[0]!.task.question).toBe("1, 2, 3?");
  });

  it("with two columns of one name is refused as a whole", async () => {
    await expect(loadProblems(fileWith("own.csv", "question,answer,answer\na,b,c\n"))).rejects.toThrow(
      /FILE_BROKEN.*two columns are named "answer"/,
    );
  });
});

describe("benchmark rows that are malformed", () => {
  it.each([
    ["gsm8k", { question: "q", answer: "solution without its mark" }, "answer", /after #### is missing/],
    ["svamp", { Body: "b", Question: "q", Answer: "many" }, "Answer", /a number is needed/],
    ["math500", { problem: "p", unique_id: "u" }, "answer", /a text is needed/],
    [
      "mbpp",
      { task_id: 1, text: "t", code: "x = 1", test_list: ["assert f(1) == 1", "assert f(2) == 2"] },
      "test_list",
      /no function/,
    ],
    ["humaneval", { task_id: "h", prompt: "def g():", entry_point: "f", test: "t" }, "prompt", /does not define f/],
    ["mt_bench", { question_id: 1, turns: [] }, "turns", /at least 1 entries/],
    ["mt_bench", { question_id: 1, turns: ["a", "b", "c"] }, "turns", /at most 2 turns/],
  ] as const)("of %s are refused by field", async (format, bad, field, why) => {
    const { refused } = await loadProblems(jsonl(GOOD[format], bad), { format });
    expect(refused).toEqual([{ line: 2, field, why: expect.stringMatching(why) }]);
  });

  const GOOD = {
    gsm8k: { question: "q", answer: "so\n#### 1,234" },
    svamp: { Body: "b", Question: "q", Answer: 2 },
    math500: { problem: "p", answer: "1", unique_id: "other", level: 5 },
    mbpp: { task_id: 2, text: "t", code: "def f(x): ...", test_list: ["assert f(1) == 1", "assert f(2) == 2"] },
    humaneval: { task_id: "good", prompt: "def f():\n", entry_point: "f", test: "def check(c): ..." },
    mt_bench: { question_id: 2, turns: ["t"] },
  };

  it.each(Object.entries(GOOD))("%s is recognised by the fields of its rows", async (format, row) => {
    expect((await loadProblems(jsonl(row))).format).toBe(format);
  });

  it("GSM8K's golds lose the commas of thousands, and no others", async () => {
    const golds = ["1,234", "-1,234,567.5", "(1,2)", "$2,000", "7"];
    const { problems } = await loadProblems(
      jsonl(...golds.map((gold) => ({ question: "q", answer: `x\n#### ${gold}` }))),
    );
    expect(problems.map(({ gold }) => gold)).toEqual(["1234", "-1234567.5", "(1,2)", "$2000", "7"]);
  });
});

describe("a file that cannot be read", () => {
  it.each([
    ["is empty", "own.jsonl", " \n", /it is empty/],
    ["is one list", "own.json", '[{"question": "q"}]', /jq -c/],
    ["is a cut archive", "own.jsonl.gz", gzipSync("x".repeat(1000)).subarray(0, 15), /cannot be unpacked/],
    ["is CSV of another encoding", "own.csv", Buffer.from("question,answer\nm\u00e9tier,1\n", "latin1"), /UTF-8/],
    ["holds no problem", "own.jsonl", '{"a": 1}\n', /none of 1 rows.*question.*the row has a.*--columns question=/],
  ])("%s, and the error says what to do", async (_, name, content, message) => {
    await expect(loadProblems(fileWith(name, content))).rejects.toMatchObject({
      code: "FILE_BROKEN",
      message: expect.stringMatching(message),
    });
  });

  it("with one line of another encoding loses that line", async () => {
    const good = Buffer.from('{"question":"q","answer":"1"}\n');
    const bad = Buffer.from('{"question":"m\u00e9tier","answer":"1"}\n', "latin1");
    const { problems, refused } = await loadProblems(fileWith("own.jsonl", Buffer.concat([good, bad])));
    expect([problems.length, refused]).toEqual([1, [{ line: 2, field: null, why: "it is not UTF-8" }]]);
  });

  it("is not there: known names are listed", async () => {
    await expect(loadProblems("nowhere.jsonl")).rejects.toThrow(/FILE_NOT_FOUND.*gsm8k, svamp/);
  });

  it("has options that do not fit told by field", async () => {
    const path = jsonl({ question: "q", answer: "1" });
    await expect(loadProblems(path, { format: "gsm9k" as never })).rejects.toThrow(/OPTIONS_INVALID.*format/);
    await expect(loadProblems(path, { format: "gsm8k", columns: { gold: "x" } })).rejects.toThrow(/OPTIONS_INVALID/);
  });
});

describe("conversations", () => {
  const row = { question_id: 81, category: "writing", turns: ["First?", "Second?"], reference: ["one", ""] };

  it("are a problem a turn, the second asked after the first", async () => {
    const { problems } = await loadProblems(jsonl(row));
    expect(problems).toEqual([
      {
        id: "81#1",
        family: "chat",
        task: { question: "First?" },
        gold: { turns: ["one"] },
        about: { category: "writing", turn: "1" },
      },
      {
        id: "81#2",
        family: "chat",
        task: { question: "Second?", after: "81#1", history: [{ role: "user", content: "First?" }] },
        gold: null,
        about: { category: "writing", turn: "2" },
      },
    ]);
  });

  it("of an id that was there are refused once", async () => {
    const { problems, refused } = await loadProblems(jsonl(row, row));
    expect(problems).toHaveLength(2);
    expect(refused).toEqual([{ line: 2, field: "id", why: '"81#1" is the id of line 1, too' }]);
  });

  it("stay together where sets are pooled", async () => {
    const { problems } = await loadProblems(jsonl(row));
    const [first, second] = pool([{ name: "mine", problems }]);
    expect(first!.id).toBe("mine/81#1");
    expect(second).toMatchObject({ id: "mine/81#2", task: { after: "mine/81#1" } });
  });
});

describe("the fingerprint", () => {
  const print = async (...rows: unknown[]) => (await loadProblems(jsonl(...rows))).fingerprint;
  const [a, b] = [
    { id: "a", question: "q", answer: "1" },
    { id: "b", question: "r", answer: "2" },
  ];

  it("is the same for the same problems in another order, with other labels", async () => {
    expect(await print(a, b)).toBe(await print({ ...b, level: 3 }, a));
  });

  it("is another for another id, task or gold", async () => {
    const prints = await Promise.all([
      print(a),
      print({ ...a, id: "c" }),
      print({ ...a, question: "Q" }),
      print({ ...a, answer: "3" }),
      print(a, b),
    ]);
    expect(new Set(prints).size).toBe(5);
  });
});

it("a known name is looked for in the folder that COPE_DATA names", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "gsm8k"));
  writeFileSync(join(folder, "gsm8k", "test.jsonl.gz"), gzipSync('{"question":"q","answer":"#### 5"}\n'));
  vi.stubEnv("COPE_DATA", folder);
  const { name, problems } = await loadProblems("gsm8k").finally(() => vi.unstubAllEnvs());
  expect({ name, problems }).toMatchObject({ name: "gsm8k", problems: [{ id: "0", gold: "5" }] });
});
