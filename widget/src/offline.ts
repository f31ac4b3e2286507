/** The last resort when no server answers: the worst phrases and what to do. The words come from the protocol. */
import list from "./offline.json";
import type {Level} from "./protocol";

export interface Advice {
  level: Level;
  en: string;
  es: string;
}

const known = list.map((each) => ({...each, level: each.level as Level, pattern: new RegExp(each.pattern)}));

/** The most urgent advice that the words of a text call for, or null. Broad on purpose: a false alarm is the lesser harm. */
export function worst(text: string): Advice | null {
  const plain = text.slice(0, 20_000).normalize("NFKC").toLowerCase().replace(/[’'`]/g, "").replace(/\s+/g, " ");
  return known.find((each) => each.pattern.test(plain)) ?? null;
}
