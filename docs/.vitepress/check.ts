import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** What a page loads from another host. */
const LOADED = /<(?:script|img|source|iframe|link)\b[^>]*?\s(?:src|href)="((?:https?:)?\/\/[^"]+)"/g;

/** Fails the build where a link names an anchor that is not there, or where a page loads something from another host. */
export function checkSite(folder: string): void {
  const pages = new Map(
    globSync("**/*.html", { cwd: folder }).map((page) => [page, readFileSync(join(folder, page), "utf8")]),
  );
  const anchors = new Map([...pages].map(([page, html]) => [page, ids(html)]));
  const broken = [...pages].flatMap(([page, html]) => brokenLinks(page, html, anchors).map((link) => ({ page, link })));
  // What every page has in its margin is told once.
  const named = [...Map.groupBy(broken, ({ link }) => link)].map(
    ([link, of]) => `${of[0]!.page}${of.length > 1 ? ` and ${of.length - 1} others` : ""}: nothing is at ${link}`,
  );
  const loads = [...pages].flatMap(([page, html]) =>
    [...html.matchAll(LOADED)].map(([, address]) => `${page}: loads ${address}`),
  );
  const styles = globSync("**/*.{css,html}", { cwd: folder }).filter((file) =>
    /(@import|url\()\s*["']?(https?:)?\/\//.test(readFileSync(join(folder, file), "utf8")),
  );
  const faults = [...named, ...loads, ...styles.map((file) => `${file}: its styles name another host`)];
  if (faults.length > 0) throw new Error(`The site has faults:\n${faults.join("\n")}`);
}

function ids(html: string): Set<string> {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => id));
}

/** Links of a page to pages or anchors of the site that are not there. */
function brokenLinks(page: string, html: string, anchors: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const links = [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^\w+:/.test(link)) return false;
    const [path = "", anchor = ""] = link.split("#");
    const named = path === "" ? page : posix.join(path.startsWith("/") ? "." : posix.dirname(page), `./${path}`);
    const target = named.endsWith("/") || named === "." ? posix.join(named, "index.html") : named;
    const there = anchors.get(target);
    return there === undefined || (anchor !== "" && !there.has(decodeURIComponent(anchor)));
  });
}
