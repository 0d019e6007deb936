const r = String.raw;
const deep = (open: string, middle: string, close: string, times: number): string =>
  open.repeat(times) + middle + close.repeat(times);

/** Answers made to hang, to overflow or to confuse; none is the same as `\pi`. */
export const hostileAnswers: readonly string[] = [
  r`9^{9^{9^{9}}}`,
  r`10^{10^{10}}`,
  r`1000000!`,
  r`5${"!".repeat(300)}`,
  r`\binom{10^9}{10^8}`,
  r`\sum_{n=1}^{10^{12}} n`,
  r`\int_0^1 e^{x^x} dx`,
  r`((x+1)^{99}+(y+1)^{99})^{99}`,
  deep(r`\frac{1}{`, "2", "}", 40),
  deep(r`\sqrt{`, "2", "}", 55),
  deep("(", "x", ")", 190),
  r`\frac{`.repeat(60),
  r`\{`.repeat(190),
  r`\pm`.repeat(100),
  "x^".repeat(190),
  "{".repeat(390),
  "|".repeat(390),
  "+".repeat(390),
  "a=".repeat(190),
  "1,".repeat(190),
  r`\begin{pmatrix}`.repeat(20),
  r`\text{`.repeat(60),
  '"'.repeat(390),
];

/** Whole outputs that hold nothing readable, or far too much. */
export const hostileOutputs: readonly string[] = [
  "",
  " ".repeat(1_000_000),
  "a".repeat(1_000_000),
  "1".repeat(1_000_000),
  "$".repeat(1_000_000),
  "\n".repeat(1_000_000),
  "answer is ".repeat(100_000),
  "answer to ".repeat(100_000),
  "$1 ".repeat(300_000),
  r`\boxed{`.repeat(150_000),
  r`\frac{`.repeat(150_000),
  r`\(`.repeat(500_000),
  "**".repeat(500_000),
  r`\text{`.repeat(150_000),
  deep("{", "7", "}", 5_000),
  `\\boxed{${deep("{", "7", "}", 5_000)}}`,
  `The answer is ${"(".repeat(10_000)}`,
];
