import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium as playwright, type Browser, type BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromium } from "../../../scripts/test-parts.mjs";
import { evaluate } from "../../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../../src/evaluation/methods/index.js";
import { writeReport } from "../../../src/evaluation/report/index.js";
import { summarise } from "../../../src/evaluation/summary/index.js";
import { needs } from "../../support/needs.js";
import { fallibleModel, numberProblems } from "../random-models.js";
import { HOSTILE } from "./lorem.js";

const METHODS = ["small", "majority", "large", "cope", "cascade-vote"];

describe.skipIf(!needs("Chromium", existsSync(chromium)))("a report in a browser", () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "cope-report-"));
  const file = join(folder, "report.html");
  const address = pathToFileURL(file).href;

  beforeAll(async () => {
    const small = fallibleModel("small", 0.5, { reasoning: HOSTILE });
    const problems = numberProblems(16);
    const evaluation = await evaluate({
      data: "numbers",
      problems,
      methods: resolveMethods(METHODS, { samples: 4 }),
      models: { small, large: fallibleModel("large", 0.8) },
      tape: join(folder, "tape.sqlite"),
      attempts: 1,
    });
    const questions = new Map(problems.map(({ id, task }) => [id, `${task.question} ${HOSTILE}`]));
    await writeReport(file, evaluation, summarise(evaluation, { by: "level" }), { questions });
    browser = await playwright.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The page, and everything that its console said. */
  async function open(options: BrowserContextOptions = {}, hash = "") {
    const page = await (await browser.newContext(options)).newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) said.push(request.url());
    });
    await page.goto(address + hash);
    return { page, said };
  }

  it("leads from a point of the chart to a problem's plans, samples and verdicts, and back", async () => {
    const { page, said } = await open({ viewport: { width: 1200, height: 900 } });
    await page.locator('#chart-cost .wide a[href="#method=cope"]').focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog tbody tr").first().waitFor();
    expect(await page.locator("dialog tbody tr").count()).toBe(16);
    await page.locator("dialog tbody a").first().click();
    await page.locator("dialog .stage").first().waitFor();
    expect(await page.locator("dialog .question").textContent()).toContain("</script><img");
    const sample = page.locator("dialog .sample").first();
    await sample.locator("summary").click();
    expect(await sample.locator("pre").isVisible()).toBe(true);
    expect(await page.locator("dialog").getByText("Goal", { exact: false }).count()).toBeGreaterThan(0);
    await page.goBack();
    await page.locator("dialog tbody tr").first().waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").isVisible()).toBe(false);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("numbers: evaluation");
    expect(said).toEqual([]);
  });

  it.each(["cope", "cascade-vote"])("lists as many problems of %s as its bars and flips count", async (method) => {
    const { page, said } = await open();
    const bars = await page.locator(`figure a[href*="method=${method}&"]`).evaluateAll((links) =>
      links.map((link) => ({
        place: link.getAttribute("href")!,
        count: Number(/aria-label="[^"]*: (\d+) /.exec(link.innerHTML)?.[1] ?? Number.NaN),
      })),
    );
    const wanted = Map.groupBy(bars, ({ place }) => place);
    for (const [place, of] of wanted) {
      await page.goto(address + place);
      const shown = page.locator("dialog p", { hasText: /of \d+ problems/ });
      await expect
        .poll(async () => Number.parseInt((await shown.textContent())!, 10))
        .toBe(of.reduce((sum, { count }) => sum + count, 0));
    }
    expect(wanted.size).toBeGreaterThan(2);
    expect(said).toEqual([]);
  });

  it.each([360, 800])("fits %i pixels without scrolling sideways, page and details", async (width) => {
    const { page } = await open({ viewport: { width, height: 700 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    const { page: details } = await open({ viewport: { width, height: 700 } }, "#method=cope&problem=p1");
    await details.locator("dialog .stage").first().waitFor();
    for (const summary of await details.locator("dialog .sample > summary").all()) await summary.click();
    expect(await details.evaluate("document.querySelector('dialog').scrollWidth")).toBeLessThanOrEqual(width);
  });

  it.each(["light", "dark"] as const)("can be read in %s", async (colorScheme) => {
    const { page } = await open({ colorScheme });
    const colours = await page.evaluate<{ paper: number[]; texts: number[][] }>(COLOURS);
    expect(colours.texts.length).toBeGreaterThan(20);
    for (const text of colours.texts) expect(contrast(text, colours.paper)).toBeGreaterThan(4.5);
  });

  it("shows its tables and charts also without scripts", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await page.locator("#result table tbody tr:visible").count()).toBeGreaterThanOrEqual(METHODS.length);
    expect(await page.locator("svg:visible").count()).toBeGreaterThan(3);
    expect(await page.locator("noscript").isVisible()).toBe(true);
  });

  it("says what it has not, where an address names it", async () => {
    const { page, said } = await open({}, "#method=none&problem=p1");
    await page.getByText("Nothing is known of this.").waitFor();
    expect(said).toEqual([]);
  });
});

/** What the browser makes of the page's colours; as a text, since it runs there. */
const COLOURS = `(() => {
  const of = (element, what) => getComputedStyle(element)[what].match(/[\\d.]+/g).slice(0, 3).map(Number);
  const texts = ["body", ".note", "a"].map((one) => of(document.querySelector(one), "color"));
  const drawn = [...document.querySelectorAll("svg text")].map((text) => of(text, "fill"));
  return { paper: of(document.body, "backgroundColor"), texts: [...texts, ...drawn] };
})()`;

/** Contrast of two colours, 1 … 21 (WCAG 2.2). */
function contrast(a: number[], b: number[]): number {
  const light = (colour: number[]) => {
    const [r, g, bl] = colour.map((value) =>
      value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * bl!;
  };
  const [low, high] = [light(a), light(b)].toSorted((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}
