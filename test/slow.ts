/** Tests that start processes, wait for clocks, or try thousands of cases: `npm run test:fast` leaves them out. */
export const slow = [
  // Whole folders whose tests start processes.
  "test/durability/**/*.test.ts",
  "test/notebooks/**/*.test.ts",
  "test/package/**/*.test.ts",
  "test/sandbox/**/*.test.ts",
  // The command line in a process of its own.
  "test/cli/{ask,calibrate,eval,interrupt,library-threads,light-help,limits,mishaps,models,outage}.test.ts",
  "test/cli/{pull,replay,server-faults,solve,solve-given,terminal,threads,usage}.test.ts",
  // Other processes and servers.
  "test/docs.test.ts",
  "test/bench/{early-stop,results,tool-tasks}.test.ts",
  "test/checkpoint/sqlite-saver.test.ts",
  "test/evaluation/report/browser.test.ts",
  "test/{graph,integrations}/dev-server.test.ts",
  "test/models/{postgres-journal,sqlite-journal,tape,tape-files}.test.ts",
  "test/models/llama/{digest,pull,pull-resume}.test.ts",
  "test/scorers/busy.test.ts",
  // What holds for a whole process: mocks of modules, and warnings that come once.
  "test/graph/journal-warning.test.ts",
  "test/models/llama/engine.test.ts",
  "test/families/choice/schema-late.test.ts",
  // Much to compute.
  "test/bench/alfworld/{games,sub-goals,player/player}.test.ts",
  "test/evaluation/calibrate/{calibrate,drift}.test.ts",
  "test/evaluation/{parity,perplexity-parity}.test.ts",
  "test/evaluation/methods/frugal.test.ts",
  "test/families/code/{data,find,own-trials,read}.test.ts",
  "test/families/math/{fuzz,same,worker}.test.ts",
  "test/golden/v0.2.test.ts",
  "test/graph/{recursion-limit,thinking-resume}.test.ts",
  "test/integrations/{chat-model,contract,middleware-resume,plain-agent,private}.test.ts",
  "test/scorers/early-stop.test.ts",
];
