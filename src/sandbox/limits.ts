import { parseOptions } from "../options-error.js";
import { SandboxLimits, type Limits } from "./types.js";

/** Fills in what is not given. @throws CopeError OPTIONS_INVALID */
export function limitsOf(given: SandboxLimits | undefined): Limits {
  const limits = parseOptions(SandboxLimits, given ?? {}, "limits of the sandbox");
  return { ...limits, cpuSeconds: limits.cpuSeconds ?? Math.ceil(limits.wallMs / 1000) };
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
