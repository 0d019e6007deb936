import { posix } from "node:path";
import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** Files beside `docs/` that are pages of the site, too. */
const PAGES: Record<string, string> = {
  "README.md": "/",
  "CHANGELOG.md": "/inside/changelog",
  "CONTRIBUTING.md": "/inside/contributing",
};

/** Links that leave `docs/` lead to the page that shows the file. Where there is none, the text stays and names the file. */
export function linkWithinTheSite(md: MarkdownRenderer): void {
  md.core.ruler.push("within-the-site", ({ tokens, env }) => {
    const page = posix.join("docs", (env as { relativePath?: string }).relativePath ?? "index.md");
    const shown = Object.keys(PAGES).find((file) => PAGES[file] === `/${posix.relative("docs", page).slice(0, -3)}`);
    const folder = shown === undefined ? posix.dirname(page) : ".";
    for (const { children } of tokens) {
      for (const [i, token] of (children ?? []).entries()) {
        if (token.type !== "link_open") continue;
        const [path = "", anchor] = token.attrGet("href")!.split("#");
        if (path === "" || /^(\w+:|\/)/.test(path)) continue;
        const file = posix.join(folder, path);
        const hash = anchor ? `#${anchor}` : "";
        if (file in PAGES) token.attrSet("href", PAGES[file] === "/" ? "/" : PAGES[file] + hash);
        else if (file.startsWith("docs/")) token.attrSet("href", `/${posix.relative("docs", file)}${hash}`);
        else {
          const end = children!.slice(i).find(({ type, level }) => type === "link_close" && level === token.level)!;
          token.tag = end.tag = "span";
          token.type = "span_open";
          end.type = "span_close";
          token.attrs = [["title", `in the repository: ${file}`]];
        }
      }
    }
  });
}

/** Draws diagrams of Mermaid when the site is built, in the colours of the theme. */
export function drawMermaid(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, i, ...rest) => {
    const { info, content } = tokens[i]!;
    if (info.trim() !== "mermaid") return fence(tokens, i, ...rest);
    const svg = renderMermaidSVG(content, { bg: "var(--vp-c-bg)", fg: "var(--vp-c-text-1)", transparent: true });
    // The renderer asks another host for its font; the page has one.
    const own = svg.replace(/^\s*@import.*$/m, "").replace(/font-family: [^;]*;/, "font-family: inherit;");
    // As data, so that the browser's copy of the page is the server's.
    return `<div class="diagram" v-html="${md.utils.escapeHtml(JSON.stringify(own))}"></div>`;
  };
}
