import type { Section } from "../summary/sections.js";
import { placeOf } from "./charts/chart.js";
import { html, type Html } from "./html.js";

/** A table that scrolls by itself where it is wider than the page. Cells that name a method lead to its problems. */
export function tableHtml(
  { head, rows }: Pick<Section, "head" | "rows">,
  caption: string,
  methods: ReadonlySet<string>,
): Html {
  const kind = (i: number) => (head[i]!.startsWith(" ") ? "number" : "word");
  const cell = (text: string, i: number) => {
    // The first column may mark what stands on the frontier.
    const name = text.replace(/ \*$/, "");
    const leads = (head[i] === "method" || i === 0) && methods.has(name);
    const shown = leads ? html`<a href="${placeOf(name)}">${text}</a>` : html`${text}`;
    return i === 0 ? html`<th scope="row">${shown}</th>` : html`<td class="${kind(i)}">${shown}</td>`;
  };
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <thead>
        <tr>
          ${head.map((text, i) => html`<th scope="col" class="${kind(i)}">${text.trim()}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
