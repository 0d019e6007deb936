/**
 * Stands in every line that opens or closes what is quoted. It is no word, so that no text holds it by chance, and always the
 * same one, so that a recorded judgement is found again.
 */
export const MARK = "qz7x4kv2m";

/** A text in a fence of its own, cut in the middle to `limit` UTF-16 units. It cannot close the fence: the mark is taken from it. */
export function quoted(label: string, text: string, limit: number): string {
  const inside = cutMiddle(text.replace(new RegExp(MARK, "gi"), "[…]").trim(), limit);
  return `<${MARK} ${label}>\n${inside}\n</${MARK} ${label}>`;
}

/** A text whose middle is left out where it is longer than `limit` UTF-16 units, with a line that says how much. */
export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const [head, tail] = [text.slice(0, half).toWellFormed(), text.slice(-half).toWellFormed()];
  return `${head}\n[… ${text.length - 2 * half} characters are left out here …]\n${tail}`;
}
