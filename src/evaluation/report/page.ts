import { readFileSync } from "node:fs";
import type { Evaluation } from "../evaluation.js";
import { type Section, sectionsOf } from "../summary/sections.js";
import type { Summary } from "../summary/types.js";
import type { Outcome } from "../methods/types.js";
import { countedRight, gradable } from "../summary/row.js";
import { type Chart, placeOf } from "./charts/chart.js";
import type { ReportExtras } from "./details.js";
import { html, Html } from "./html.js";

const asset = (name: string) => new Html(readFileSync(new URL(`./assets/${name}`, import.meta.url), "utf8"));

/** A chart with its drawings; the wide one stands in for the narrow where there is room. */
export interface Figure extends Chart {
  drawn: readonly { narrow: Html; wide?: Html }[];
}

/** What a page is made of. */
interface PageParts {
  evaluation: Evaluation;
  summary: Summary;
  figures: readonly Figure[];
  extras: ReportExtras;
  /** Base64 of what a reader can drill down to. */
  details: string;
}

/** The whole page: nothing is fetched, and without its script all tables and charts are there. */
export function pageOf({ evaluation, summary, figures, extras, details }: PageParts): string {
  const { recording } = summary;
  const title = extras.title ?? recording.data;
  const names = new Set(summary.methods.map(({ name }) => name));
  const sections = new Map(sectionsOf(summary).map((section) => [section.title, section]));
  const show = (ids: readonly string[]) =>
    figures.filter(({ id }) => ids.includes(id)).map((figure) => figureHtml(figure, names));
  const tables = (wanted: readonly string[]) => wanted.flatMap((name) => sectionHtml(sections.get(name), names));
  const [accuracy, cost, used, ...rest] = [...sections.keys()];
  const parts = rest.filter((name) => name.startsWith("By "));
  const stages = rest.filter((name) => !parts.includes(name));
  const chapters: readonly [id: string, title: string, content: readonly Html[]][] = [
    ["result", "Result", [...show(["cost"]), ...tables([accuracy!])]],
    ["judged", "Judged", (extras.judged ?? []).flatMap((section) => sectionHtml(section, names))],
    ["bill", "Cost", tables([cost!, used!])],
    ["stages", "Stages", [grid(show(["ends", "flips"])), ...tables(stages)]],
    ["confidence", "Confidence", [...show(["reliability"]), grid(show(["roc", "coverage"]))]],
    ["parts", "Parts", tables(parts)],
    ["more", "Further", [grid(show(["grid", "early-stop", "calibration"]))]],
    ["problems", "Problems", [matrixHtml(evaluation)]],
  ];
  const there = chapters.filter(([, , content]) => content.some(({ markup }) => markup !== ""));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        />
        <link rel="icon" href="data:," />
        <title>${title}: evaluation</title>
        <style>
          ${asset("page.css")}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p>
            ${summary.problems} problems, ${summary.methods.length} methods, recorded ${recording.at.slice(0, 10)}, seed
            ${recording.seed}.
            ${Object.entries(recording.models).map(([role, { name }]) => html`<span class="model">${role} <b>${name}</b></span> `)}
          </p>
          ${extras.command ? html`<pre class="command">${extras.command}</pre>` : ""}
          <nav aria-label="Chapters">${there.map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</nav>
          <noscript
            ><p class="note">
              Without JavaScript all charts and tables are here; plans and samples of single problems are not.
            </p></noscript
          >
          ${extras.charts === false ? html`<p class="note">Made without charts: <code>npm install vega vega-lite</code> adds them.</p>` : ""}
        </header>
        <main>
          ${there.map(
            ([id, name, content]) =>
              html`<section id="${id}">
                <h2>${name}</h2>
                ${content}
              </section> `,
          )}
          <section>
            <h2>Methods</h2>
            <dl>
              ${summary.methods.map(
                ({ name, about }) =>
                  html`<dt>${name}</dt>
                    <dd>${about}</dd>`,
              )}
            </dl>
          </section>
        </main>
        <dialog id="drill" aria-label="Details"></dialog>
        <script type="text/plain" id="details">
          ${new Html(details)}
        </script>
        <script>
          ${asset("drill-down.js")};
        </script>
      </body>
    </html> `.markup;
}

const grid = (of: readonly Html[]): Html => (of.length > 0 ? html`<div class="figures">${of}</div>` : html``);

const swatch = ({ label, colour }: NonNullable<Chart["legend"]>[number]): Html =>
  html`<span><i style="background: ${colour}"></i>${label}</span>`;

function figureHtml({ id, title, note, drawn, legend = [], data }: Figure, methods: ReadonlySet<string>): Html {
  const panel = ({ narrow, wide }: Figure["drawn"][number]) =>
    wide
      ? html`<div class="narrow">${narrow}</div>
          <div class="wide">${wide}</div>`
      : html`<div>${narrow}</div>`;
  return html`<figure id="chart-${id}">
    <figcaption>
      <h3>${title}</h3>
      <p class="note">${note}</p>
    </figcaption>
    <div class="${drawn.length > 1 ? "panels" : "panel"}">${drawn.map(panel)}</div>
    ${drawn.length > 0 && legend.length > 0 && html`<p class="legend">${legend.map(swatch)}</p>`}
    <details>
      <summary>Data</summary>
      ${tableHtml(data, title, methods)}
    </details>
  </figure> `;
}

function sectionHtml(section: Section | undefined, methods: ReadonlySet<string>): Html[] {
  if (!section) return [];
  return [
    html`<h3>${section.title}</h3>
      ${tableHtml(section, section.title, methods)}
      <p class="note">${section.notes.join(" ")}</p> `,
  ];
}

/** Every problem with how each method fared: readable without a script, and the way into one problem. */
function matrixHtml(evaluation: Evaluation): Html {
  const { methods, problems, outcomes } = evaluation;
  const canGrade = gradable(evaluation);
  const all = methods.map(({ name }) => outcomes.get(name)!);
  return html`<div class="scroll tall" role="region" tabindex="0" aria-label="Problems by method">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">problem</th>
            ${methods.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${problems.map(
            ({ id }, i) =>
              html`<tr>
                <th scope="row"><a href="#${String(new URLSearchParams({ problem: id }))}">${id}</a></th>
                ${all.map((of) => markOf(of[i]!, canGrade[i]!))}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    <p class="note">✓ right, ✗ wrong, ∅ nothing readable, – not counted.</p>`;
}

function markOf(outcome: Outcome, canGrade: boolean): Html {
  const right = countedRight(outcome, canGrade);
  if (right === undefined) return html`<td>–</td>`;
  if (right) return html`<td class="right">✓</td>`;
  return html`<td class="wrong">${outcome.status === "unreadable" ? "∅" : "✗"}</td>`;
}

/** A table that scrolls by itself where it is wider than the page. Cells that name a method lead to its problems. */
function tableHtml(
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
