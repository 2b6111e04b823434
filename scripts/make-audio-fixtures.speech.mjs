import { execFileSync } from "node:child_process";

/** Telephone sampling rate of every fixture, in hertz. */
export const SAMPLE_RATE = 8000;

const AGENT_VOICES = ["f2", "m3", "Annie", "m1", "f4", "max", "steph", "m7"];
const CUSTOMER_VOICES = ["m2", "f3", "m5", "Alicia", "boris", "f5", "Diogo", "m4", "Henrique"];
const AGENT_NAMES = ["Renata", "Paulo", "Cecília", "Marcos", "Lívia", "Otávio", "Bianca", "Rafael"];
const CUSTOMER_NAMES = ["Joana", "Sérgio", "Teresa", "Antônio", "Vera", "Caio", "Márcia"];
const AMOUNTS = [
  "duzentos e trinta e quatro reais e dez centavos",
  "quinhentos e sessenta e cinco reais",
  "cento e quarenta e nove reais e noventa centavos",
  "oitenta e sete reais e trinta centavos",
];
const DAYS = ["na próxima terça-feira", "no dia quinze", "na quinta-feira", "no dia vinte e dois"];

const pick = (list, seed) => list[seed % list.length];

/** Random numbers from a seed (mulberry32): the same call always gets the same pauses and line noise. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Chooses the voices of a call, their speed and pitch, and the words that fill the blanks of its dialogue. */
export function castOf(call, callNumber) {
  const protocol = String(300000 + callNumber * 7919)
    .slice(0, 6)
    .split("")
    .join(", ");
  return {
    A: { voice: pick(AGENT_VOICES, call.agent), speed: 150 + (call.agent % 5) * 5, pitch: 45 + (call.agent % 4) * 4 },
    C: {
      voice: pick(CUSTOMER_VOICES, callNumber),
      speed: 140 + (callNumber % 6) * 6,
      pitch: 38 + (callNumber % 5) * 6,
    },
    words: {
      agente: pick(AGENT_NAMES, call.agent),
      cliente: pick(CUSTOMER_NAMES, callNumber),
      valor: pick(AMOUNTS, callNumber),
      dia: pick(DAYS, callNumber),
      protocolo: protocol,
    },
  };
}

/** Synthesises one line: mono 16-bit samples at 8 kHz, limited to the telephone band. */
function speak(text, { voice, speed, pitch }) {
  const spoken = execFileSync(
    "espeak-ng",
    ["-v", `pt-br+${voice}`, "-s", String(speed), "-p", String(pitch), "--stdout", text],
    {
      maxBuffer: 64 << 20,
    },
  );
  const band = execFileSync(
    "sox",
    // --ignore-length: espeak-ng cannot write the length into the header of a pipe.
    [
      "-V1",
      "-D",
      "-t",
      "wav",
      "--ignore-length",
      "-",
      "-t",
      "raw",
      "-e",
      "signed",
      "-b",
      "16",
      "-c",
      "1",
      "-r",
      String(SAMPLE_RATE),
      "-",
      "gain",
      "-6",
      "rate",
      String(SAMPLE_RATE),
      "sinc",
      "300-3400",
      "silence",
      "1",
      "0.01",
      "0.1%",
      "gain",
      "-n",
      "-5",
    ],
    { input: spoken, maxBuffer: 64 << 20 },
  );
  return new Int16Array(band.buffer.slice(band.byteOffset, band.byteOffset + (band.length & ~1)));
}

/**
 * Synthesises the lines of a call: "A: ..." is the agent, "C: ..." the customer, "~ 8000" a pause of 8 s.
 * Returns the samples of agent and customer, two Int16Array of the same length.
 */
export function performCall(lines, cast, random) {
  const turns = [];
  let cursor = Math.round(0.4 * SAMPLE_RATE);
  for (const line of lines) {
    if (line.startsWith("~")) {
      cursor += Math.round((Number(line.slice(1)) / 1000) * SAMPLE_RATE);
      continue;
    }
    const speaker = line[0];
    const text = line
      .slice(2)
      .trim()
      .replace(/\{(\w+)\}/g, (_, word) => cast.words[word]);
    const samples = speak(text, cast[speaker]);
    turns.push({ speaker, start: cursor, samples });
    cursor += samples.length + Math.round((0.25 + random() * 0.75) * SAMPLE_RATE);
  }
  const sides = { A: new Int16Array(cursor), C: new Int16Array(cursor) };
  // A telephone line is never digitally silent: adds noise about 80 dB below the voice.
  for (let i = 0; i < cursor; i++) sides.C[i] = Math.round((random() - 0.5) * 4);
  for (const turn of turns) sides[turn.speaker].set(turn.samples, turn.start);
  return [sides.A, sides.C];
}
