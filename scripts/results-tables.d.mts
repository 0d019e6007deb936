export const COPE: string;
/** A title and a command, by name. */
export const TABLES: Readonly<Record<string, readonly [title: string, command: string]>>;
