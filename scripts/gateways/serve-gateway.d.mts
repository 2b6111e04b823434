import type { Server } from "node:http";

export class Refusal extends Error {}

export function serveGateway(options: {
  secrets: readonly string[];
  deliver: (message: Record<string, string>) => unknown;
}): Server;
