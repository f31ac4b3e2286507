/** What the gateway says: the shapes of its messages. */

export type Level = "call_911" | "crisis" | "er_now";

export interface Option {
  text: string;
  token: string; // the signed choice that is sent back
  group?: string; // heading
  region?: string; // part of the body
  only?: boolean; // excludes all others
}

export interface Choices {
  question: string;
  kind: "one" | "many" | "form" | "scale" | "slots";
  options: Option[];
  number?: {min: number | null; max: number | null};
}

export interface Message {
  seq: number; // grows within a conversation
  text: string;
  es?: string; // the same in Spanish, where the protocol has it
  asked?: string;
  disposition?: string;
  choices?: Choices;
  why?: string;
  progress?: {step: number; of: number};
}

export interface Sent {
  id: string;
  text: string;
  after: number; // seq of the message before it
}

/** A one-time code that opens this conversation to the phone from which it is texted. */
export interface Code {
  code: string; // to read: "K7QM-4XPT"
  number: string; // of the clinic
  text: string; // to send: "GO K7QM4XPT"
  expires_in: number; // seconds
}

/** Why there is none. */
export type NoCode = "session_over" | "no_texting" | "too_many_codes" | "not_now";

/** What stands in the conversation for the text with the code: from here on the patient writes from a phone. */
export const MOVED = "(by text)";

const EMERGENCIES: readonly string[] = ["call_911", "crisis", "er_now"]; // most urgent first

/** The emergency level that a disposition stands for, or null. */
export const emergency = (disposition: string | undefined): Level | null =>
  disposition && EMERGENCIES.includes(disposition) ? (disposition as Level) : null;

/** The more urgent of two levels. */
export const worse = (a: Level, b: Level): Level => (EMERGENCIES.indexOf(a) <= EMERGENCIES.indexOf(b) ? a : b);
