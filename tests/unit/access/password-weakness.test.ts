import { expect, test } from "vitest";
import { passwordWeakness } from "@/lib/access/passwords/password-weakness";
import { temporaryPassword } from "@/lib/access/sign-in/passwords";

const person = {
  email: "conceicao.b@empresa-azul.example",
  name: "Conceição Bragança",
  companyNames: ["Rede Modelo Telefonia Ltda", "Modelo"],
};

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
  // A word with a year and signs, a known phrase, a keyboard walk, a breached password, the company.
  ["Brasil@2026!!", "too_common"],
  ["!!2026@Brasil", "too_common"],
  ["Gravacoes#2026", "too_common"],
  ["Gravações#2026", "too_common"],
  ["P@ssw0rd2026!!", "too_common"],
  ["janeiro/2026!!", "too_common"],
  ["minha-senha-nova-2026", "too_common"],
  ["correcthorsebattery", "too_common"],
  ["correct horse battery staple", "too_common"],
  ["Cavalo correto bateria grampo", "too_common"],
  ["qwertyuiopasdf", "too_common"],
  ["zxcvbnm,./asdf", "too_common"],
  ["1qaz2wsx3edc4rfv", "too_common"],
  ["RedeModelo@2026", "too_common"],
  ["rede-modelo-telefonia-1", "too_common"],
  ["cavalo grampo lua vidro", null],
  ["ladrilho-hidraulico-9", null],
  ["83746k19283746", null],
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
