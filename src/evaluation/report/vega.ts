import { CopeError } from "../../errors.js";
import { escape, Html } from "./html.js";
import { theme } from "./theme.js";

/** A Vega-Lite specification, without what is the same for all. */
export type Spec = Readonly<Record<string, unknown>>;

/** Draws a specification as an inline SVG. */
export type Draw = (spec: Spec, alt: string) => Promise<Html>;

interface Libraries {
  vega: typeof import("vega");
  vegaLite: typeof import("vega-lite");
}

const importAll = async (): Promise<Libraries> => ({
  vega: await import("vega"),
  vegaLite: await import("vega-lite"),
});

/**
 * Loads what draws charts: two optional packages, without a DOM and without the network.
 *
 * @throws CopeError `PACKAGE_MISSING`
 */
export async function loadDraw(from: () => Promise<Libraries> = importAll): Promise<Draw> {
  const { vega, vegaLite } = await from().catch((cause: unknown) => {
    const reason = "the report's charts need the packages vega and vega-lite.";
    throw new CopeError("PACKAGE_MISSING", reason, "npm install vega vega-lite", { cause });
  });
  measureText(vega as never);
  return async (spec, alt) => {
    const { spec: compiled } = vegaLite.compile({ ...spec, config: theme } as never, { logger: silent });
    const view = new vega.View(vega.parse(compiled), { renderer: "none", logger: silent });
    const svg = await view.toSVG();
    view.finalize();
    return inline(svg, alt);
  };
}

/** What Vega measures texts with. */
interface Measures {
  textMetrics: {
    width(item: { fontSize?: number }, text: unknown): number;
    estimateWidth(item: unknown, text: unknown): number;
  };
}

/** Without a canvas Vega takes letters to be 0.8 of their height, which leaves charts of long names no room. */
function measureText({ textMetrics }: Measures): void {
  if (textMetrics.width !== textMetrics.estimateWidth) return;
  textMetrics.width = ({ fontSize = 11 }, text) =>
    0.6 * fontSize * (Array.isArray(text) ? Math.max(...text.map((line) => String(line).length)) : String(text).length);
}

/** Made to fit its place: without a size of its own, with a name, and with links of the kind that pages have. */
function inline(svg: string, alt: string): Html {
  const [, width, viewBox] = /width="([\d.]+)".*?viewBox="([^"]+)"/.exec(svg)!;
  const head = `<svg role="group" aria-label="${escape(alt)}" viewBox="${viewBox}" style="max-width:${Math.round(1.25 * Number(width))}px">`;
  return new Html(
    svg
      .toWellFormed()
      .replace(/^<svg[^>]*>/, () => head)
      .replaceAll("<a xlink:href=", '<a tabindex="0" href='),
  );
}

const ignore = () => silent;
const silent: never = {
  level: (level?: number) => (level === undefined ? 0 : silent),
  error: ignore,
  warn: ignore,
  info: ignore,
  debug: ignore,
} as never;
