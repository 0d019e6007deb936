// A desk to work at: a calculator, tables, a calendar and files, all in memory, all of it of one task alone.
import { tool } from "langchain";
import { runProgram } from "langgraph-cope";
import { z } from "zod";

export interface Event {
  date: string;
  time: string;
  title: string;
}

/** What tasks are checked by, beside the agent's answer. */
export interface World {
  files: Map<string, string>;
  events: Event[];
}

const TABLES: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string | number>>>>>> = {
  products: {
    lamp: { price: 24, stock: 7, supplier: "Brandt" },
    chair: { price: 58, stock: 12, supplier: "Ovik" },
    desk: { price: 190, stock: 3, supplier: "Ovik" },
    rug: { price: 75, stock: 0, supplier: "Tarim" },
    clock: { price: 31, stock: 15, supplier: "Brandt" },
  },
  suppliers: {
    Brandt: { city: "Graz", days_to_deliver: 4, phone: "0316-5520" },
    Ovik: { city: "Umea", days_to_deliver: 9, phone: "090-1177" },
    Tarim: { city: "Izmir", days_to_deliver: 12, phone: "0232-8804" },
  },
  staff: {
    Mara: { room: 214, department: "sales", hours_per_week: 38 },
    Jonas: { room: 118, department: "store", hours_per_week: 30 },
    Edda: { room: 305, department: "accounts", hours_per_week: 20 },
  },
};

const FILES = {
  "notes.txt": "Call Tarim about the rugs. The code of the back door is 4471.",
  "order.txt": "3 chairs\n2 lamps",
  "budget.txt": "rent 1200\npower 180\npaper 45",
  "guests.txt": "Lena\nOmar\nPiet\nRuth\nSuri",
};

const EVENTS: readonly Event[] = [
  { date: "2026-03-02", time: "09:00", title: "staff meeting" },
  { date: "2026-03-02", time: "14:30", title: "dentist" },
  { date: "2026-03-05", time: "11:00", title: "delivery from Ovik" },
  { date: "2026-03-09", time: "16:00", title: "interview with Nora" },
];

export function openWorld(): World {
  return { files: new Map(Object.entries(FILES)), events: EVENTS.map((event) => ({ ...event })) };
}

const refuse = (what: string, known: Iterable<string>) => `error: ${what}; there are: ${[...known].join(", ")}`;
const Day = z.iso.date().describe("as 2026-03-02");

/** The tools of a world. What cannot be done is told as a result that begins with `error:`. */
export const toolsOf = ({ files, events }: World) => [
  tool(
    async ({ expression }) => {
      // In JavaScript, 2^14 is something else.
      if (!/^[\d\s.+\-*/()]*$/.test(expression)) return "error: this is no arithmetic expression";
      // What a model writes is run where it can do no harm.
      const code = `console.log(Math.round((${expression}) * 1e6) / 1e6)`;
      const { status, stdout } = await runProgram({ language: "javascript", code });
      return status === "ok" && stdout.trim() !== "NaN" ? stdout.trim() : "error: this is no arithmetic expression";
    },
    {
      name: "calculate",
      description: "Computes an arithmetic expression.",
      schema: z.object({ expression: z.string().describe("numbers and + - * / ( ), no names") }),
    },
  ),
  tool(
    ({ table, row }) => {
      const rows = TABLES[table] ?? {};
      const key = Object.keys(rows).find((name) => name.toLowerCase() === row.toLowerCase());
      return key === undefined ? refuse(`no row "${row}" in ${table}`, Object.keys(rows)) : JSON.stringify(rows[key]);
    },
    {
      name: "look_up",
      description:
        "One row of a table. products (by product): price, stock, supplier. suppliers (by supplier): city, days_to_deliver, phone. staff (by first name): room, department, hours_per_week.",
      schema: z.object({ table: z.enum(["products", "suppliers", "staff"]), row: z.string() }),
    },
  ),
  tool(
    ({ date }) => {
      const found = events.filter((event) => event.date === date).map(({ time, title }) => `${time} ${title}`);
      return found.length === 0 ? "nothing on this day" : found.toSorted().join("\n");
    },
    { name: "list_events", description: "What stands in the calendar on a day.", schema: z.object({ date: Day }) },
  ),
  tool(
    (event) => {
      events.push(event);
      return "added";
    },
    {
      name: "add_event",
      description: "Adds an event to the calendar.",
      schema: z.object({
        date: Day,
        time: z
          .string()
          .regex(/^\d\d:\d\d$/)
          .describe("as 09:30"),
        title: z.string(),
      }),
    },
  ),
  tool(() => [...files.keys()].join("\n"), {
    name: "list_files",
    description: "The names of all files.",
    schema: z.object({}),
  }),
  tool(({ name }) => files.get(name) ?? refuse(`no file "${name}"`, files.keys()), {
    name: "read_file",
    description: "The text of a file.",
    schema: z.object({ name: z.string() }),
  }),
  tool(
    ({ name, text }) => {
      files.set(name, text);
      return "written";
    },
    {
      name: "write_file",
      description: "Writes a file, and replaces it where it exists.",
      schema: z.object({ name: z.string(), text: z.string() }),
    },
  ),
];
