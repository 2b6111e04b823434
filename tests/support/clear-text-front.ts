import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** What happens to requests without TLS: the store receives them, or an intermediary answers. */
export type ClearText = "store" | "redirect" | "firewall" | "nobody";

/**
 * One address that accepts both http and https, as Amazon does: TLS connections go to one server, the rest to another,
 * unchanged.
 */
export interface ClearTextFront {
  /** The https address; with http, requests are sent in clear text. */
  endpoint: string;
  /** Applies from now on; idle connections are closed. */
  answerClearText(by: ClearText): void;
  close(): void;
}

const ANSWERS: Record<Exclude<ClearText, "store" | "nobody">, string> = {
  redirect:
    "HTTP/1.1 301 Moved Permanently\r\nlocation: https://store.invalid/\r\n" +
    "content-length: 0\r\nconnection: close\r\n\r\n",
  firewall:
    "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\n" +
    "content-length: 13\r\nconnection: close\r\n\r\n<h1>no</h1>\r\n",
};

/** The first byte of every TLS connection: a handshake record. */
const HANDSHAKE = 0x16;

export async function startClearTextFront(store: { tls: string; clear: string }): Promise<ClearTextFront> {
  const sockets = new Set<Socket>();
  const endAll = () => sockets.forEach((socket) => socket.destroy());
  let clearText: ClearText = "store";
  const passOn = (socket: Socket, first: Buffer, to: string) => {
    const { hostname, port } = new URL(to);
    const behind = connect(Number(port), hostname);
    behind.on("error", () => socket.destroy());
    behind.write(first);
    socket.on("close", () => behind.destroy());
    socket.pipe(behind).pipe(socket);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      if (first[0] === HANDSHAKE) return passOn(socket, first, store.tls);
      if (clearText === "store") return passOn(socket, first, store.clear);
      return clearText === "nobody" ? socket.destroy() : socket.end(ANSWERS[clearText]);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerClearText(by) {
      clearText = by;
      endAll();
    },
    close() {
      server.close();
      endAll();
    },
  };
}
