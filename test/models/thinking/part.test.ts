import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partThinking, type PartOptions } from "../../../src/models/thinking/part.js";
import { ThinkingStream } from "../../../src/models/thinking/stream.js";

/** How families of models mark their thinking, whole. */
const CONVENTIONS: Record<string, (thinking: string, text: string) => string> = {
  "Qwen3, DeepSeek-R1, GLM, Nemotron": (t, a) => `<think>\n${t}\n</think>\n\n${a}`,
  "on one line": (t, a) => `<think>${t}</think>${a}`,
  "in capitals": (t, a) => `<Think>${t}</Think>\n${a}`,
  Claude: (t, a) => `<thinking>\n${t}\n</thinking>\n\n${a}`,
  "with an attribute": (t, a) => `<thinking effort="high">${t}</thinking>\n${a}`,
  EXAONE: (t, a) => `<thought>\n${t}\n</thought>\n\n${a}`,
  Reka: (t, a) => `<reasoning>\n${t}\n</reasoning>\n${a}`,
  "Seed-OSS": (t, a) => `<seed:think>${t}</seed:think>${a}`,
  Magistral: (t, a) => `[THINK]${t}[/THINK]${a}`,
  "Kimi-VL": (t, a) => `◁think▷${t}◁/think▷${a}`,
  "Command A": (t, a) => `<|START_THINKING|>${t}<|END_THINKING|><|START_RESPONSE|>${a}<|END_RESPONSE|>`,
  OpenThinker: (t, a) =>
    `<|begin_of_thought|>\n\n${t}\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\n${a}\n\n<|end_of_solution|>`,
  Apertus: (t, a) => `<|inner_prefix|>${t}<|inner_suffix|>${a}`,
  "Gemma 4": (t, a) => `<|channel>thought\n${t}<channel|>${a}`,
  Hunyuan: (t, a) => `<think>\n${t}\n</think>\n<answer>\n${a}\n</answer>`,
  MedGemma: (t, a) => `<unused94>thought\n${t}<unused95>${a}`,
  LongCat: (t, a) => `<longcat_think>\n${t}\n</longcat_think>\n${a}`,
  "Granite 3.2": (t, a) => `Here is my thought process:\n${t}\n\nHere is my response:\n${a}`,
  "Granite 3.3": (t, a) => `<think>${t}</think>\n\n<response>${a}</response>`,
  "gpt-oss": (t, a) =>
    `<|channel|>analysis<|message|>${t}<|end|><|start|>assistant<|channel|>final<|message|>${a}<|return|>`,
  "gpt-oss, its first mark in the prompt": (t, a) =>
    `<|start|>assistant<|channel|>analysis<|message|>${t}<|end|>\n<|start|>assistant<|channel|>final<|message|>${a}`,
  "gpt-oss with its marks lost": (t, a) => `analysisSo: ${t}assistantfinal${a}`,
  "two blocks": (t, a) => `<think>${t}</think>\n<think>More.</think>\n${a}`,
};
/** The template puts the opening mark into the prompt. */
const BEGUN: Record<string, (thinking: string, text: string) => string> = {
  "Qwen3 thinking, QwQ": (t, a) => `${t}\n</think>\n\n${a}`,
  "on one line": (t, a) => `${t}</think>${a}`,
  "and the model repeats it": (t, a) => `<think>\n${t}\n</think>\n\n${a}`,
  "EXAONE Deep": (t, a) => `${t}\n</thought>\n\n${a}`,
};

const THOUGHT = "We add 2 and 3, so \\boxed{5}. Wait, there is one more";
const ANSWER = "The answer is 6.";

/** What is told of a text that comes in pieces, and what it comes to. */
function streamed(pieces: readonly string[], { begun = false, cut = false }: PartOptions = {}) {
  const told: string[] = [];
  const stream = new ThinkingStream((piece) => told.push(piece), begun);
  for (const piece of pieces) stream.push(piece);
  const parted = stream.end(cut);
  return { ...parted, told: told.join("") };
}

/** A text in pieces of one to some characters. */
const inPieces = (text: string) =>
  fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: text.length }).map((lengths) => {
    const pieces: string[] = [];
    let at = 0;
    for (const length of lengths) {
      pieces.push(text.slice(at, at + length));
      at += length;
    }
    return [...pieces, text.slice(at)];
  });

