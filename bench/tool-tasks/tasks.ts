// Small tasks at the desk, each with a check of what came of it. Written before any model had seen them.
import type { World } from "./world.js";

export interface Task {
  id: string;
  ask: string;
  /** Whether it is done, by the agent's last words and by what the desk looks like now. */
  done(answer: string, world: World): boolean;
}

/** A number stands in the answer: as digits, alone, with or without a comma for thousands. */
const number =
  (value: number) =>
  (answer: string): boolean =>
    (answer.replace(/(\d),(?=\d{3}\b)/g, "$1").match(/-?\d+(?:\.\d+)?/g) ?? []).some(
      (found) => Number(found) === value,
    );

const text =
  (...words: string[]) =>
  (answer: string): boolean =>
    words.every((word) => answer.toLowerCase().includes(word.toLowerCase()));

const event =
  (date: string, time: string, ...words: string[]) =>
  (_: string, { events }: World): boolean =>
    // Once, not twice.
    events.filter((one) => one.date === date && one.time === time && text(...words)(one.title)).length === 1;

const file =
  (name: string, matches: (content: string) => boolean) =>
  (_: string, { files }: World): boolean =>
    matches(files.get(name) ?? "");

const tasks = (part: string, list: readonly [ask: string, done: Task["done"]][]): Task[] =>
  list.map(([ask, done], i) => ({ id: `${part}-${i + 1}`, ask, done }));

/** For setting stages and wording. */
export const TUNING: readonly Task[] = tasks("tuning", [
  ["What is 318 * 27?", number(8586)],
  ["What does a desk cost?", number(190)],
  ["What do two rugs and one lamp cost together?", number(174)],
  ["In which city is the supplier of the chair?", text("Umea")],
  ["What is in the calendar on 2026-03-05?", text("delivery", "Ovik")],
  ["Put 'tax office' into the calendar on 2026-03-11 at 10:00.", event("2026-03-11", "10:00", "tax office")],
  ["Which files are there?", text("notes.txt", "order.txt", "budget.txt", "guests.txt")],
  ["Write the word 'closed' into a file named door.txt.", file("door.txt", text("closed"))],
  ["How many guests are in guests.txt?", (answer) => number(5)(answer) || text("five")(answer)],
  ["Add up the amounts in budget.txt.", number(1425)],
  ["What is 9072 / 12?", number(756)],
  ["How many minutes are there in 17 hours?", number(1020)],
  ["What is a quarter of 2,572?", number(643)],
  ["Subtract 389 from 1200.", number(811)],
  ["What does a clock cost?", number(31)],
  ["How many chairs are in stock?", number(12)],
  ["In which city is Brandt?", text("Graz")],
  ["How many hours a week does Jonas work?", number(30)],
  ["Which department does Mara work in?", text("sales")],
  ["Who supplies the clock?", text("Brandt")],
  ["How long does the supplier of the rug take to deliver?", (answer) => number(12)(answer) || text("twelve")(answer)],
  ["When is the staff meeting on 2026-03-02?", (answer) => text("9:00")(answer) || /\b(?:9 am|nine)\b/i.test(answer)],
  ["With whom is the interview on 2026-03-09?", text("Nora")],
  ["Put 'dinner' into the calendar on 2026-03-14 at 19:00.", event("2026-03-14", "19:00", "dinner")],
  ["Enter 'paint the fence' on 2026-03-21 at 10 in the morning.", event("2026-03-21", "10:00", "paint", "fence")],
  ["Create a file todo.txt that says: buy stamps", file("todo.txt", text("buy stamps"))],
  ["How much is paper according to budget.txt?", number(45)],
  ["What is in guests.txt?", text("Lena", "Omar", "Piet", "Ruth", "Suri")],
  ["What do 5 desks cost?", number(950)],
  ["Write the phone number of Brandt into a file named phone.txt.", file("phone.txt", text("0316-5520"))],
]);

