import { expect, test } from "vitest";
import { passwordWeakness } from "@/lib/access/account/password-weakness";
import { temporaryPassword } from "@/lib/access/sign-in/passwords";

const person = { email: "conceicao.b@empresa-azul.example", name: "Conceição Bragança" };

test.each([
  ["", "too_short"],
  ["xK7#qLp9vW2", "too_short"],
  ["🦜🦜🦜🦜🦜🦜", "too_short"],
  ["BRAGANCA-9-tijolos", "contains_identity"],
  ["moro com Bragança 77", "contains_identity"],
  ["conceicao.b.2026!", "contains_identity"],
  ["123456789012", "too_common"],
  ["aaaaaaaaaaaaaaaa", "too_common"],
  ["qwertyuiop12", "too_common"],
  ["senha123456789", "too_common"],
  ["minhasenhasegura", "too_common"],
  ["custodia2026", "too_common"],
  ["cavalo correto bateria grampo", null],
  ["xK7#qLp9vW2m", null],
] as const)("%j: %s", (password, weakness) => {
  expect(passwordWeakness(password, person)).toBe(weakness);
});

test("judges a very long password in bounded time", () => {
  expect(passwordWeakness(`${"a".repeat(64)}xK7#qLp9vW2m`, person)).toBe("too_common");
  expect(passwordWeakness(`xK7#qLp9vW2m${"a".repeat(500)}`, person)).toBeNull();
});

test("temporary passwords are legible, differ, and are strong enough", () => {
  const passwords = Array.from({ length: 200 }, temporaryPassword);
  expect(new Set(passwords).size).toBe(200);
  for (const password of passwords)
    expect(password).toMatch(/^([abcdefghjkmnpqrstuvwxyz2-9]{4}-){3}[abcdefghjkmnpqrstuvwxyz2-9]{4}$/);
  expect(passwordWeakness(passwords[0]!, person)).toBeNull();
});
