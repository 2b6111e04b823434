// A server that only passes an object on, for comparison with the gateway: it checks, counts and records nothing.
// `node scripts/bench/pipe-server.mjs ADDRESS` prints its own address.
import { Agent, createServer, get } from "node:http";

const agent = new Agent({ keepAlive: true });
const server = createServer((request, response) => {
  get(process.argv[2], { agent }, (answer) => {
    response.writeHead(answer.statusCode, { "content-length": answer.headers["content-length"] });
    answer.pipe(response);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
