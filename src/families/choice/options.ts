import { fold } from "./fold.js";
import { listedOptions } from "./listed.js";

/** One of the answers there are. */
export interface Option {
  /** What is voted on and printed: the letter of a lettered option, else the label itself. */
  value: string;
  /** Upper-case letter or digit that stands for it, if any. */
  letter?: string;
  /** The text beside the letter. */
  text?: string;
  /** How it may be named, folded. */
  name: string;
}

/** Labels or texts; or texts by their letter. */
export type Choices = readonly string[] | Readonly<Record<string, string>>;

const lettered = (letter: string, text: string): Option => ({
  value: letter.toUpperCase(),
  letter: letter.toUpperCase(),
  text,
  name: fold(text),
});

/** The options of a task: those given, else those its question lists; undefined where there are none. */
export function optionsOf(task: { question: string; choices?: Choices | undefined }): Option[] | undefined {
  const { choices, question } = task;
  if (choices === undefined) return listedOptions(question)?.map(({ letter, text }) => lettered(letter, text));
  if (!Array.isArray(choices)) return Object.entries(choices).map(([letter, text]) => lettered(letter, text as string));
  const labels = choices as readonly string[];
  // "A) Paris", "B) Rome": the letters are there, only as one text with what they stand for.
  const list = listedOptions(labels.join("\n"));
  if (list?.length === labels.length && labels.every((label) => !label.includes("\n")))
    return list.map(({ letter, text }) => lettered(letter, text));
  return labels.map((label) => {
    const value = label.trim();
    const letter = /^[A-Z]$/i.test(value) ? { letter: value.toUpperCase() } : {};
    return { value, ...letter, name: fold(value) };
  });
}