const SAID = fc.constantFrom(
  ANSWER,
  "42",
  "def f(x):\n    return x < 3 and x > 1\n",
  "```python\nprint('<think>')\n```\nDone.",
  "It is `</think>` that ends it. So 6.",
  "A list:\n- [x] one\n- <b>two</b>",
  '{"a": [1, 2], "b": "<think>"}',
  "1 < 2",
  "Ends in <",
  "[THIN is no mark",
);
const THOUGHTS = fc.constantFrom(
  THOUGHT,
  "Hm.",
  "The user wants code:\n```python\nx = 1\n```\nI give it.",
  "A fence that is never closed\n```python\nx = 1",
  "I would call <tool_call>{}</tool_call>",
  "it`s odd",
  "Let me see </thin",
);

describe.each([
  ...Object.entries(CONVENTIONS).map(([name, write]) => ({ name, write, begun: false })),
  ...Object.entries(BEGUN).map(([name, write]) => ({ name: `begun in the prompt: ${name}`, write, begun: true })),
])("$name", ({ write, begun }) => {
  it("is separated whole", () => {
    const { text, thinking } = partThinking(write(THOUGHT, ANSWER), { begun });
    expect(text).toBe(ANSWER);
    expect(thinking).toContain("one more");
  });

  it("is separated in a stream, however it is cut into pieces", () => {
    const cases = fc.tuple(THOUGHTS, SAID).chain(([thought, said]) => {
      const raw = write(thought, said);
      return fc.record({ raw: fc.constant(raw), said: fc.constant(said), pieces: inPieces(raw) });
    });
    fc.assert(
      fc.property(cases, ({ raw, said, pieces }) => {
        const { told, ...parted } = streamed(pieces, { begun });
        expect(parted).toEqual(partThinking(raw, { begun }));
        expect(told).toBe(parted.text);
        expect(parted.text.trim()).toBe(said.trim());
      }),
      { numRuns: 60 },
    );
  });

  it("is no text where it is cut inside its thinking", () => {
    const raw = write(THOUGHT, ANSWER);
    const inside = raw.slice(0, raw.indexOf("Wait"));
    fc.assert(
      fc.property(inPieces(inside), (pieces) => {
        const { text, thinking, told } = streamed(pieces, { begun, cut: true });
        expect({ text, told }).toEqual({ text: "", told: "" });
        expect(thinking).toContain("\\boxed{5}");
      }),
      { numRuns: 20 },
    );
  });
});

describe("a closing mark that nothing opened", () => {
  it.each<[raw: string, text: string]>([
    ["We get \\boxed{5}. Wait</think>\nThe answer is 6.", "The answer is 6."],
    ["thinking\n</think>\n\n6", "6"],
    ["one\n</think>\ntwo\n</think>\n6", "6"],
    ["So 6 </think> The answer is 6.", "The answer is 6."],
    ["only thinking</think>", ""],
    ["<think>a</think>The answer is 6.</think>", "The answer is 6."],
    ["reasoning…[/THINK]6", "6"],
  ])("%j", (raw, text) => {
    expect(partThinking(raw)).toMatchObject({ text, thinking: expect.any(String) });
  });
});

describe("what is no thinking stays as it is, whole and streamed", () => {
  it.each([
    "",
    "  6  ",
    "The answer is 6.",
    "Qwen3 writes <think> before its reasoning and </think> after it.",
    "The `<think>` tag opens a block, and `</think>` closes it.",
    'Put "<think>" before and "</think>" after it.',
    "```html\n<think>\nnotes\n</think>\n```\nThat is the form.",
    "~~~\n</think>\n~~~",
    '```python\nTAG = re.compile(r"<think>.*?</think>")\n```',
    'import re\nclean = re.sub(r"<think>.*?</think>", "", text)\nprint(clean)',
    'PROMPT = """\n<think>\nyour notes\n</think>\n"""\nprint(PROMPT)',
    "const p = `\n<think>\nnotes\n</think>\n`;",
    '{"thought": "first <think>, then </think>"}',
    "The </think> tag ends the thinking.",
    "analysis of the data shows 6",
    "Analysis: 6 is right.",
    "I think 6. My thinking: none.",
    "Here is my answer: 6",
    "x <y> z [1] <|im_end|>",
    "- <think>: the opening mark\n- </think>: the closing mark",
    "<thinker>no mark</thinker>",
  ])("%j", (raw) => {
    expect(partThinking(raw)).toEqual({ text: raw });
    fc.assert(
      fc.property(inPieces(raw), (pieces) => {
        expect(streamed(pieces)).toEqual({ text: raw, told: raw });
      }),
      { numRuns: 30 },
    );
  });
});

