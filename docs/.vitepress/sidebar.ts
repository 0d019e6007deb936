import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { DefaultTheme } from "vitepress";

/** The folders of `docs/`, in the order of the sidebar. */
const GROUPS = {
  "how-to": "I want to …",
  use: "Use",
  models: "Models",
  agents: "Agents",
  evaluate: "Evaluate",
  extend: "Extend",
  inside: "Inside",
} as const;

/** The pages of the reference that typedoc writes, and the one of error codes. */
const REFERENCE = ["", "/environments", "/evaluation", "/integrations", "/testing"].map((entry) => ({
  text: `langgraph-cope${entry}`,
  link: `/api/langgraph-cope${entry}`,
}));

/** A group for each folder, whose pages are named by their first heading; then the reference. */
export function sidebar(docs: string): DefaultTheme.SidebarItem[] {
  const home = readFileSync(join(docs, "index.md"), "utf8");
  // In the order of the home page, which names the pages of one folder only.
  const place = (link: string) => home.indexOf(`](${link.slice(1)}.md)`);
  const groups = Object.entries(GROUPS).map(([folder, text]) => ({
    text,
    collapsed: folder !== "how-to",
    items: globSync(`${folder}/*.md`, { cwd: docs })
      .map((page) => ({ text: title(join(docs, page)), link: `/${page.replace(/\.md$/, "")}` }))
      .toSorted((a, b) => place(a.link) - place(b.link) || a.text.localeCompare(b.text)),
  }));
  return [...groups, { text: "Reference", items: [...REFERENCE, { text: "Error codes", link: "/api/errors" }] }];
}

/** The first heading, without marks of code and without what follows a colon. */
function title(file: string): string {
  const heading = /^# (.+)$/m.exec(included(readFileSync(file, "utf8"), file))?.[1] ?? basename(file, ".md");
  return heading.replaceAll("`", "").replace(/:.*/, "");
}

/** The text of a page that is nothing but another file. */
function included(text: string, file: string): string {
  const other = /^<!--\s*@include:\s*(\S+)\s*-->\s*$/.exec(text)?.[1];
  return other ? readFileSync(join(file, "..", other), "utf8") : text;
}
