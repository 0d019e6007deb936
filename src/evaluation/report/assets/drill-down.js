// Shows what lies behind the page: a method's problems, and one problem's plans, samples, votes and verdicts. What is shown
// stands in the address, so that going back works and a view can be shared. Texts only ever become text nodes.
"use strict";
{
  const dialog = document.getElementById("drill");
  const UNKNOWN = "–";
  let loading;

  const load = () => (loading ??= unpack(document.getElementById("details").textContent));

  async function unpack(base64) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(text).json();
  }

  /** An element: attributes, then children, of which texts stay texts. */
  function el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) if (value != null) element.setAttribute(key, value);
    element.append(...children.flat().filter((child) => child != null && child !== ""));
    return element;
  }

  const place = (of) => `#${new URLSearchParams(Object.entries(of).filter(([, value]) => value != null))}`;
  const percent = (share) => (share == null ? UNKNOWN : `${Math.round(100 * share)} %`);
  const number = (value) => (value == null ? UNKNOWN : Math.round(value).toLocaleString("en-US"));
  const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const mark = (right) => (right == null ? UNKNOWN : right ? "✓" : "✗");
  const marked = (right, text = mark(right)) =>
    el("span", { class: right == null ? "faint" : right ? "right" : "wrong" }, text);

  /** Whether an outcome belongs to what the address asks for. */
  function belongs(outcome, { ended, right, from, to, flip }) {
    if (ended != null && (outcome.ended !== ended || outcome.status === "failed")) return false;
    if (right != null && String(outcome.right) !== right) return false;
    if (flip == null) return true;
    const at = outcome.stages.findIndex((stage) => stage.name === from);
    if (at < 0 || at + 1 >= outcome.stages.length || outcome.right == null) return false;
    const next = outcome.stages[at + 1];
    const after = to === "answer" ? outcome.right === true : next.name === to && next.right === true;
    if (to !== "answer" && next.name !== to) return false;
    return (outcome.stages[at].right === true) !== after && (flip === "right") === after;
  }

  function listView(data, query) {
    const m = data.methods.findIndex(({ name }) => name === query.method);
    const method = data.methods[m];
    const filter = { ended: query.ended, from: query.from, to: query.to, flip: query.flip };
    const kept = data.problems.flatMap((problem, i) => {
      const outcome = data.outcomes[m][i];
      return belongs(outcome, query) ? [{ problem, outcome }] : [];
    });
    const what =
      query.flip != null
        ? `${query.from} → ${query.to}: ${query.flip === "right" ? "wrong made right" : "right made wrong"}`
        : query.ended != null
          ? `ended in ${query.ended}`
          : undefined;
    const chips = [
      ["all", undefined],
      ["right", "true"],
      ["wrong", "false"],
      ["not counted", "null"],
    ].map(([label, right]) =>
      el(
        "a",
        {
          class: "chip",
          href: place({ method: method.name, ...filter, right }),
          "aria-current": query.right === right ? "true" : null,
        },
        label,
      ),
    );
    const rows = kept.map(({ problem, outcome }) =>
      el(
        "tr",
        null,
        el(
          "th",
          { scope: "row" },
          el(
            "a",
            { href: place({ ...filter, method: method.name, right: query.right, problem: problem.id }) },
            problem.id,
          ),
        ),
        el("td", null, marked(outcome.right)),
        el("td", { class: "answer" }, short(outcome.value ?? outcome.status)),
        el("td", null, outcome.ended),
        el("td", { class: "number" }, percent(outcome.confidence)),
        el("td", { class: "number" }, number(outcome.cost)),
        el("td", { class: "number" }, seconds(outcome.ms)),
        el(
          "td",
          null,
          Object.entries(problem.about)
            .map(([key, value]) => `${key} ${value}`)
            .join(", "),
        ),
      ),
    );
    const head = ["problem", "right", "answer", "ended", "confidence", "large cost", "time", ""];
    return [
      el("p", { class: "faint" }, method.about),
      what && el("p", null, what, " · ", el("a", { href: place({ method: method.name }) }, "show all")),
      filter.flip == null && el("div", { class: "chips" }, chips),
      el("p", { class: "faint" }, `${kept.length} of ${data.problems.length} problems`),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "Problems" },
        el(
          "table",
          null,
          el(
            "thead",
            null,
            el(
              "tr",
              null,
              head.map((text) => el("th", { scope: "col" }, text)),
            ),
          ),
          el("tbody", null, rows),
        ),
      ),
    ].filter(Boolean);
  }

  const short = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

  function problemView(data, query) {
    const p = data.problems.findIndex(({ id }) => id === query.problem);
    const m = Math.max(
      0,
      data.methods.findIndex(({ name }) => name === query.method),
    );
    const [problem, outcome, method] = [data.problems[p], data.outcomes[m][p], data.methods[m]];
    const about = Object.entries(problem.about).map(([key, value]) => `${key} ${value}`);
    const chips = data.methods.map(({ name }, i) =>
      el(
        "a",
        {
          class: "chip",
          href: place({ ...query, method: name }),
          "aria-current": i === m ? "true" : null,
        },
        `${name} `,
        marked(data.outcomes[i][p].right),
      ),
    );
    const step = (to, label) => {
      const other = data.problems[p + to];
      return other && el("a", { href: place({ method: method.name, problem: other.id }) }, label);
    };
    return [
      about.length > 0 && el("p", { class: "faint" }, about.join(", ")),
      problem.question != null && el("pre", { class: "question" }, problem.question),
      el("div", { class: "chips" }, chips),
      el("p", null, said(outcome)),
      ...outcome.stages.map((stage) => stageView(data, method, stage)),
      el("p", { class: "chips" }, [step(-1, "← previous"), step(1, "next →")].filter(Boolean)),
    ].filter(Boolean);
  }

  function said({ value, status, right, ended, confidence, fallbackFrom, cost, ms }) {
    if (status === "failed") return "No call was answered: not counted.";
    const answer =
      status === "unreadable" ? "Nothing could be read. " : el("span", null, "Answer ", el("b", null, value), ", ");
    const rest = [
      status === "unreadable" ? null : `from ${ended}`,
      fallbackFrom && `(${fallbackFrom} gave none)`,
      confidence == null ? null : `at confidence ${percent(confidence)}`,
    ].filter(Boolean);
    const bill = `Large-model cost ${number(cost)}, ${seconds(ms)}.`;
    return el("span", null, marked(right), " ", answer, rest.join(" "), rest.length > 0 ? ". " : "", bill);
  }

  const VERDICTS = { accept: "accepted", escalate: "escalated", last: "last stage" };

  function stageView(data, { thresholds }, stage) {
    const samples = stage.samples.map((i) => data.draws[i]);
    const guideline = stage.guideline == null ? undefined : data.draws[stage.guideline];
    const needed = thresholds[stage.name];
    const verdict = [
      VERDICTS[stage.decision],
      stage.confidence == null ? null : `confidence ${percent(stage.confidence)}`,
      needed != null && stage.decision !== "last" ? `needed ${percent(needed)}` : null,
    ].filter(Boolean);
    return el(
      "section",
      { class: "stage" },
      el("h3", null, stage.name),
      el("p", null, marked(stage.right), " ", verdict.join(", ")),
      guideline && el("div", { class: "plan" }, el("b", null, "Guideline "), guideline.text || failure(guideline)),
      votes(samples),
      samples.map((draw, i) => sampleView(draw, i)),
    );
  }

  /** How the answers split, as they were printed. */
  function votes(drawn) {
    const samples = drawn.filter((draw) => !isVector(draw));
    if (samples.length < 2) return undefined;
    const counted = new Map();
    for (const { value, right, failed } of samples) {
      const key = failed ? "failed" : (value ?? "unreadable");
      const known = counted.get(key) ?? { count: 0, right: failed ? null : right };
      counted.set(key, { ...known, count: known.count + 1 });
    }
    const sorted = [...counted].toSorted(([, a], [, b]) => b.count - a.count);
    return el(
      "div",
      { class: "votes", role: "group", "aria-label": "Votes" },
      sorted.flatMap(([value, { count, right }]) => [
        el("span", null, marked(right), ` ${short(value)}`),
        el("meter", { min: 0, max: samples.length, value: count, "aria-label": short(value) }),
        el("span", null, `${count}`),
      ]),
    );
  }

  /** A draw that only measures an answer, by its embedding. */
  const isVector = ({ calls }) => calls.some(({ purpose }) => purpose === "embed");

  const failure = ({ failed }) => (failed ? `failed: ${failed.code} ${failed.message}` : "(empty)");

  function sampleView(draw, i) {
    const { value, right, goal, given, finish, readBy, calls, failed } = draw;
    const tokens = calls.map(
      (call) =>
        `${call.purpose}: ${call.role} ${call.model}, ${number(call.in)} + ${number(call.out)} tokens, ${seconds(call.ms)}`,
    );
    const facts = [given && `shown ${given}`, readBy && `read by ${readBy}`, finish && `ended by ${finish}`, ...tokens];
    return el(
      "details",
      { class: "sample" },
      el(
        "summary",
        null,
        el("span", null, `#${i + 1} `, marked(right)),
        el("b", null, failed ? "failed" : isVector(draw) ? "embedding" : short(value ?? "unreadable")),
      ),
      goal && el("div", { class: "plan" }, el("b", null, "Goal "), goal),
      isVector(draw) ? null : el("pre", null, draw.text || failure(draw)),
      el("p", { class: "faint" }, facts.filter(Boolean).join(" · ")),
    );
  }

  async function show() {
    const query = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    if (query.method == null && query.problem == null) {
      dialog.close();
      return;
    }
    if (!dialog.open) dialog.showModal();
    const data = await load();
    const knows = (list, key, value) => value == null || list.some((one) => one[key] === value);
    const known = knows(data.methods, "name", query.method) && knows(data.problems, "id", query.problem);
    const title = query.problem ?? query.method;
    const back =
      query.problem != null &&
      query.method != null &&
      el("a", { href: place({ ...query, problem: null }) }, `← ${query.method}`);
    const close = el("button", { type: "button", autofocus: "" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const content = known
      ? (query.problem == null ? listView : problemView)(data, query)
      : ["Nothing is known of this."];
    const heading = el("h2", { tabindex: "-1" }, title);
    dialog.replaceChildren(el("div", { class: "bar" }, back || "", heading, close), ...content);
    dialog.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }

  dialog.addEventListener("close", () => {
    // Without a jump of the page behind it.
    if (/[#&](method|problem)=/.test(location.hash)) history.pushState(null, "", location.pathname + location.search);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  addEventListener("hashchange", show);
  addEventListener("popstate", show);
  // What a chart says of a point to screen readers, others see when they point at it.
  for (const shape of document.querySelectorAll("svg [aria-roledescription][aria-label]")) {
    if (!/point|bar|symbol$/.test(shape.getAttribute("aria-roledescription"))) continue;
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = shape.getAttribute("aria-label");
    shape.append(title);
  }
  show();
}
