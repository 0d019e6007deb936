import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { checkSite } from "./check.js";
import { errorsPage } from "./errors.js";
import { drawMermaid, linkWithinTheSite } from "./markdown.js";
import { sidebar } from "./sidebar.js";

const docs = join(import.meta.dirname, "..");

// typedoc has filled this folder, which git ignores; the page of error codes joins it.
mkdirSync(join(docs, "api"), { recursive: true });
writeFileSync(join(docs, "api", "errors.md"), errorsPage());

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="5" cy="11" r="3" fill="#3451b2"/><circle cx="11" cy="6" r="5" fill="#8b9fe8"/></svg>',
)}`;

export default defineConfig({
  title: "langgraph-cope",
  description: "A small and a large language model work together, as LangGraph.js graphs.",
  lang: "en",
  head: [["link", { rel: "icon", href: ICON }]],
  markdown: {
    config(md) {
      md.use(linkWithinTheSite);
      md.use(drawMermaid);
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "I want to …", link: "/#i-want-to" },
      { text: "API", link: "/api/" },
      { text: "Errors", link: "/api/errors" },
    ],
    sidebar: sidebar(docs),
    docFooter: { prev: false, next: false },
  },
  // The index of the local search is one file; it is loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 3000 } },
  buildEnd: ({ outDir }) => checkSite(outDir),
});
