import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { messageTexts } from "@/lib/db/schema";
import { changeMessageText, restoreStandardText } from "@/lib/notifications/templates/change-message-text";
import { textOfVersion } from "@/lib/notifications/templates/current-text";
import { listMessageTexts } from "@/lib/notifications/templates/list-message-texts";
import { previewMessageText } from "@/lib/notifications/templates/preview-message-text";
import { readMessageText } from "@/lib/notifications/templates/read-message-text";
import type { OperationContext } from "@/lib/operation/operation";
import { acknowledgement, clearOutbox, messageOf, queue } from "../../support/messages";
import { signedInAs } from "../../support/people";
import { eventsAbout } from "../../support/uploads";

const key = { template: "request_received", channel: "email", locale: "pt-BR" } as const;
const own = { subject: "Protocolo {protocol}", body: "Guarde o protocolo **{protocol}** de {controller}." };

let dpo: OperationContext;

beforeAll(async () => {
  dpo = await (await signedInAs("dpo")).context();
});
beforeEach(async () => {
  await database().delete(messageTexts);
  await clearOutbox();
});

const save = (changes = {}) => changeMessageText(dpo, { ...key, ...own, version: "standard:1", ...changes });

test("a saved text is a new version, which new messages get and waiting ones do not", async () => {
  const before = await queue(acknowledgement());
  expect(await save({ body: own.body.replaceAll("\n", "\r\n") })).toEqual({ version: "company:1" });
  const after = await queue(acknowledgement());
  const english = await queue(acknowledgement({ locale: "en" }));
  expect((await messageOf(before)).templateVersion).toBe("standard:1");
  expect((await messageOf(after)).templateVersion).toBe("company:1");
  expect((await messageOf(english)).templateVersion).toBe("standard:1");
  expect(await textOfVersion(database(), key, "company:1")).toEqual(own);
  expect(await listMessageTexts(dpo, {})).toEqual([{ ...key, version: 1 }]);
  const { current, versions } = await readMessageText(dpo, key);
  expect(current).toEqual({ version: "company:1", text: own });
  expect(versions).toMatchObject([{ version: 1, ...own }]);
  const [row] = await database().select().from(messageTexts);
  expect(await eventsAbout(row!.id, "message_text.changed")).toMatchObject([{ details: { ...key, version: 1 } }]);
});

test("the same text again changes nothing; a text of which somebody saved another meanwhile is refused", async () => {
  await save();
  expect(await save()).toEqual({ version: "company:1" });
  await expect(save({ body: "{protocol}" })).rejects.toMatchObject({ code: "conflict" });
  expect(await save({ body: "{protocol}", version: "company:1" })).toEqual({ version: "company:2" });
  expect(await textOfVersion(database(), key, "company:1")).toEqual(own);
});

test("the standard text comes back, with the history kept", async () => {
  await save();
  const restored = await restoreStandardText(dpo, { ...key, version: "company:1" });
  expect(restored).toEqual({ version: "standard:1" });
  expect(await restoreStandardText(dpo, { ...key, version: "company:1" })).toEqual({ version: "standard:1" });
  expect((await messageOf(await queue(acknowledgement()))).templateVersion).toBe("standard:1");
  const { versions } = await readMessageText(dpo, key);
  expect(versions).toMatchObject([
    { version: 2, body: null },
    { version: 1, ...own },
  ]);
  expect(await listMessageTexts(dpo, {})).toEqual([]);
  expect(await save({ version: "standard:1" })).toEqual({ version: "company:3" });
  const events = await Promise.all(
    (await database().select().from(messageTexts)).map(({ id }) => eventsAbout(id, "message_text.standard_restored")),
  );
  expect(events.flat()).toHaveLength(1);
});

describe("a text that a message cannot have", () => {
  test.each([
    [{ body: "{protocol} {name}" }, "body", "unknown_variable"],
    [{ body: "sem protocolo" }, "body", "missing_variable"],
    [{ body: "{protocol} [abra](https://empresa.example/{protocol})" }, "body", "has_link"],
  ])("%o is refused when it is saved and when it is previewed", async (changes, path, reason) => {
    const refusal = { code: "invalid_input", details: { fields: [{ path, reason }] } };
    await expect(save(changes)).rejects.toMatchObject(refusal);
    await expect(previewMessageText(dpo, { ...key, ...own, ...changes })).rejects.toMatchObject(refusal);
    expect(await database().select().from(messageTexts)).toEqual([]);
  });
});

test("a preview has example values, and saves nothing", async () => {
  const preview = await previewMessageText(dpo, { ...key, ...own });
  expect(preview.subject).toBe("Protocolo 202603020000017");
  expect(preview.html).toContain("<strong>202603020000017</strong>");
  const call = await previewMessageText(dpo, { ...key, channel: "voice", subject: "", body: "{protocol}" });
  expect(call).toMatchObject({ subject: null, html: null, text: expect.stringMatching(/^2, 0, 2, 6/) });
  expect(await database().select().from(messageTexts)).toEqual([]);
});
