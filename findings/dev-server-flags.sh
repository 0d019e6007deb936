#!/usr/bin/env bash
# LangGraph's dev server and node-llama-cpp in one process: the server starts its process with a preload that reads the
# last argument as JSON, and node-llama-cpp tries its binary in a fork, which inherits that preload and has no such argument.
# Exits 0 while it is so, 1 when it has changed. Needs Node 22 or newer and npm.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -- "-$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

cat >package.json <<'JSON'
{
  "type": "module",
  "dependencies": {
    "@langchain/core": "1.4.0",
    "@langchain/langgraph": "1.7.3",
    "@langchain/langgraph-cli": "2.0.0",
    "node-llama-cpp": "3.22.1"
  }
}
JSON
cat >langgraph.json <<'JSON'
{ "node_version": "22", "graphs": { "start": "./start.mjs:start" } }
JSON
cat >start.mjs <<'JS'
import { Annotation, StateGraph } from "@langchain/langgraph";
import { getLlama } from "node-llama-cpp";
const llama = async () => {
  const { gpu } = await getLlama({ gpu: false, build: "never", skipDownload: true });
  return { said: `started, gpu: ${gpu}` };
};
export const start = new StateGraph(Annotation.Root({ said: Annotation() }))
  .addNode("llama", llama).addEdge("__start__", "llama").compile();
JS
cat >alone.mjs <<'JS'
import { getLlama } from "node-llama-cpp";
await getLlama({ gpu: false, build: "never", skipDownload: true });
console.log("starts");
process.exit(0);
JS
npm install --no-audit --no-fund --loglevel=error >&2
for name in @langchain/langgraph-cli node-llama-cpp; do
  echo "$name $(node -p "require('./node_modules/$name/package.json').version")"
done

alone=$(node alone.mjs | tail -n 1)
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
LANGGRAPH_CLI_NO_ANALYTICS=1 setsid npx --no langgraphjs dev --host 127.0.0.1 --port "$port" --no-browser >server.log 2>&1 &
server=$!
for _ in $(seq 240); do curl -sf "http://127.0.0.1:$port/ok" >/dev/null && break; sleep 0.5; done
body='{ "assistant_id": "start", "input": { "said": "" } }'
served=$(curl -s -m 120 -H 'content-type: application/json' -d "$body" "http://127.0.0.1:$port/runs/wait" | tr -d '\n')

echo "alone:    $alone"
echo "expected: the same in a graph on the dev server"
echo "seen:     $served"
[ "$alone" = starts ] && [[ "$served" == *NoBinaryFoundError* ]]
