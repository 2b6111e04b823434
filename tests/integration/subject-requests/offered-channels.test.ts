import { afterEach, describe, expect, it, vi } from "vitest";
import { newId } from "@/lib/core/new-id";
import { noMessages } from "../../../scripts/launch/portal-environment.mjs";

const all = { PUBLIC_CODES_PER_DAY: "200", ...process.env };

/** The portal after a restart with these settings. */
async function restarted(settings: Record<string, string>) {
  Object.assign(process.env, settings);
  vi.resetModules();
  const [publics, actors, letters, form, intake, own, sent, register] = await Promise.all([
    import("../../support/public-requests"),
    import("../../support/actors"),
    import("../../support/subject-requests"),
    import("@/lib/subject-requests/public-page/read-public-form"),
    import("@/lib/subject-requests/read-intake"),
    import("@/lib/subject-requests/public-page/read-own-request"),
    import("@/lib/subject-requests/public-page/send-code"),
    import("@/lib/subject-requests/register-request"),
  ]);
  return { ...publics, ...actors, ...letters, ...form, ...intake, ...own, ...sent, ...register };
}

afterEach(async () => {
  await (await import("@/lib/db/client")).closeDatabase();
  Object.assign(process.env, all);
  vi.resetModules();
});

describe("with every channel set up", () => {
  it("every answer and every code is offered", async () => {
    const portal = await restarted({});
    const { choices } = await portal.readPublicForm(portal.anybody(), {});
    expect(choices.answerChannels).toEqual(["email", "phone", "letter", "counter"]);
    const receipt = await portal.submit();
    const { addresses } = (await portal.readOwnRequest(portal.anybody(), receipt)).request;
    expect(addresses.map(({ channels }) => channels)).toEqual([["sms", "voice"], ["email"]]);
  });
});

describe("without a mail server", () => {
  it("no answer by e-mail is offered, on the page and at the intake", async () => {
    const portal = await restarted({ SMTP_URL: "" });
    const { choices } = await portal.readPublicForm(portal.anybody(), {});
    expect(choices.answerChannels).toEqual(["phone", "letter", "counter"]);
    const dpo = await portal.person("dpo");
    const intake = await portal.readIntake(dpo.context, {});
    expect(intake.choices.answerChannels).toEqual(["phone", "letter", "counter"]);
  });

  it("a form that was opened before is refused beside its field, and nothing is stored", async () => {
    const portal = await restarted({ SMTP_URL: "" });
    const off = { answerChannel: "channel_off" };
    const form = portal.publicForm();
    await portal.expectRefusal(portal.submitRequestOf(form), "invalid_input", off);
    const dpo = await portal.person("dpo");
    const letter = portal.letter({ requestId: newId() });
    await portal.expectRefusal(portal.registerRequest(portal.contextOf(dpo.actor), letter), "invalid_input", off);
    // The same forms with another channel are registered: no number or limit was taken.
    await portal.submitRequestOf({ ...form, answerChannel: "counter", answerAddress: "" });
    const counter = { ...letter, answerChannel: "counter" as const, answerAddress: undefined };
    await portal.registerRequest(portal.contextOf(dpo.actor), counter);
  });

  it("a form that was registered before the setting went gives its protocol again", async () => {
    const before = await restarted({});
    const form = before.publicForm();
    const { protocol } = await before.submitRequestOf(form);
    await (await import("@/lib/db/client")).closeDatabase();
    const after = await restarted({ SMTP_URL: "" });
    expect((await after.submitRequestOf(form)).protocol).toBe(protocol);
  });

  it("no code goes to an e-mail address, also from a page that was opened before", async () => {
    const before = await restarted({});
    const receipt = await before.submit({ numbers: "", taxId: "529.982.247-25" });
    await (await import("@/lib/db/client")).closeDatabase();
    const after = await restarted({ SMTP_URL: "" });
    expect((await after.readOwnRequest(after.anybody(), receipt)).request.addresses).toEqual([]);
    const sending = after.sendCode(after.anybody(), { ...receipt, target: "answer", channel: "email" });
    await after.expectRefusal(sending, "invalid_input", { target: "channel_off" });
  });
});

describe("without gateways", () => {
  it.each([
    ["SMS", { SMS_GATEWAY_URL: "", SMS_GATEWAY_SECRETS: "" }, ["voice"]],
    ["calls", { VOICE_GATEWAY_URL: "", VOICE_GATEWAY_SECRETS: "" }, ["sms"]],
    ["any budget", { PUBLIC_CODES_PER_DAY: "0" }, []],
    ["messages", noMessages, []],
  ])("for %s, no such code is offered or sent", async (_, settings, left) => {
    const before = await restarted({});
    const receipt = await before.submit({ answerChannel: "counter", answerAddress: "" });
    const line = (await before.readOwnRequest(before.anybody(), receipt)).request.addresses[0]!.target;
    await (await import("@/lib/db/client")).closeDatabase();
    const after = await restarted(settings);
    const { addresses } = (await after.readOwnRequest(after.anybody(), receipt)).request;
    expect(addresses.flatMap(({ channels }) => channels)).toEqual(left);
    for (const channel of (["sms", "voice"] as const).filter((way) => !(left as string[]).includes(way)))
      await after.expectRefusal(
        after.sendCode(after.anybody(), { ...receipt, target: line, channel }),
        "invalid_input",
        { target: "channel_off" },
      );
  });
});
