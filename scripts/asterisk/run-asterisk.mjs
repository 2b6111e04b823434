import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { freePort } from "../launch/ports.mjs";
import { settingsAround, settingsOfSystem } from "./settings.mjs";

/** Where an Asterisk has its files, as seen from its root. */
const folders = (name) => ({
  settings: `/custodia/${name}/settings`,
  spool: `/custodia/${name}/spool`,
  log: `/custodia/${name}/log`,
  run: `/custodia/${name}/run`,
  data: `/custodia/${name}/data`,
});

/** Starts the phone system, and a second Asterisk for the telephones and lines around it. */
export async function startAsterisk(root, { onEnd }) {
  rmSync(path.join(root, "custodia"), { recursive: true, force: true });
  // Asterisk looks up its host for each call, and without an answer a server of the Internet.
  writeFileSync(path.join(root, "etc/hosts"), `127.0.0.1 localhost ${hostname()}\n`);
  const ports = { system: await freePort(), around: await freePort() };
  const system = start(root, "system", settingsOfSystem(ports));
  onEnd(system.stop);
  const around = start(root, "around", settingsAround(ports));
  onEnd(around.stop);
  return { system, around };
}

function start(root, name, settings) {
  const own = folders(name);
  for (const folder of Object.values(own)) mkdirSync(path.join(root, folder), { recursive: true });
  for (const folder of [`${own.spool}/monitor`, `${own.spool}/outgoing`, `${own.log}/cdr-csv`])
    mkdirSync(path.join(root, folder), { recursive: true });
  const files = { "asterisk.conf": directories(root, own), ...settings };
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(root, own.settings, file), text);
  const conf = `${own.settings}/asterisk.conf`;
  const log = path.join(root, own.log, "messages");
  // Asterisk makes it at the end of the first call; `watch` reads it from the start.
  const records = path.join(root, own.log, "cdr-csv", "Master.csv");
  writeFileSync(records, "");
  const child = spawn("setpriv", ["--pdeathsig=KILL", "chroot", root, "/usr/sbin/asterisk", "-f", "-C", conf], {
    stdio: "ignore",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TZ: "UTC", LC_ALL: "C.UTF-8" },
  });
  const ended = once(child, "exit");
  const command = (text) =>
    spawnSync("chroot", [root, "/usr/sbin/asterisk", "-C", conf, "-rx", text], { encoding: "utf8" });
  return {
    recordings: path.join(root, own.spool, "monitor"),
    outgoing: path.join(root, own.spool, "outgoing"),
    records,
    log,
    command,
    answers: () => command("core waitfullybooted").status === 0,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function directories(root, own) {
  const [modules] = globSync(path.join(root, "usr/lib/*/asterisk/modules"));
  return `[directories]
astetcdir => ${own.settings}
astmoddir => ${modules.slice(root.length)}
astvarlibdir => ${own.data}
astdbdir => ${own.data}
astkeydir => ${own.data}
astdatadir => /usr/share/asterisk
astagidir => ${own.data}
astspooldir => ${own.spool}
astrundir => ${own.run}
astlogdir => ${own.log}
[options]
nocolor = yes
`;
}
