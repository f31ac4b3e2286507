/** The conversation on paper: as a text to save, and as a page to print. Holds every question and answer, no controls. */
import type {Entry} from "./session";
import {emergency, MOVED} from "./protocol";
import type {Language, Words} from "./words";

export interface Heading {
  clinic: string;
  phone: string;
  language: Language;
  words: Words;
}

interface Line {
  who: "helper" | "patient" | "notice";
  text: string;
  urgent: boolean;
}

function lines(entries: readonly Entry[], language: Language, words: Words): Line[] {
  return entries.map((entry) => {
    if ("own" in entry && entry.own.text === MOVED) return {who: "notice", text: words.moved, urgent: false};
    if ("own" in entry) return {who: "patient", text: entry.own.text, urgent: false};
    if ("note" in entry) return {who: "notice", text: entry.note, urgent: false};
    const {text, es, disposition} = entry.bot;
    return {who: "helper", text: language === "es" ? (es ?? text) : text, urgent: emergency(disposition) !== null};
  });
}

const today = (language: Language): string => new Date().toLocaleString(language, {dateStyle: "long", timeStyle: "short"});

/** The conversation as plain text. */
export function asText(entries: readonly Entry[], {clinic, phone, language, words}: Heading): string {
  const who = {helper: words.helperSaid, patient: words.youSaid, notice: words.clinicSaid};
  const said = lines(entries, language, words).map((each) => `${who[each.who]}${each.text.replace(/\n/g, "\n  ")}`);
  return [`${words.summary}\n${clinic} ${phone}\n${today(language)}\n${words.summaryNote}`, ...said].join("\n\n") + "\n";
}

/** Let the browser save the conversation as a file. */
export function save(entries: readonly Entry[], heading: Heading): void {
  const url = URL.createObjectURL(new Blob([asText(entries, heading)], {type: "text/plain;charset=utf-8"}));
  const link = Object.assign(document.createElement("a"), {href: url, download: "pain-intake.txt"});
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Open a page with questions and answers in two columns, and the print dialogue on it. */
export function print(entries: readonly Entry[], {clinic, phone, language, words}: Heading): void {
  const page = window.open("", "_blank", "width=800,height=900");
  if (!page) return;
  const {document: paper} = page;
  const make = (tag: string, text = "", className = ""): HTMLElement =>
    Object.assign(paper.createElement(tag), {textContent: text, className});
  const sheet = new (page as unknown as {CSSStyleSheet: typeof CSSStyleSheet}).CSSStyleSheet();
  sheet.replaceSync(
    "body{font:12pt/1.45 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem;color:#111;background:#fff}" +
      "h1{font-size:1.4em;margin:0}p{margin:.2em 0}table{border-collapse:collapse;width:100%;margin-top:1.2em}" +
      "td{border-top:1px solid #999;padding:.4em .6em;vertical-align:top;white-space:pre-line;width:50%}" +
      "td+td{font-weight:600}.urgent{border-inline-start:4px solid #a3161a;font-weight:700}",
  );
  paper.adoptedStyleSheets = [sheet];
  paper.documentElement.lang = language;
  paper.title = words.summary;
  const table = make("table");
  let row: HTMLElement | null = null;
  for (const {who, text, urgent} of lines(entries, language, words)) {
    if (who === "patient" && row && row.children.length === 1) row.append(make("td", text));
    else {
      row = make("tr");
      row.append(...(who === "patient" ? [make("td"), make("td", text)] : [make("td", text, urgent ? "urgent" : "")]));
      table.append(row);
    }
  }
  paper.body.append(
    make("h1", words.summary),
    make("p", `${clinic} ${phone}`),
    make("p", today(language)),
    make("p", words.summaryNote),
    table,
  );
  page.focus();
  page.print();
}
