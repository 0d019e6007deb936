import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { chromium as playwright, type Browser, type BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromium } from "../../scripts/test-parts.mjs";
import { needs } from "../support/needs.js";

const root = join(import.meta.dirname, "../..");
const site = join(root, "docs/.vitepress/dist");
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

const PAGES = {
  home: "/",
  "a guide": "/how-to/own-models.html",
  reference: "/api/langgraph-cope.html",
  errors: "/api/errors.html",
};
const SCREENS: Record<string, BrowserContextOptions> = {
  "a desktop, light": { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  "a desktop, dark": { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  "a phone, light": { viewport: { width: 390, height: 844 }, colorScheme: "light" },
  "a phone, dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
};

describe.skipIf(!needs("Chromium", existsSync(chromium)))("the docs site in a browser", () => {
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    // The build fails where a link or an anchor leads nowhere, and where a page names another host.
    execFileSync("npm", ["run", "--silent", "docs"], { cwd: root, stdio: "pipe" });
    server = createServer((request, response) => {
      const path = new URL(request.url!, "http://site").pathname;
      const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      response.end(readFileSync(file));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await playwright.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** The page, all that its console said, and each address elsewhere that it asked. */
  async function open(options: BrowserContextOptions, path: string) {
    const page = await (await browser.newContext(options)).newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin)) said.push(request.url());
    });
    page.on("response", (response) => {
      if (response.status() >= 400) said.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(origin + path, { waitUntil: "networkidle" });
    return { page, said };
  }

  const cases = Object.keys(SCREENS).flatMap((screen) =>
    Object.entries(PAGES).map(([name, path]) => ({ screen, name, path })),
  );
  it.each(cases)("$name: fits $screen, and loads without a complaint", async ({ screen, path }) => {
    const { page, said } = await open(SCREENS[screen]!, path);
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(wide).toBeLessThanOrEqual(SCREENS[screen]!.viewport!.width);
    const dark = await page.evaluate<boolean>("document.documentElement.classList.contains('dark')");
    expect(dark).toBe(SCREENS[screen]!.colorScheme === "dark");
    expect(await page.locator("h1").first().isVisible()).toBe(true);
    expect(said).toEqual([]);
    await page.context().close();
  });

  it.each(["a desktop, light", "a phone, light"])('on %s the search finds "budget" and leads to it', async (screen) => {
    const { page, said } = await open(SCREENS[screen]!, "/");
    await page.locator(".VPNavBarSearch button").first().click();
    await page.locator("input.search-input").fill("budget");
    const result = page.locator("a.result", { hasText: "See the bill and set a budget" }).first();
    await result.click();
    await page.waitForURL(/how-to\/budget/);
    await page.locator("h1", { hasText: "See the bill and set a budget" }).waitFor();
    expect(said).toEqual([]);
    await page.context().close();
  });

  it("leads from home to a guide, and from there to the reference", async () => {
    const { page, said } = await open(SCREENS["a desktop, light"]!, "/");
    await page.locator(".wants").getByRole("link", { name: "use it inside an agent" }).click();
    await page.locator("h1", { hasText: "Use it inside an agent" }).waitFor();
    await page.locator(".VPSidebar").getByRole("link", { name: "langgraph-cope/integrations" }).click();
    await page.locator("#copemiddleware").waitFor();
    expect(said).toEqual([]);
  });
});
