import { expect, test } from "vitest";
import { passwordSettings } from "@/lib/core/env/password-settings";

const setting = passwordSettings.BREACHED_PASSWORDS_URL;

test.each(["https://api.pwnedpasswords.com/range/", "http://127.0.0.1:8080/range/"])("%s is a list", (address) => {
  expect(setting.parse(address)).toBe(address);
});

test.each(["", undefined])("%j: no list", (value) => expect(setting.parse(value)).toBeUndefined());

test.each([
  ["http://list.example/range/", "must begin with https://"],
  ["https://list.example/range", "must end with /"],
  ["https://user:secret@list.example/range/", "must not contain credentials"],
  ["list", "is not a URL"],
])("%s is refused", (address, problem) => {
  expect(JSON.stringify(setting.safeParse(address).error?.issues)).toContain(problem);
});
