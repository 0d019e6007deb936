import { parseOptions } from "../options-error.js";
import { SandboxLimits, type Language, type Limits } from "./types.js";

const CPU_SECONDS = 10;
/** Looser where CPU seconds are counted: a machine that is busy with other work must not fail a program that is right. */
const WALL_MS: Readonly<Record<Language, number>> = { python: 30_000, javascript: 10_000 };

/** Fills in what is not given. @throws CopeError OPTIONS_INVALID */
export function limitsOf(given: SandboxLimits | undefined, language: Language): Limits {
  const { wallMs, cpuSeconds, ...limits } = parseOptions(SandboxLimits, given ?? {}, "limits of the sandbox");
  const cpu = wallMs === undefined ? CPU_SECONDS : Math.ceil(wallMs / 1000);
  return { ...limits, wallMs: wallMs ?? WALL_MS[language], cpuSeconds: cpuSeconds ?? cpu };
}

const MEGABYTE = 2 ** 20;

/** The same as the kernel knows them, by the names of `setrlimit`. */
export function kernelLimits(limits: Limits): Record<string, number> {
  return {
    CPU: limits.cpuSeconds,
    AS: limits.memoryMb * MEGABYTE,
    FSIZE: limits.fileMb * MEGABYTE,
    NOFILE: limits.openFiles,
    // The reaper inside the namespace counts, too.
    NPROC: limits.processes + 1,
    CORE: 0,
  };
}
