import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { env } from "@/lib/core/env";

export type RouteModule = Partial<
  Record<
    Method,
    (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>
  >
>;
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

/** A route handler file of the portal: its path with Next's own names ("/api/recordings/[id]"), and the module. */
export type PortalRoute = { path: string; file: string; load: () => Promise<RouteModule> };

const apiFolder = path.resolve(import.meta.dirname, "../../app/api");

let routes: Promise<PortalRoute[]> | undefined;

/** Finds every route handler below app/api on disk, so that the tests also cover new ones. */
export function portalRoutes(): Promise<PortalRoute[]> {
  return (routes ??= findRoutes());
}

async function findRoutes(): Promise<PortalRoute[]> {
  const files = (await readdir(apiFolder, { recursive: true })).filter((file) => path.basename(file) === "route.ts");
  return files.sort().map((file) => {
    const absolute = path.join(apiFolder, file);
    return {
      path: `/api/${path.dirname(file)}`,
      file: `app/api/${file}`,
      load: () => import(/* @vite-ignore */ pathToFileURL(absolute).href) as Promise<RouteModule>,
    };
  });
}

/** Answers a request as the portal does: with the handler that Next would choose, or with 404 or 405. */
export async function answer(request: Request): Promise<Response> {
  const segments = new URL(request.url).pathname.split("/").filter(Boolean).map(decodeURIComponent);
  for (const route of (await portalRoutes()).toSorted(
    (left, right) => dynamicSegments(left) - dynamicSegments(right),
  )) {
    const params = match(route.path.split("/").filter(Boolean), segments);
    if (!params) continue;
    const module = await route.load();
    const handler = module[request.method as Method];
    return handler ? handler(request, { params: Promise.resolve(params) }) : new Response(null, { status: 405 });
  }
  return new Response(null, { status: 404 });
}

const dynamicSegments = (route: PortalRoute) => route.path.split("[").length;

function match(pattern: string[], segments: string[]): Record<string, string | string[]> | null {
  const params: Record<string, string | string[]> = {};
  for (const [index, part] of pattern.entries()) {
    const rest = /^\[\.\.\.(\w+)\]$/.exec(part)?.[1];
    if (rest) return index < segments.length ? { ...params, [rest]: segments.slice(index) } : null;
    const name = /^\[(\w+)\]$/.exec(part)?.[1];
    if (segments[index] === undefined || (!name && part !== segments[index])) return null;
    if (name) params[name] = segments[index];
  }
  return pattern.length === segments.length ? params : null;
}

export type Call = { headers?: Record<string, string>; json?: unknown; body?: BodyInit; signal?: AbortSignal };

/** Sends one request to the portal. Takes a path, or a whole URL that the portal issued. */
export function call(method: Method, pathOrUrl: string, { headers, json, body, signal }: Call = {}): Promise<Response> {
  const sent = json === undefined ? body : JSON.stringify(json);
  const all = { ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers };
  return answer(
    new Request(new URL(pathOrUrl, env().NEXTAUTH_URL), {
      method,
      headers: all,
      body: sent,
      signal,
      ...(sent instanceof ReadableStream ? { duplex: "half" } : {}),
    } as RequestInit),
  );
}
