import { expect, it } from "vitest";
import { HELD_OUT, TUNING } from "../../bench/tool-tasks/tasks.js";
import { openWorld, toolsOf } from "../../bench/tool-tasks/world.js";

type Call = [tool: string, args: Record<string, string>];

const add = (date: string, time: string, title: string): Call => ["add_event", { date, time, title }];
const write = (name: string, text: string): Call => ["write_file", { name, text }];

/** One way to do each task: what is called, and what is said in the end. */
const SOLVED: Readonly<Record<string, [calls: Call[], answer: string]>> = {
  "calculator-1": [[["calculate", { expression: "4821 - 1957" }]], "It is 2,864."],
  "calculator-2": [[["calculate", { expression: "76 * 89" }]], "6764"],
  "calculator-3": [[["calculate", { expression: "0.15 * 1840" }]], "15 % of 1840 is 276."],
  "calculator-4": [[["calculate", { expression: "(52 + 38) * 14 - 7" }]], "1,253"],
  "calculator-5": [[["calculate", { expression: "24 * 137" }]], "There are 3288 bottles."],
  "calculator-6": [[["calculate", { expression: "1914 / 6" }]], "319 each."],
  "calculator-7": [[["calculate", { expression: "7.5 * 4.2" }]], "31.5 square metres"],
  "calculator-8": [[["calculate", { expression: "2 ** 14" }]], "16384"],
  "table-1": [[["look_up", { table: "products", row: "clock" }]], "15 clocks are in stock."],
  "table-2": [[["look_up", { table: "suppliers", row: "Tarim" }]], "0232-8804"],
  "table-3": [[["look_up", { table: "staff", row: "Edda" }]], "Room 305."],
  "table-4": [[["look_up", { table: "staff", row: "Jonas" }]], "He is in the store."],
  "table-5": [[["look_up", { table: "suppliers", row: "brandt" }]], "Four days."],
  "table-6": [[["look_up", { table: "products", row: "rug" }]], "Tarim"],
  "table-7": [[["look_up", { table: "suppliers", row: "Brandt" }]], "Brandt is in Graz."],
  "table-8": [[["look_up", { table: "suppliers", row: "Ovik" }]], "090-1177"],
  "calendar-1": [[["list_events", { date: "2026-03-02" }]], "At 14:30."],
  "calendar-2": [[["list_events", { date: "2026-03-09" }]], "An interview with Nora at 16:00."],
  "calendar-3": [[["list_events", { date: "2026-03-06" }]], "No, the day is free."],
  "calendar-4": [[add("2026-03-10", "12:30", "Lunch with Omar")], "Done."],
  "calendar-5": [[add("2026-03-12", "08:00", "stocktaking")], "Added."],
  "calendar-6": [[add("2026-03-03", "15:00", "call Brandt")], "Added."],
  "calendar-7": [[["list_events", { date: "2026-03-02" }]], "Two."],
  "calendar-8": [[add("2026-03-20", "07:45", "fetch the rugs")], "Added."],
  "files-1": [[["read_file", { name: "notes.txt" }]], "4471"],
  "files-2": [[["read_file", { name: "order.txt" }]], "It says: 3 chairs, 2 lamps."],
  "files-3": [[write("sign.txt", "Back at noon.")], "Written."],
  "files-4": [[write("shopping.txt", "milk\nbread\nsalt")], "Written."],
  "files-5": [[["read_file", { name: "budget.txt" }]], "The rent is 1200."],
  "files-6": [[["read_file", { name: "guests.txt" }]], "Yes."],
  "files-7": [[["list_files", {}]], "There are 4 files."],
  "files-8": [[write("notes.txt", "done")], "Replaced."],
  "mixed-1": [[["calculate", { expression: "6 * 58" }]], "348"],
  "mixed-2": [[["calculate", { expression: "4 * 24 + 3 * 31" }]], "189"],
  "mixed-3": [[["calculate", { expression: "7 * 24" }]], "168"],
  "mixed-4": [[["calculate", { expression: "38 + 20" }]], "58 hours"],
  "mixed-5": [[["calculate", { expression: "3 * 58 + 2 * 24" }]], "222"],
  "mixed-6": [[write("city.txt", "Umea")], "Written."],
  "mixed-7": [[write("code.txt", "4471")], "Written."],
  "mixed-8": [[add("2026-03-16", "09:15", "visit, room 214")], "Added."],
};

it("there are forty held-out tasks, none of which is among those for tuning", () => {
  expect(HELD_OUT).toHaveLength(40);
  const asked = [...HELD_OUT, ...TUNING].map(({ ask }) => ask);
  expect(new Set(asked).size).toBe(asked.length);
});

it.each(HELD_OUT.map((task) => [task.id, task] as const))(
  "%s can be done with the tools, and is not done by doing nothing",
  async (id, task) => {
    const [calls, answer] = SOLVED[id]!;
    const world = openWorld();
    for (const said of ["I do not know.", "Done."]) expect(task.done(said, world), `done by "${said}"`).toBe(false);
    const tools = toolsOf(world);
    const called = async ([name, args]: Call) =>
      String(await (tools.find((tool) => tool.name === name) as any).invoke(args));
    const results: string[] = [];
    for (const call of calls) results.push(await called(call));
    expect(results.join()).not.toContain("error");
    // What is calculated is what is said.
    const calculated = results.filter((_, i) => calls[i]![0] === "calculate");
    expect(calculated.filter((result) => !answer.replaceAll(",", "").includes(result))).toEqual([]);
    expect(task.done(answer, world)).toBe(true);
  },
);
