/** Markup, as against text: only what was built here, so that nothing from outside can become one by mistake. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in a template. */
type Part = string | number | Html | readonly Html[] | false | null | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as markup shows it, also within a quoted attribute: whatever a model wrote, it stays text. */
export const escape = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll("\0", "\uFFFD")
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Markup from a template; everything that is put in is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((sum, string, i) => sum + markupOf(parts[i - 1]) + string));
}

function markupOf(part: Part): string {
  if (part === undefined || part === null || part === false) return "";
  if (part instanceof Html) return part.markup;
  return typeof part === "object" ? part.map(({ markup }) => markup).join("") : escape(String(part));
}
