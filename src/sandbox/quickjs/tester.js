// The tests' runtime: it holds tests and no program. Each call of a function of the program is answered from outside.
/* oxlint-disable no-eval, no-unused-vars, no-undef -- put together with plain.js and assert.js; tests are evaluated as they are */

const globalEval = eval;
const BROKEN = "the test itself is broken: ";
const ERRORS = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError };
const state = { calls: 0, latest: "", lost: null, beside: null };
const program = { functions: [], others: [] };
let ask;
let verdict;

function lost(reason) {
  state.lost ??= reason;
  throw new Error(reason);
}

function proxy(name) {
  return (...args) => {
    if (state.lost !== null) lost(state.lost);
    let sent;
    try {
      sent = args.map(encoded);
    } catch (error) {
      state.beside = `an argument is ${error.message}`;
      throw error;
    }
    const shown = `${name}(${args.map(told).join(", ")})`;
    state.calls++;
    let answer;
    try {
      answer = JSON.parse(ask(JSON.stringify({ name, args: sent })));
      for (const [i, now] of answer.changed ?? []) update(args[i], decode(now));
      if ("value" in answer) answer.value = decode(answer.value);
    } catch {
      lost("what it answered cannot be read");
    }
    if ("lost" in answer) lost(String(answer.lost));
    if ("odd" in answer) lost(String(answer.odd).slice(0, 300));
    if ("error" in answer) {
      state.latest = `${shown} threw ${String(answer.text).slice(0, 300)}`;
      const Kind = Object.hasOwn(ERRORS, answer.error) ? ERRORS[answer.error] : Error;
      const error = new Kind(String(answer.message));
      error.name = String(answer.error);
      throw error;
    }
    const value = "same" in answer ? args[answer.same] : answer.value;
    state.latest = `${shown} returned ${told(value)}`.slice(0, 400);
    return value;
  };
}

function supply(asker, json) {
  ask = asker;
  const { entry, functions, others } = JSON.parse(json);
  program.others = others;
  for (const name of functions) {
    if (name === entry || !(name in globalThis)) globalThis[name] = proxy(name);
  }
}

function whyOf(error) {
  // Known to the program and not to its tests: see `supply`.
  const missing = error instanceof ReferenceError ? /^'?([\w$]+)'? is not defined/.exec(error.message)?.[1] : undefined;
  if (missing !== undefined && program.others.includes(missing)) return { beside: missing };
  if (state.beside !== null) return { beside: state.beside };
  if (state.lost !== null) return { why: state.lost };
  const asserted = error instanceof AssertionError;
  const why = asserted ? error.message || state.latest || "it does not hold" : said(error);
  const answer =
    asserted && error.message && state.latest && !error.message.includes(state.latest)
      ? `${why} (${state.latest})`
      : why;
  return { why: state.calls === 0 && !asserted && !(error instanceof ReferenceError) ? BROKEN + why : answer };
}

/** Begins a test; how it ended is known when no jobs are left. */
function run(text) {
  Object.assign(state, { calls: 0, latest: "", lost: null, beside: null });
  verdict = { why: "it never settles" };
  const ended = (error) => {
    verdict = whyOf(error);
  };
  const passed = () => {
    // Looked at first: a test that catches everything must not pass by what it caught.
    verdict = state.beside === null && state.lost === null ? { passed: true } : whyOf();
  };
  try {
    globalEval(`(async () => {${text}\n})()`).then(passed, ended);
  } catch (error) {
    ended(error);
  }
}

/** What comes before the tests, in the same scope as they. */
function prepare(text) {
  Object.assign(state, { calls: 0, latest: "", lost: null, beside: null });
  try {
    globalEval(text);
    return JSON.stringify({});
  } catch (error) {
    const { beside, why } = whyOf(error);
    return JSON.stringify(
      beside === undefined
        ? { why: why.startsWith(BROKEN) ? why.replace(BROKEN, `${BROKEN}its setup: `) : why }
        : { beside },
    );
  }
}

function judged() {
  return JSON.stringify(verdict);
}
