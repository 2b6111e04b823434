import { dereference, validate } from "@readme/openapi-parser";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { env } from "@/lib/core/env";
import { errorStatus } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { call, methods, portalRoutes, type Method } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  completeTicket,
  contentDigest,
  phoneSystem,
  plainMetadata,
  putContent,
  sendBytes,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

type Media = { schema?: Record<string, unknown>; examples?: Record<string, { value: unknown }> };
type Described = {
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
  requestBody?: { content: Record<string, Media> };
  security?: unknown[];
};
type Document = {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Record<string, unknown>> };
};

let served: Document;
/** The same description with all references resolved. */
let document: Document;

beforeAll(async () => {
  served = (await (await call("GET", "/api/openapi.json")).json()) as Document;
  document = (await dereference(structuredClone(served) as never)) as unknown as Document;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, described]) => ({
      path,
      method: method.toUpperCase() as Method,
      described,
    })),
  );

describe("the OpenAPI description", () => {
  test("is valid OpenAPI 3.1, public, and names this portal's address", async () => {
    const answered = await call("GET", "/api/openapi.json");
    expect([answered.status, answered.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(served.openapi).toBe("3.1.0");
    expect(served.servers).toEqual([{ url: new URL(env().NEXTAUTH_URL).origin }]);
    expect(await validate(structuredClone(served) as never)).toMatchObject({ valid: true });
  });

  test("has exactly the routes that a phone system and the company's gateways may call", async () => {
    const described = operations()
      .map(({ path, method }) => `${method} ${path}`)
      .sort();
    const routes = (await portalRoutes()).filter(({ path }) =>
      /^\/api\/recordings($|\/batch|\/due$|\/\[id\]$|\/\[id\]\/(complete|parts|content|triggers)$)/.test(path),
    );
    const existing = await Promise.all(
      routes.map(async (route) =>
        methods
          .filter((method) => method !== "HEAD")
          .flatMap(async (method) =>
            (await route.load())[method] ? [`${method} ${route.path.replace(/\[(\w+)\]/g, "{$1}")}`] : [],
          ),
      ),
    );
    const found = (await Promise.all(existing.flat())).flat();
    expect(described).toEqual([...found, "PUT /api/store/{key}", "POST /api/messages/outcomes"].sort());
    const [store] = (await portalRoutes()).filter(({ path }) => path === "/api/store/[...key]");
    expect((await store!.load()).PUT).toBeDefined();
  });

  test("has examples that match its schemas", () => {
    for (const { described } of operations()) {
      const media = [
        ...Object.values(described.requestBody?.content ?? {}),
        ...Object.values(described.responses).flatMap(({ content = {} }) => Object.values(content)),
      ];
      for (const { schema, examples = {} } of media)
        for (const { value } of Object.values(examples)) z.fromJSONSchema(schema as never).parse(value);
    }
  });

  test("names every code with its status", () => {
    for (const { described } of operations()) {
      for (const [status, { content }] of Object.entries(described.responses)) {
        for (const { value } of Object.values(content?.["application/problem+json"]?.examples ?? {})) {
          const { code } = value as { code: string };
          if (code in errorStatus)
            expect([code, Number(status)]).toEqual([code, errorStatus[code as keyof typeof errorStatus]]);
        }
      }
    }
  });
});

describe("the responses of the routes match the description", () => {
  let system: PhoneSystem;
  let file: Audio;
  beforeAll(async () => {
    system = await phoneSystem();
    file = smallAudio();
  });

  async function expectDescribed(path: string, method: Method, answered: Response): Promise<Record<string, unknown>> {
    const response = document.paths[path]![method.toLowerCase()]!.responses[answered.status];
    expect(response, `${method} ${path} ${answered.status}`).toBeDefined();
    const [type] = (answered.headers.get("content-type") ?? "").split(";") as [string];
    if (!response!.content) return {};
    const media = response!.content[type];
    expect(media, type).toBeDefined();
    const body = (await answered.json()) as Record<string, unknown>;
    z.fromJSONSchema(strict(media!.schema!) as never).parse(body);
    if (type === "application/problem+json") expect(Object.keys(media!.examples!)).toContain(body.code);
    return body;
  }

  /** A response may contain only what is described. */
  const strict = (schema: Record<string, unknown>) => ({ ...schema, additionalProperties: false });

  const [list, one, finish, store] = [
    "/api/recordings",
    "/api/recordings/{id}",
    "/api/recordings/{id}/complete",
    "/api/store/{key}",
  ];

  test("for a call that is stored", async () => {
    const metadata = callMetadata(system.unitCode, file);
    z.fromJSONSchema(document.components.schemas.UploadRequest as never).parse(metadata);
    const ticket = (await expectDescribed(
      list!,
      "POST",
      await askTicket(system.headers, metadata),
    )) as unknown as Ticket;
    await expectDescribed(list!, "POST", await askTicket(system.headers, metadata)).then((again) =>
      Object.assign(ticket, again),
    );
    await expectDescribed(finish!, "POST", await complete(system.headers, ticket.id));
    await expectDescribed(store!, "PUT", await sendBytes(ticket, file.bytes.subarray(1)));
    await expectDescribed(store!, "PUT", await sendBytes(ticket, file.bytes));
    await expectDescribed(store!, "PUT", await sendBytes(ticket, file.bytes));
    await expectDescribed(one!, "GET", await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers }));
    await expectDescribed(finish!, "POST", await complete(system.headers, ticket.id));
    await expectDescribed(one!, "GET", await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers }));
    await expectDescribed(list!, "POST", await askTicket(system.headers, metadata));
    await expectDescribed(list!, "POST", await askTicket(system.headers, { ...metadata, sha256: "0".repeat(64) }));
  });

  test("for two uploads of one recording with different content", async () => {
    const metadata = callMetadata(system.unitCode, file, { sourceRecordingId: "mix" });
    const other = audio("call-03-wav-alaw-mono.wav");
    const { contentType, sizeBytes, sha256 } = other;
    const early = (await (await askTicket(system.headers, metadata)).json()) as Ticket;
    const late = (await (
      await askTicket(system.headers, { ...metadata, contentType, sizeBytes, sha256 })
    ).json()) as Ticket;
    await sendBytes(late, other.bytes);
    const refused = async (answered: Promise<Response>) => expectDescribed(finish!, "POST", await answered);
    expect(await refused(complete(system.headers, late.id))).toMatchObject({ code: "upload_ambiguous" });
    expect(await refused(completeTicket(system.headers, early))).toMatchObject({ code: "upload_conflict" });
    await expectDescribed(finish!, "POST", await completeTicket(system.headers, late));
    expect(await expectDescribed(list!, "POST", await askTicket(system.headers, metadata))).toMatchObject({
      code: "upload_conflict",
    });
    for (const [method, json] of [["GET"], ["POST", { partNumber: 1, sizeBytes: 1, sha256 }]] as const)
      await expectDescribed(
        "/api/recordings/{id}/parts",
        method,
        await call(method, `/api/recordings/${late.id}/parts`, { headers: system.headers, json }),
      );
  });

  test("for a call that is sent through the portal", async () => {
    const metadata = plainMetadata(system.unitCode, file);
    const ticket = (await expectDescribed(
      list!,
      "POST",
      await askTicket(system.headers, metadata),
    )) as unknown as Ticket;
    const put = async (bytes: Buffer, headers: Record<string, string> = {}) =>
      expectDescribed(
        "/api/recordings/{id}/content",
        "PUT",
        await putContent(system.headers, ticket.id, bytes, headers),
      );
    await put(file.bytes, { "content-length": "" });
    await put(file.bytes, { "content-type": "text/html" });
    await put(file.bytes.subarray(1), { "content-length": String(file.sizeBytes) });
    await put(file.bytes.subarray(1), { "content-digest": contentDigest(file.bytes) });
    await expectDescribed("/api/recordings/{id}/content", "PUT", await putContent({}, ticket.id, file.bytes));
    await expectDescribed(
      "/api/recordings/{id}/parts",
      "GET",
      await call("GET", `/api/recordings/${ticket.id}/parts`, { headers: system.headers }),
    );
    await expectDescribed(
      "/api/recordings/{id}/parts",
      "POST",
      await call("POST", `/api/recordings/${ticket.id}/parts`, {
        headers: system.headers,
        json: { partNumber: 1, sizeBytes: 1, sha256: file.sha256 },
      }),
    );
    await put(file.bytes);
    await put(file.bytes);
    await put(file.bytes.subarray(1));
  });

  test("for a call that is rejected", async () => {
    const wrong = audioOf("a.wav", Buffer.alloc(300, "x"));
    const ticket = (await (await askTicket(system.headers, callMetadata(system.unitCode, wrong))).json()) as Ticket;
    await sendBytes(ticket, wrong.bytes);
    await expectDescribed(finish!, "POST", await complete(system.headers, ticket.id));
    await expectDescribed(finish!, "POST", await complete(system.headers, ticket.id));
    await expectDescribed(one!, "GET", await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers }));
  });

  test("for requests without permission and invalid requests", async () => {
    const metadata = callMetadata(system.unitCode, file);
    await expectDescribed(list!, "POST", await askTicket({}, metadata));
    await expectDescribed(list!, "POST", await askTicket({ authorization: "Bearer x" }, metadata));
    await expectDescribed(list!, "POST", await askTicket(system.headers, { ...metadata, unit: "nenhuma" }));
    await expectDescribed(list!, "POST", await askTicket(system.headers, {}));
    await expectDescribed(list!, "POST", await askTicket(system.headers, { ...metadata, contentType: "text/html" }));
    await expectDescribed(
      list!,
      "POST",
      await call("POST", list!, { headers: { ...system.headers, "content-type": "application/json" }, body: "{" }),
    );
    await expectDescribed(one!, "GET", await call("GET", `/api/recordings/${newId()}`, { headers: system.headers }));
    await expectDescribed(one!, "GET", await call("GET", "/api/recordings/x", { headers: system.headers }));
    await expectDescribed(finish!, "POST", await complete(system.headers, newId()));
    await expectDescribed(store!, "PUT", await call("PUT", "/api/store/recordings/x", { body: "x" }));
  });
});
