// Makes tests/fixtures/formats: a short tone in every container and codec that recorders write, and in forms that are
// refused. Needs ffmpeg and SoX with all formats (Debian: ffmpeg, sox, libsox-fmt-all). The files in the repository are
// the ones that the tests expect; run it only to add a format.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "tests", "fixtures", "formats");
const SECONDS = "0.45";

const run = (tool, args) => execFileSync(tool, args, { stdio: ["ignore", "inherit", "inherit"] });
const tone = (rate) => ["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=${rate}:duration=${SECONDS}`];
const picture = ["-f", "lavfi", "-i", "color=c=black:s=16x16:d=0.2"];

/** File, sample rate, and how ffmpeg writes it. */
const SOUND = [
  ["pcm-u8.wav", 8000, "-c:a pcm_u8"],
  ["pcm-s24.wav", 8000, "-c:a pcm_s24le"],
  ["pcm-s32.wav", 8000, "-c:a pcm_s32le"],
  ["pcm-f32.wav", 8000, "-c:a pcm_f32le"],
  ["pcm-f64.wav", 8000, "-c:a pcm_f64le"],
  ["gsm.wav", 8000, "-c:a libgsm_ms"],
  ["adpcm-ms.wav", 8000, "-c:a adpcm_ms"],
  ["adpcm-ima.wav", 8000, "-c:a adpcm_ima_wav"],
  ["g722.wav", 16000, "-c:a g722"],
  ["g723.wav", 8000, "-c:a g723_1 -b:a 6.3k"],
  ["g726.wav", 8000, "-c:a g726 -b:a 32k"],
  ["speex.wav", 8000, "-c:a libspeex"],
  ["aac.wav", 16000, "-c:a aac"],
  ["wma.wav", 16000, "-c:a wmav2"],
  ["mulaw.au", 8000, "-c:a pcm_mulaw"],
  ["alaw.au", 8000, "-c:a pcm_alaw"],
  ["pcm-s16.au", 8000, "-c:a pcm_s16be"],
  ["adts.aac", 16000, "-c:a aac -f adts"],
  ["aac-index-first.mp4", 16000, "-c:a aac -movflags +faststart"],
  ["aac-index-last.mp4", 16000, "-c:a aac -brand isom"],
  ["aac.3gp", 16000, "-c:a aac"],
  ["alac.m4a", 16000, "-c:a alac"],
  ["mp3.mp4", 16000, "-c:a libmp3lame -b:a 16k"],
  ["flac.mp4", 16000, "-c:a flac -strict -2"],
  ["opus.mp4", 48000, "-c:a libopus -b:a 16k -strict -2"],
  [
    "opus-fragmented.mp4",
    48000,
    "-c:a libopus -b:a 16k -strict -2 -movflags frag_keyframe+empty_moov+default_base_moof",
  ],
  ["opus.webm", 48000, "-c:a libopus -b:a 16k"],
  ["vorbis.webm", 16000, "-c:a libvorbis"],
  ["opus.oga", 48000, "-c:a libopus -b:a 16k"],
  ["speex.spx", 8000, "-c:a libspeex"],
  ["layer2.mp2", 16000, "-c:a mp2 -b:a 32k"],
  ["bare.mp3", 8000, "-c:a libmp3lame -b:a 16k -write_xing 0 -id3v2_version 0"],
  ["tagged.mp3", 8000, "-c:a libmp3lame -b:a 16k -id3v2_version 3 -metadata title=x"],
  ["mulaw.ulaw", 8000, "-f mulaw"],
  ["alaw.alaw", 8000, "-f alaw"],
  ["slin.sln", 8000, "-f s16le"],
  ["slin-big-endian.raw", 8000, "-f s16be"],
  ["gsm.gsm", 8000, "-f gsm"],
  ["g722.g722", 16000, "-f g722"],
  ["refused-aiff.aiff", 8000, "-f aiff"],
  ["refused-caf.caf", 8000, "-f caf"],
  ["refused-wave64.w64", 8000, "-f w64"],
  ["refused-wavpack.wv", 8000, "-c:a wavpack"],
  ["refused-windows-media.wma", 16000, "-c:a wmav2 -f asf"],
  ["refused-matroska.mka", 48000, "-c:a libopus -b:a 16k"],
];

const FILMS = [
  ["refused-film.mp4", "-c:v mpeg4 -c:a aac"],
  ["refused-film.webm", "-c:v libvpx -c:a libopus"],
  ["refused-film.ogv", "-c:v libtheora -c:a libvorbis"],
  ["refused-film.avi", ""],
  ["refused-film.m2ts", "-f mpegts"],
];

const ffmpeg = (file, input, options) =>
  run("ffmpeg", [
    ...["-v", "error", "-nostdin", "-y", ...input, "-fflags", "+bitexact", "-flags:a", "+bitexact"],
    ...[...options.split(" ").filter(Boolean), join(folder, file)],
  ]);

mkdirSync(folder, { recursive: true });
for (const [file, rate, options] of SOUND) ffmpeg(file, tone(rate), options);
for (const [file, options] of FILMS) ffmpeg(file, [...picture, ...tone(48000), "-t", "0.2"], options);
run("sox", [
  "-V1",
  "-R",
  "-n",
  "-r",
  "8000",
  "-c",
  "1",
  "-t",
  "amr-nb",
  join(folder, "amr.amr"),
  "synth",
  SECONDS,
  "sine",
  "440",
]);
