import { readFileSync, writeFileSync } from "node:fs";

const TEMPLATE = "tokenizer.chat_template";
const DEFAULT_ALIGNMENT = 32;

/** Widths of the scalar types in a GGUF file's head, by number; 8 is a text and 9 a list. */
const WIDTHS: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

/** Copies weights, with another chat template in their head: a real model whose template says that it thinks. */
export function withTemplate(from: string, to: string, template: string): void {
  const file = readFileSync(from);
  let at = 24;
  const u64 = () => Number(file.readBigUInt64LE((at += 8) - 8));
  const u32 = () => file.readUInt32LE((at += 4) - 4);
  const text = () => file.toString("utf8", at + 8, (at += 8 + Number(file.readBigUInt64LE(at))));
  const skip = (type: number): void => {
    if (type === 8) text();
    else if (type === 9) for (let inner = u32(), left = u64(); left > 0; left -= 1) skip(inner);
    else at += WIDTHS[type]!;
  };
  let alignment = DEFAULT_ALIGNMENT;
  let place: [number, number] | undefined;
  const tensors = Number(file.readBigUInt64LE(8));
  for (let left = Number(file.readBigUInt64LE(16)); left > 0; left -= 1) {
    const key = text();
    const type = u32();
    if (key === "general.alignment") alignment = file.readUInt32LE(at);
    const start = at;
    skip(type);
    if (key === TEMPLATE) place = [start, at];
  }
  for (let left = tensors; left > 0; left -= 1) {
    text();
    for (let sizes = u32(); sizes > 0; sizes -= 1) u64();
    at += 12;
  }
  const bytes = Buffer.from(template);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  const head = Buffer.concat([file.subarray(0, place![0]), length, bytes, file.subarray(place![1], at)]);
  const aligned = (size: number) => Math.ceil(size / alignment) * alignment;
  const padding = Buffer.alloc(aligned(head.length) - head.length);
  writeFileSync(to, Buffer.concat([head, padding, file.subarray(aligned(at))]));
}