describe("odd forms", () => {
  it.each<[name: string, raw: string, text: string, options?: PartOptions]>([
    ["an empty block", "<think>\n\n</think>\n\n6", "6"],
    ["a block in the middle", "First 6.\n<think>is it?</think>\nYes, 6.", "First 6.\nYes, 6."],
    ["a block behind a sentence", "Okay. <think>5? no</think> 6.", "Okay. 6."],
    ["an answer, then a block that never ends", "The answer is 6.\n<think>\nWait, maybe 7", "The answer is 6.\n"],
    ["a block that another mark closes", "<think>five</thinking>6", "6"],
    ["a fence around the closing mark", "<think>```\ncode</think>\n```\n6\n```", "```\n6\n```"],
    ["an answer that is not closed", "<think>t</think><answer>6", "6"],
    [
      "begun in the prompt, and no closing mark: the server took it off",
      "The answer is 6.",
      "The answer is 6.",
      { begun: true },
    ],
    [
      "a call in a channel",
      '<|channel|>analysis<|message|>t<|end|><|start|>assistant<|channel|>commentary to=functions.look <|constrain|>json<|message|>{"q":"a"}<|call|>',
      '<tool_call>{"name": "look", "arguments": {"q":"a"}}</tool_call>',
    ],
    [
      "a call whose tool stands before its channel",
      '<|channel|>analysis<|message|>t<|end|><|start|>assistant to=functions.look<|channel|>commentary json<|message|>{"q":"a"}<|call|>',
      '<tool_call>{"name": "look", "arguments": {"q":"a"}}</tool_call>',
    ],
    ["a block within a block", "<think>a\n<think>\nb\n</think>\nc\n</think>\n6", "6"],
    ["a space in the closing mark", "<think >a</think >6", "6"],
    [
      "what is told on the way",
      "<|channel|>analysis<|message|>t<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>final<|message|>6",
      "I look.\n6",
    ],
  ])("%s", (_, raw, text, options) => {
    expect(partThinking(raw, options).text).toBe(text);
  });

  it("reads what was separated once more without a change", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(CONVENTIONS)), THOUGHTS, SAID, (write, thought, said) => {
        const { text } = partThinking(write(thought, said));
        expect(partThinking(text)).toEqual({ text });
      }),
    );
  });

  it("takes little time for what is hostile", () => {
    const hostile = [
      "<think>",
      "</think> x ",
      "x <think> ",
      "`",
      "<",
      "<|channel|>",
      " ",
      "analysis",
      "<answer> ",
      "\n",
    ];
    for (const piece of hostile) {
      const raw = piece.repeat(Math.ceil(40_000 / piece.length));
      const began = performance.now();
      partThinking(raw);
      partThinking(`<think>${raw}`);
      expect({ piece, isQuick: performance.now() - began < 2_000 }).toEqual({ piece, isQuick: true });
    }
  });

  it("never throws, and never tells what is not the beginning of the text, whatever comes", () => {
    const bits = fc.array(
      fc.constantFrom(
        "<think>",
        "</think>",
        "\n",
        " ",
        "`",
        "```",
        "a",
        "6.",
        '"',
        "[THINK]",
        "[/THINK]",
        "<|channel|>",
        "final",
        "<|message|>",
        "analysis",
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(bits, fc.boolean(), (pieces, begun) => {
        const raw = pieces.join("");
        const { told, ...parted } = streamed(pieces, { begun });
        expect(parted).toEqual(partThinking(raw, { begun }));
        const stray = /<\/think>|\[\/THINK\]|final/.test(raw);
        expect(stray || parted.text.startsWith(told)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
