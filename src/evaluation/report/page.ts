import { readFileSync } from "node:fs";
import type { Evaluation } from "../evaluation.js";
import { sectionsOf, type Section } from "../summary/sections.js";
import type { Summary } from "../summary/types.js";
import type { Chart } from "./charts/chart.js";
import type { ReportExtras } from "./extras.js";
import { html, Html } from "./html.js";
import { matrixHtml } from "./matrix.js";
import { tableHtml } from "./tables.js";

const asset = (name: string) => new Html(readFileSync(new URL(`./assets/${name}`, import.meta.url), "utf8"));

/** A chart with its drawings; the wide one stands in for the narrow where there is room. */
export interface Figure extends Chart {
  drawn: readonly { narrow: Html; wide?: Html }[];
}

/** What a page is made of. */
export interface PageParts {
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