/** For the table. */
export const HELD_OUT: readonly Task[] = [
  ...tasks("calculator", [
    ["What is 4821 - 1957?", number(2864)],
    ["What is 76 * 89?", number(6764)],
    ["What is 15 % of 1840?", number(276)],
    ["What is (52 + 38) * 14 - 7?", number(1253)],
    ["A box holds 24 bottles. How many bottles are in 137 boxes?", number(3288)],
    ["Split 1914 evenly among 6 people. How much does each get?", number(319)],
    ["What is the area of a floor of 7.5 by 4.2 metres, in square metres?", number(31.5)],
    ["What is 2 to the power of 14?", number(16384)],
  ]),
  ...tasks("table", [
    ["How many clocks are in stock?", number(15)],
    ["What is the phone number of the supplier Tarim?", text("0232-8804")],
    ["In which room does Edda work?", number(305)],
    ["Which department is Jonas in?", text("store")],
    ["How many days does Brandt take to deliver?", (answer) => number(4)(answer) || text("four")(answer)],
    ["Who supplies the rug?", text("Tarim")],
    ["In which city is the company that supplies the lamp?", text("Graz")],
    ["What is the phone number of the company that supplies the desk?", text("090-1177")],
  ]),
  ...tasks("calendar", [
    ["At what time is the dentist on 2026-03-02?", (answer) => text("14:30")(answer) || text("2:30")(answer)],
    ["What is in the calendar on 2026-03-09?", text("interview", "Nora")],
    [
      "Is anything in the calendar on 2026-03-06?",
      (answer) => /\b(?:no|nothing|none|not|free|empty|isn't)\b/i.test(answer) && !/know/i.test(answer),
    ],
    ["Put 'lunch with Omar' into the calendar on 2026-03-10 at 12:30.", event("2026-03-10", "12:30", "lunch", "Omar")],
    ["Add an event 'stocktaking' on 2026-03-12 at 08:00.", event("2026-03-12", "08:00", "stocktaking")],
    ["Enter 'call Brandt' on 2026-03-03 at 3 in the afternoon.", event("2026-03-03", "15:00", "call", "Brandt")],
    ["How many things are in the calendar on 2026-03-02?", (answer) => number(2)(answer) || text("two")(answer)],
    ["Add 'fetch the rugs' to the calendar on 2026-03-20 at 07:45.", event("2026-03-20", "07:45", "fetch", "rugs")],
  ]),
  ...tasks("files", [
    ["What is the code of the back door? It is in notes.txt.", number(4471)],
    ["What does order.txt say?", text("3 chairs", "2 lamps")],
    ["Write 'Back at noon.' into a file named sign.txt.", file("sign.txt", text("back at noon"))],
    [
      "Create a file shopping.txt that lists milk, bread and salt.",
      file("shopping.txt", text("milk", "bread", "salt")),
    ],
    ["How much is the rent according to budget.txt?", number(1200)],
    [
      "Is Ruth on the list in guests.txt?",
      (answer) => /\byes\b|\bruth is\b/i.test(answer) && !/\bnot?\b/i.test(answer),
    ],
    ["How many files are there?", (answer) => number(4)(answer) || text("four")(answer)],
    ["Replace the text of notes.txt by the single word 'done'.", file("notes.txt", (now) => /^\W*done\W*$/i.test(now))],
  ]),
  ...tasks("mixed", [
    ["What do 6 chairs cost?", number(348)],
    ["What do 4 lamps and 3 clocks cost together?", number(189)],
    ["What are all lamps in stock worth together, at their price?", number(168)],
    ["How many hours a week do Mara and Edda work together?", number(58)],
    ["What does the order in order.txt cost?", number(222)],
    ["Write the city of the supplier Ovik into a file named city.txt.", file("city.txt", text("Umea"))],
    [
      "Read the door code in notes.txt, and write it alone into a file code.txt.",
      file("code.txt", (now) => /^\W*4471\W*$/.test(now)),
    ],
    [
      "Put an event 'visit' with the room number of Mara in its title into the calendar on 2026-03-16 at 09:15.",
      event("2026-03-16", "09:15", "visit", "214"),
    ],
  ]),
];
