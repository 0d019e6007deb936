/**
 * Choices from one text: a label a line where there are several lines, else parted by commas. Empty ones are left out.
 *
 * @example parseChoices("positive, negative, neutral")
 */
export function parseChoices(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return (lines.length > 1 ? lines : text.split(",")).map((label) => label.trim()).filter((label) => label !== "");
}
