/** The last resort when no server answers: the worst phrases and what to do. The words come from the protocol. */
import list from "../../intake/gateway/last_resort.json";
import type {Level} from "./protocol";

export interface Advice {
  level: Level;
  en: string;
  es: string;
}

const LONGEST = 20_000; // characters
const known = list.map((each) => ({...each, level: each.level as Level, pattern: new RegExp(each.pattern)}));

/** The most urgent advice that the words of a text call for, or null. Broad on purpose: a false alarm is the lesser harm. */
export function worst(text: string): Advice | null {
  const words = plain(text);
  return known.find((each) => each.pattern.test(words)) ?? null;
}

/** A text as the phrases expect it, in the same steps as the gateway's `fallback.plain`. */
function plain(text: string): string {
  const unmarked = text.slice(0, LONGEST).toLowerCase().replace(/[\u2019'`\u00b4]/g, "").normalize("NFKD");
  return ` ${unmarked.replace(/[\u0300-\u036f]/g, "").replace(/[.!?]+/g, " . ").replace(/[^a-z0-9.]+/g, " ")} `;
}
