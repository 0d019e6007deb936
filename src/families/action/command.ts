/** A text is read so far, from its end, in characters. */
const TAIL = 8_000;
/** Longest command, in characters. */
const LONGEST = 500;

const ANNOUNCED = /^[\s*_#>-]{0,20}(?:next )?(?:action|command)[*_]{0,3} ?[:=]\s{0,20}(\S.*)$/i;
const PROMPT = /^\s*>\s*(\S.*)$/;
/** What a world says, and not the agent: small models go on to write the rest of the game. */
const WORLD = /^[^\S\n]{0,20}[*_#>-]{0,6}[^\S\n]{0,20}(?:observation|result|game|environment)[*_]{0,3} ?[:=]/im;

/** What equal commands have in common: case, articles, quotes, spacing and a full stop say nothing. */
export function normalCommand(command: string): string {
  return command
    .slice(0, LONGEST)
    .normalize("NFC")
    .toLowerCase()
    .replace(/[`"“”*_]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\s.!,;]+$/, "")
    .replace(/(?<![^ ])(?:the|an?) (?=\S)/g, "");
}

/** A command, or why there is none that can be taken; undefined where the text holds none at all. */
export type FoundCommand = { command: string } | { why: string } | undefined;

/**
 * The command that a text settles on: after "Action:", or after ">" as worlds prompt for one; where commands are listed, also
 * a last line that is one of them. Two different ones are none.
 *
 * @param actions - commands that are possible; the one meant is given back as it stands there
 */
export function findCommand(text: string, actions?: readonly string[]): FoundCommand {
  const end = text.slice(-TAIL);
  const said = end.slice(0, WORLD.exec(end)?.index ?? end.length);
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const named = [ANNOUNCED, PROMPT]
    .map((form) => lines.flatMap((line) => form.exec(line)?.[1] ?? []))
    .find((found) => found.length > 0);
  const different = new Map((named ?? []).map((command) => [normalCommand(command), command]));
  if (different.size > 1) return { why: "it names several commands" };
  const [command] = different.values();
  if (!actions) return command === undefined ? undefined : admitted(command, undefined);
  if (command !== undefined) return admitted(command, actions);
  const last = admitted(lines.at(-1) ?? "", actions);
  return "command" in last ? last : undefined;
}

/** As a command stands in a line. */
export const inOneLine = (command: string): string => command.replace(/\s+/g, " ").trim();

function admitted(command: string, actions: readonly string[] | undefined): { command: string } | { why: string } {
  // What a world tells apart by case or by marks alone is told apart here, too.
  const exact = actions?.find((one) => inOneLine(one) === inOneLine(command));
  if (exact !== undefined) return { command: exact };
  const normal = normalCommand(command);
  if (normal === "") return { why: "its command is empty" };
  if (!actions) return { command: normal };
  const meant = actions.find((one) => normalCommand(one) === normal);
  return meant === undefined
    ? { why: `${JSON.stringify(normal.slice(0, 80))} is not possible now` }
    : { command: meant };
}
