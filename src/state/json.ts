/** A value that survives a checkpoint: plain JSON, no class instances. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
