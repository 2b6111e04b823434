import { formatsOfExtensions } from "./calls.mjs";

const extensions = Object.keys(formatsOfExtensions);

/** Channel drivers and databases that nothing here uses, some of which want settings. */
const unused = [
  "chan_iax2",
  "chan_unistim",
  "chan_dahdi",
  "chan_motif",
  "res_config_ldap",
  "res_config_pgsql",
  "cdr_pgsql",
];

const common = {
  "modules.conf": `[modules]\nautoload = yes\n${unused.map((name) => `noload = ${name}.so`).join("\n")}\n`,
  "logger.conf": "[general]\n[logfiles]\nmessages => notice,warning,error\n",
  "cdr.conf":
    "[general]\nenable = yes\n[csv]\nusegmtime = yes\nloguniqueid = yes\nloguserfield = yes\nnewcdrcolumns = yes\n",
};

const transport = (port) => `[global]
type = global
endpoint_identifier_order = username,ip
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:${port}
`;

const endpoint = (name, context, contact) => `[${name}]
type = endpoint
context = ${context}
disallow = all
allow = alaw
aors = ${name}
direct_media = no
[${name}]
type = aor
contact = ${contact}
`;

const identify = (name) => `[from-${name}]\ntype = identify\nendpoint = ${name}\nmatch = 127.0.0.1\n`;

/** The phone system: extensions and a line. It records each call in the format of its extension. */
export const settingsOfSystem = (ports) => ({
  ...common,
  "rtp.conf": "[general]\nrtpstart = 20000\nrtpend = 20200\n",
  "pjsip.conf": [
    transport(ports.system),
    ...extensions.map((name) => endpoint(name, "telephones", `sip:${name}@127.0.0.1:${ports.around}`)),
    endpoint("line", "line", `sip:127.0.0.1:${ports.around}`),
    identify("line"),
  ].join(""),
  "extensions.conf": `[globals]
${extensions.map((name) => `FORMAT_${name} = ${formatsOfExtensions[name]}`).join("\n")}
[line]
exten => _104X,1,MixMonitor(\${UNIQUEID}.\${FORMAT_\${EXTEN}})
 same => n,Dial(PJSIP/\${EXTEN},30)
 same => n,Hangup()
[telephones]
exten => _11XXXXXXXXX,1,MixMonitor(\${UNIQUEID}.\${FORMAT_\${CALLERID(num)}})
 same => n,Dial(PJSIP/\${EXTEN}@line,30)
 same => n,Hangup()
`,
});

/** The telephones, and the customers' lines: whoever is called answers, is heard for some seconds, and hangs up. */
export const settingsAround = (ports) => ({
  ...common,
  "rtp.conf": "[general]\nrtpstart = 21000\nrtpend = 21200\n",
  "pjsip.conf":
    transport(ports.around) + endpoint("system", "answer", `sip:127.0.0.1:${ports.system}`) + identify("system"),
  "extensions.conf": `[answer]
exten => _X.,1,Answer()
 same => n,PlayTones(!440/1000,!660/1000)
 same => n,Wait($[3 + \${EXTEN:-1}])
 same => n,Hangup()
`,
});
