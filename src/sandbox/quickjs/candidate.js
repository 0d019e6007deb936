// The candidate's runtime: it holds the program and answers calls. It is told arguments, and nothing of the tests.
/* oxlint-disable no-eval, no-unused-vars, no-undef -- put together with plain.js; what is evaluated is what the runtime is for */

const globalEval = eval;
let answer;

/** Which of these names are functions that can be called, and which are something else. */
function names(list) {
  const functions = [];
  const others = [];
  for (const name of JSON.parse(list)) {
    try {
      const value = globalEval(name);
      const isFunction = typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
      (isFunction ? functions : others).push(name);
    } catch {
      // Declared in an inner scope only.
    }
  }
  return JSON.stringify({ functions, others });
}

function call(json) {
  const { name, args } = JSON.parse(json);
  const given = args.map(decode);
  answer = { odd: "what it returned never settles" };
  const raised = (error) => {
    answer = {
      error: error instanceof Error ? String(error.name) : "Error",
      text: said(error),
      message: String(error?.message ?? ""),
    };
  };
  const returned = (value) => {
    try {
      const same = given.findIndex((one) => one === value && typeof one === "object" && one !== null);
      answer = same >= 0 ? { same } : { value: encoded(value) };
    } catch (error) {
      answer = { odd: `it returned ${error.message}, which is no plain data` };
    }
    try {
      const changed = given
        .map((one, i) => [i, encoded(one)])
        .filter(([i, one]) => JSON.stringify(one) !== JSON.stringify(args[i]));
      if (changed.length > 0) answer.changed = changed.filter(([i]) => !args[i]?.iterator);
    } catch (error) {
      answer = { odd: `it left ${error.message} in an argument, which is no plain data` };
    }
  };
  try {
    const value = globalEval(name)(...given);
    if (typeof value?.then === "function") value.then(returned, raised);
    else returned(value);
  } catch (error) {
    raised(error);
  }
}

function answered() {
  return JSON.stringify(answer);
}
