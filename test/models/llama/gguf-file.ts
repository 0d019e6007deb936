/** Writes the head of a GGUF file and its tensors, all of them zeros. */
export function ggufFile(
  facts: Record<string, string | number | boolean | string[]>,
  floats: readonly number[] = [64],
): Buffer {
  const u32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer);
  const u64 = (value: number) => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
  const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
  const parts = [Buffer.from("GGUF"), u32(3), u64(floats.length), u64(Object.keys(facts).length)];
  for (const [key, value] of Object.entries(facts)) {
    parts.push(text(key));
    if (typeof value === "string") parts.push(u32(8), text(value));
    else if (typeof value === "number") parts.push(u32(4), u32(value));
    else if (typeof value === "boolean") parts.push(u32(7), Buffer.from([Number(value)]));
    else parts.push(u32(9), u32(8), u64(value.length), ...value.map(text));
  }
  let offset = 0;
  for (const [index, count] of floats.entries()) {
    parts.push(text(`tensor.${index}`), u32(1), u64(count), u32(0), u64(offset));
    offset += Math.ceil((4 * count) / 32) * 32;
  }
  const head = Buffer.concat(parts);
  return Buffer.concat([head, Buffer.alloc(((32 - (head.length % 32)) % 32) + offset)]);
}
