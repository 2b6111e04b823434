import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { signedWebhook } from "@/lib/notifications/webhook-message";
import { callFile } from "../../../scripts/gateways/asterisk-call.mjs";
import { Refusal, serveGateway } from "../../../scripts/gateways/serve-gateway.mjs";
import { smsForms } from "../../../scripts/gateways/sms-forms.mjs";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
const open: { close: () => unknown }[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function gateway(deliver: (message: Record<string, string>) => unknown): Promise<string> {
  const server = serveGateway({ secrets, deliver }) as Server;
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const message = (changes = {}) => ({
  id: crypto.randomUUID(),
  type: "message.sms",
  occurredAt: new Date(),
  data: {
    ...{ to: "+5511987654321", text: "407312 confirma", language: "pt-BR" },
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    ...changes,
  },
});

const post = async (url: string, sent: ReturnType<typeof message>, by = [secrets[0]!]) => {
  const answer = await fetch(url, { method: "POST", ...signedWebhook(sent, by) });
  return [answer.status, await answer.text()];
};

describe("a gateway", () => {
  test("delivers what either secret signed, once", async () => {
    const delivered: Record<string, string>[] = [];
    const url = await gateway((given) => delivered.push(given));
    const sent = message();
    expect(await post(url, sent)).toEqual([204, ""]);
    expect(await post(url, sent, [secrets[1]!])).toEqual([204, ""]);
    expect(delivered).toEqual([{ id: sent.id, ...sent.data }]);
  });

  test("delivers nothing that is unsigned, altered, too late or too large", async () => {
    const delivered: unknown[] = [];
    const url = await gateway((given) => delivered.push(given));
    const strange = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
    expect(await post(url, message(), [strange])).toEqual([401, ""]);
    expect(await post(url, message({ expiresAt: new Date(0).toISOString() }))).toEqual([
      422,
      "the message came too late",
    ]);
    expect((await post(url, message({ text: "x".repeat(20_000) })))[0]).toBe(400);
    const { body, headers } = signedWebhook(message(), secrets);
    const altered = await fetch(url, { method: "POST", headers, body: body.replace("407312", "999999") });
    expect(altered.status).toBe(401);
    expect((await fetch(url)).status).toBe(400);
    expect(delivered).toEqual([]);
  });

  test("answers 422 for good, and 503 when the portal shall try again", async () => {
    const failures = [new Refusal("unknown number"), new Error("busy")];
    const url = await gateway(() => Promise.reject(failures.shift()!));
    const sent = message();
    expect(await post(url, sent)).toEqual([422, "unknown number"]);
    expect(await post(url, sent)).toEqual([503, ""]);
  });
});

describe("a service for SMS", () => {
  const given = message().data;
  async function service(status: number, body: string): Promise<WebhookReceiver> {
    const receiver = await startWebhookReceiver();
    open.push(receiver);
    receiver.answerWith((_, response) => void response.writeHead(status).end(body));
    return receiver;
  }
  const send = (form: "contents" | "receivers", { url }: WebhookReceiver, changes = {}) =>
    smsForms[form]({ ...given, ...changes }, { url, key: "k", sender: "empresa" }).then(
      () => "taken",
      (error: Error) => (error instanceof Refusal ? "refused" : "again"),
    );

  test("of the form `contents` gets the number with 55, and says by status what became of it", async () => {
    const taken = await service(200, "{}");
    expect(await send("contents", taken)).toBe("taken");
    expect(taken.received[0]!.headers["x-api-token"]).toBe("k");
    expect(JSON.parse(taken.received[0]!.body)).toEqual({
      ...{ from: "empresa", to: "5511987654321", contents: [{ type: "text", text: "407312 confirma" }] },
    });
    expect(await send("contents", await service(400, ""))).toBe("refused");
    for (const status of [401, 429, 500]) expect(await send("contents", await service(status, ""))).toBe("again");
  });

  test("of the form `receivers` gets the national number, and says in its body", async () => {
    const taken = await service(200, '{"Success":true}');
    expect(await send("receivers", taken)).toBe("taken");
    expect(taken.received[0]!.headers["auth-key"]).toBe("k");
    expect(JSON.parse(taken.received[0]!.body)).toEqual({
      ...{ Sender: "empresa", Receivers: "11987654321", Content: "407312 confirma" },
    });
    expect(await send("receivers", await service(200, '{"Success":false}'))).toBe("refused");
    expect(await send("receivers", taken, { to: "+14155550100" })).toBe("refused");
    expect(taken.received).toHaveLength(1);
    expect(await send("receivers", await service(500, ""))).toBe("again");
  });
});

test("a call file plays the sound when the call is answered", () => {
  expect(callFile({ channel: "PJSIP/5511987654321@trunk", callerId: "", sound: "/sounds/1" }).split("\n")).toEqual([
    ...["Channel: PJSIP/5511987654321@trunk", "MaxRetries: 1", "RetryTime: 60", "WaitTime: 45"],
    ...["Application: Playback", "Data: /sounds/1", ""],
  ]);
});
