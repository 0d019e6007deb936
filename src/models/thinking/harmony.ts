/** A message of the form that gpt-oss writes; the last may be cut. Whom it calls stands before its channel or behind it. */
const MESSAGE =
  /(?:<\|start\|>)?(?:assistant)?(?:([^<]{0,200})<\|channel\|>)?\s{0,3}(analysis|commentary|final)?([^<]{0,200}?)(?:<\|constrain\|>[^<]{0,50})?<\|message\|>([^]*?)(?:<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)|$)/g;

/** Whether a text is in the form at all. */
const FORM =
  /^\s*(?:<\|start\|>|<\|channel\|>(?:analysis|commentary|final)\b)|<\|channel\|>\s*final\b[^<]*<\|message\|>/;

/**
 * What a text in channels says. `final`, and what is told the user on the way (`commentary`), are text; `analysis` is thinking. A call
 * becomes one in the marks that readers of calls know.
 *
 * @returns undefined for a text in another form
 */
export function harmonyOf(raw: string): { text: string; thinking?: string } | undefined {
  if (!FORM.test(raw)) return undefined;
  const said: string[] = [];
  const thought: string[] = [];
  const first = raw.search(/<\|(?:start|channel)\|>/);
  // The prompt may have opened the first channel, which is never the last one.
  const begun = raw.slice(0, first).replace(/<\|end\|>\s*$/, "");
  if (begun.trim() !== "") thought.push(begun);
  for (const [, before = "", channel, behind = "", content = ""] of raw.slice(first).matchAll(MESSAGE)) {
    const called = /to=(?:functions\.)?([\w.-]+)/.exec(`${before} ${behind}`)?.[1];
    if (called !== undefined && channel !== "final")
      said.push(`<tool_call>{"name": ${JSON.stringify(called)}, "arguments": ${content.trim()}}</tool_call>`);
    else if (channel === "analysis" || channel === undefined) thought.push(content);
    else said.push(content);
  }
  const thinking = thought.map((text) => text.trim()).filter((text) => text !== "");
  return { text: said.join("\n"), ...(thinking.length > 0 ? { thinking: thinking.join("\n\n") } : {}) };
}
