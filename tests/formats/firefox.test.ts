import { startFirefox } from "./browsers/firefox";
import { playFormats } from "./play-formats";

playFormats("firefox", startFirefox);
