import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { apiVerbs, ocsfActivity, ocsfEvent, ocsfVersion } from "@/lib/notifications/siem/ocsf-event";
import { auditActions, signedActions } from "@/lib/operation/audit-actions";

const content = {
  ...{ action: "recording.played", actorId: "u1", actorRole: "supervisor", actorType: "user", details: { bytes: 7 } },
  ...{ hmacKeyId: "k1", id: "e1", ipAddress: "192.0.2.7", occurredAt: "2026-03-02T13:14:15.926Z", outcome: "success" },
  ...{ requestId: "r1", targetId: "t1", targetType: "recording", unitId: "n1", writerId: "w1" },
};
const ocsfOf = (changes: Partial<Record<keyof typeof content, unknown>> = {}) =>
  ocsfEvent({
    line: JSON.stringify({ content: { ...content, ...changes }, epoch: "1", hmac: "00", transactionId: "1" }),
    sealedAt: new Date("2026-03-02T13:14:16.000Z"),
  });

test("an event has the fields that its class requires", () => {
  expect(ocsfOf()).toEqual({
    ...{ activity_id: 2, activity_name: "Read", class_uid: 6003, class_name: "API Activity", category_uid: 6 },
    ...{ category_name: "Application Activity", type_uid: 600302, time: 1772457255926 },
    ...{ severity_id: 1, severity: "Informational", status_id: 1, status: "Success", status_code: "success" },
    metadata: {
      ...{ version: ocsfVersion, uid: "e1", event_code: "recording.played", correlation_uid: "r1", log_name: "audit" },
      ...{ logged_time: 1772457256000, product: { name: "Custodia", vendor_name: "Custodia" } },
    },
    actor: { user: { uid: "u1", type_id: 1, type: "User", groups: [{ name: "supervisor" }] } },
    src_endpoint: { ip: "192.0.2.7" },
    api: { operation: "recording.played", request: { uid: "r1" } },
    resources: [{ type: "recording", uid: "t1", group: { uid: "n1" } }],
    unmapped: { bytes: 7 },
  });
});

test("a sign-in names the account; a job has no address, and its name", () => {
  const failed = { action: "session.start_failed", actorType: "anonymous", actorId: null, actorRole: null };
  expect(ocsfOf({ ...failed, outcome: "failure", targetType: "user", targetId: "u9", unitId: null })).toMatchObject({
    ...{ class_uid: 3002, type_uid: 300201, status_id: 2, severity_id: 2, user: { uid: "u9" } },
    actor: { user: { uid: "anonymous", type_id: 0 } },
  });
  const job = { actorType: "job", actorId: "retention", actorRole: null, ipAddress: null, targetId: null };
  const event = ocsfOf({ ...job, action: "retention_run.started" });
  expect(event).toMatchObject({
    actor: { user: { uid: "retention", type_id: 3 } },
    src_endpoint: { svc_name: "custodia" },
  });
  expect(event).not.toHaveProperty("resources");
});

test("what was denied is graver than what failed", () => {
  const severity = (outcome: string) => ocsfOf({ outcome }).severity_id;
  expect([severity("success"), severity("failure"), severity("denied")]).toEqual([1, 2, 3]);
});

describe("docs/siem.md", () => {
  const docs = readFileSync("docs/siem.md", "utf8");
  const rows = docs.split("\n").filter((line) => /^\|.*\| (3001|3002|6003)/.test(line));
  const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);

  test("has each named action with its class and activity, and no other", () => {
    const named = rows.filter((row) => !row.includes("| 6003"));
    const told = named.flatMap((row) => {
      const [, actions, classUid, activity] = row.split("|");
      return quoted(actions!).map((action) => [action, Number.parseInt(classUid!), activity!.trim()]);
    });
    const known = auditActions
      .map((action) => [action, ocsfActivity(action)] as const)
      .filter(([, { classUid }]) => classUid !== 6003)
      .map(([action, { classUid, id, name }]) => [action, classUid, `${id} ${name}`]);
    expect(told.toSorted()).toEqual(known.toSorted());
  });

  test("has the words of API Activity, and its version", () => {
    const words = Object.fromEntries(
      rows
        .filter((row) => row.includes("| 6003"))
        .map((row) => [/\d (\w+) \|$/.exec(row)![1]!.toLowerCase(), quoted(row.split("|")[1]!).join(" ")]),
    );
    expect(words).toEqual({ ...apiVerbs, update: "" });
    expect(docs).toContain(`Version ${ocsfVersion}.`);
  });
});

test("an event has each field of the table, which names no other", () => {
  const docs = readFileSync("docs/siem.md", "utf8");
  const table = docs.slice(docs.indexOf("| field |"), docs.indexOf("## CEF"));
  const fields = table.split("\n").flatMap((row) => {
    const names = [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    // ".type_id" goes on from the name before it.
    return names.map((name) => (name.startsWith(".") ? names[0]!.replace(/\.[^.]+$/, name) : name));
  });
  const job = { actorType: "job", ipAddress: null, action: "user.created" };
  const events = [ocsfOf(), ocsfOf(job)].map((event) => JSON.stringify(event));
  const has = (path: string) =>
    events.some((event) => {
      let value: unknown = JSON.parse(event);
      for (const key of path.split(/[.[\]]+/)) value = (value as Record<string, unknown> | undefined)?.[key];
      return value !== undefined;
    });
  expect(fields.length).toBeGreaterThan(20);
  expect(fields.filter((field) => !has(field))).toEqual([]);
});

test("each verb is the last word of an action", () => {
  const last = new Set(signedActions.map((action) => action.split(/[._]/).at(-1)));
  for (const verb of Object.values(apiVerbs).join(" ").split(" ")) expect(last, verb).toContain(verb);
});
