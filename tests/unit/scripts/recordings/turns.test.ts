import { expect, test, vi } from "vitest";
import { Turns, type Turn } from "@/scripts/recordings/spool/turns";

/** Turns whose work ends when the test says so. */
function openTurns(places: number) {
  const begun: Turn[] = [];
  const running = new Map<string, () => void>();
  const turns = new Turns(places, (turn) => {
    begun.push(turn);
    return new Promise((resolve) => running.set(turn.file, resolve));
  });
  const finish = async (file: string) => {
    running.get(file)!();
    running.delete(file);
    turns.release(file);
    await Promise.resolve();
  };
  return { turns, begun, running, finish, files: () => begun.map(({ file }) => file) };
}

test("a file has one turn at a time, and another one if it changed meanwhile", async () => {
  const { turns, finish, files } = openTurns(2);
  for (const file of ["a", "a", "b"]) turns.add(file);
  turns.add("a");
  expect(files()).toEqual(["a", "b"]);
  await finish("a");
  expect(files()).toEqual(["a", "b", "a"]);
  turns.end();
});

test("retries take half of the places at most, and turns alternate between retries and new files", async () => {
  const { turns, begun, finish, files } = openTurns(4);
  for (const file of ["s1", "s2", "s3", "s4"]) turns.later({ file, attempt: 1 }, 0);
  await vi.waitFor(() => expect(begun).toHaveLength(2), { timeout: 20_000 });
  // All four wait no more, two places remain free for new files.
  for (const file of ["n1", "n2", "n3"]) turns.add(file);
  expect(files().slice(2)).toEqual(["n1", "n2"]);
  await finish("s1");
  await finish("s2");
  expect(files().slice(4).sort()).toEqual(["n3", "s3"]);
  turns.end();
});

test("with one place new files and retries take turns", async () => {
  const { turns, begun, finish, files } = openTurns(1);
  for (const file of ["s1", "s2", "s3"]) turns.later({ file, attempt: 3 }, 0);
  await vi.waitFor(() => expect(begun).toHaveLength(1), { timeout: 20_000 });
  for (const file of ["n1", "n2"]) turns.add(file);
  for (let count = 1; count < 5; count += 1) await finish(files().at(-1)!);
  expect(files()).toEqual([files()[0], "n1", expect.stringMatching(/^s/), "n2", expect.stringMatching(/^s/)]);
  expect(begun[0]!.attempt).toBe(3);
  turns.end();
});

test("is idle when nothing is to be done now; the end begins nothing", async () => {
  const { turns, finish, files } = openTurns(1);
  await turns.idle();
  turns.add("a");
  turns.add("b");
  let isIdle = false;
  const idle = turns.idle().then(() => (isIdle = true));
  await finish("a");
  expect([files(), isIdle]).toEqual([["a", "b"], false]);
  await finish("b");
  await idle;
  turns.end();
  turns.add("c");
  turns.later({ file: "d", attempt: 1 }, 0);
  expect(files()).toEqual(["a", "b"]);
});

test("holds back who finds files faster than they are worked on", async () => {
  const { turns, finish } = openTurns(1);
  for (let index = 0; index <= 1001; index += 1) turns.add(`f${index}`);
  let hasRoom = false;
  const room = turns.room().then(() => (hasRoom = true));
  await finish("f0");
  expect(hasRoom).toBe(false);
  await finish("f1");
  await finish("f2");
  await room;
  turns.end();
});
