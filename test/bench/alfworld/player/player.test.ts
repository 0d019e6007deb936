import { describe, expect, it } from "vitest";
import { createAlfworld, loadAlfworld, scriptedPlayer } from "../../../../bench/alfworld/engine/index.js";
import { alfworld } from "../files.js";

const folder = alfworld();

/** Lets the player speak to whatever answers, until either ends. */
function conversation(opening: string, answer: (command: string) => string | undefined): string[] {
  const player = scriptedPlayer(opening);
  const commands: string[] = [];
  for (let next = player.next(); !next.done;) {
    commands.push(next.value);
    const text = answer(next.value);
    if (text === undefined) break;
    next = player.next(text);
  }
  return commands;
}

const OPENING =
  "You are in the middle of a room. Looking quickly around you, you see a drawer 2, a drawer 1, a shelf 1, a sinkbasin 1, and a toilet 1.\n\n";

/** A house of texts alone. */
const house = (texts: Record<string, string>) => (command: string) => texts[command] ?? "Nothing happens.";

describe("the scripted player", () => {
  it("finds, cleans and brings, in either wording of the rules", () => {
    const commands = conversation(
      `${OPENING}Your task is to: clean some cloth and put it in drawer.`,
      house({
        "go to shelf 1": "You arrive at shelf 1. On the shelf 1, you see a candle 1.",
        "go to sinkbasin 1": "You arrive at sinkbasin 1. On the sinkbasin 1, you see nothing.",
        "go to toilet 1": "You arrive at loc 3. On the toilet 1, you see a candle 2, and a cloth 2.",
        "take cloth 2 from toilet 1": "You pick up the cloth 2 from the toilet 1.",
        "clean cloth 2 with sinkbasin 1": "You clean the cloth 2 using the sinkbasin 1.",
        "go to drawer 1": "You arrive at drawer 1. The drawer 1 is closed.",
        "open drawer 1": "You open the drawer 1. The drawer 1 is open. In it, you see nothing.",
      }),
    );
    expect(commands).toEqual([
      "go to shelf 1",
      "go to sinkbasin 1",
      "go to toilet 1",
      "take cloth 2 from toilet 1",
      "go to sinkbasin 1",
      "clean cloth 2 with sinkbasin 1",
      "go to drawer 1",
      "open drawer 1",
      "put cloth 2 in/on drawer 1",
      "move cloth 2 to drawer 1",
    ]);
  });

  it("looks at a place that cannot be gone to since it is where the player stands", () => {
    const commands = conversation(
      `${OPENING}Your task is to: find two candle and put them in shelf.`,
      house({
        "go to shelf 1": "You arrive at shelf 1. On the shelf 1, you see a candle 1.",
        "examine sinkbasin 1": "On the sinkbasin 1, you see a candle 2.",
        "take candle 2 from sinkbasin 1": "You pick up the candle 2 from the sinkbasin 1.",
        "put candle 2 in/on shelf 1": "You put the candle 2 in/on the shelf 1.",
      }),
    );
    expect(commands).toEqual([
      "go to shelf 1",
      "go to sinkbasin 1",
      "examine sinkbasin 1",
      "take candle 2 from sinkbasin 1",
      "go to shelf 1",
      "put candle 2 in/on shelf 1",
    ]);
  });

  it("opens what it stands before when the thing belongs in there", () => {
    const commands = conversation(
      "You are here. Looking around, you see a microwave 1, and a shelf 1.\n\nYour task is to: put a hot egg in microwave.",
      house({
        "go to shelf 1": "You arrive at shelf 1. On the shelf 1, you see a egg 1.",
        "take egg 1 from shelf 1": "You pick up the egg 1 from the shelf 1.",
        "go to microwave 1": "You arrive at microwave 1. The microwave 1 is closed.",
        "heat egg 1 with microwave 1": "You heat the egg 1 using the microwave 1.",
        "examine microwave 1": "The microwave 1 is closed.",
        "open microwave 1": "You open the microwave 1. The microwave 1 is open. In it, you see nothing.",
        "put egg 1 in/on microwave 1": "You put the egg 1 in/on the microwave 1.",
      }),
    );
    expect(commands.slice(-5)).toEqual([
      "go to microwave 1",
      "heat egg 1 with microwave 1",
      "examine microwave 1",
      "open microwave 1",
      "put egg 1 in/on microwave 1",
    ]);
  });

  it("ends where what it looks for is nowhere", () => {
    const commands = conversation(`${OPENING}Your task is to: look at bowl under the desklamp.`, house({}));
    expect(commands).toHaveLength(10);
  });

  it.skipIf(folder === undefined)(
    "solves at least 95 % of the unseen games within 50 steps, from their texts alone",
    () => {
      for (const version of ["2.1.1", "2.1.3"] as const) {
        const { games, rules } = loadAlfworld(folder!, { rules: version });
        const won = games.filter((game) => {
          const play = createAlfworld(game, rules, { maxSteps: 50 });
          conversation(play.observe(), (command) => {
            const { observation, done } = play.step(command);
            return done ? undefined : observation;
          });
          return play.won;
        });
        console.log(`the scripted player solves ${won.length} of ${games.length} games under rules ${version}`);
        expect(won.length / games.length).toBeGreaterThanOrEqual(0.95);
      }
    },
  );
});
