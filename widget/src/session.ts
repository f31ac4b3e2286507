/** One patient's conversation with the gateway: sends in order, tries again, hears what was missed. Draws nothing. */
import {forget, keep, recall} from "./memory";
import {worst, type Advice} from "./offline";
import {emergency, type Code, type Message, type NoCode, type Sent} from "./protocol";

export interface Body {
  text?: string;
  choice?: string | string[];
}

/** One of the patient's messages. `refused`: the server said why, in words for the patient. */
export interface Own {
  id: string;
  text: string;
  state: "sending" | "waiting" | "sent" | "refused";
  answers?: Message; // the question that it followed
}

export type Entry = {bot: Message} | {own: Own} | {note: string};
interface Waiting {
  id: string;
  words: string;
  body: Body;
}

const PATIENCE = 15_000; // ms until a request is given up
const SLOWEST_RETRY = 15_000; // ms
const ALARM_AFTER = 600; // ms without an answer until the worst phrases are looked for here
const REFUSED = 4401; // close code of the socket: the session is over
const KEPT_BY_SERVER = /^(too_long|stale_choice)-/; // ids of refused messages that were kept for their red flag

export class Session {
  readonly entries: Entry[] = []; // grows at its end
  restoring = false; // what is inserted now is history and not news
  connection: "closed" | "open" | "lost" | "over" = "closed";
  expecting = false; // the last message has been taken and is not answered yet
  note: "" | "slow" = "";
  texting = recall("texting", false); // the clinic can go on by text message

  private token = recall<string | null>("token", null);
  private waiting = recall<Waiting[]>("waiting", []);
  private resumed = this.token === null; // there is nothing to take up, or it has been
  private last = 0; // seq of the last message heard
  private socket: WebSocket | null = null;
  private sending = false;
  private greeting = false; // the assistant has been asked to speak first
  private beginning: Promise<void> | null = null;
  private pause = 1000;
  private era = 0; // what was asked for before a new beginning is not for the new one

  /** `changed`: something is to be drawn anew. `heard`: a message is news. `alarm`: the worst was read without a server. */
  constructor(
    private readonly server: string,
    private readonly changed: () => void,
    private readonly heard: (message: Message) => void,
    private readonly alarm: (advice: Advice) => void,
  ) {}

  get started(): boolean {
    return this.token !== null || this.entries.length > 0 || this.greeting;
  }

  /** The choices that stand open: those of the last question, as long as the patient has not answered. */
  get open(): Message | null {
    for (const entry of this.entries.slice().reverse()) {
      if ("own" in entry && entry.own.state !== "refused") return null;
      if ("bot" in entry && (entry.bot.choices || entry.bot.asked)) return entry.bot.choices ? entry.bot : null;
    }
    return null;
  }

  /** The last question asked. */
  get question(): Message | undefined {
    const bot = this.entries.filter((each): each is {bot: Message} => "bot" in each).map((each) => each.bot);
    return bot.reverse().find((each) => each.asked);
  }

  /** Whether nobody has said anything yet. */
  get empty(): boolean {
    return this.entries.length === 0;
  }

  /** Whether the patient has not said anything yet. */
  get unanswered(): boolean {
    return !this.entries.some((each) => "own" in each);
  }

  /** Let the assistant speak first; tries until it has been asked to, or the patient has written. */
  async greet(): Promise<void> {
    const {era} = this;
    this.greeting = true;
    this.expecting = true;
    this.changed();
    try {
      await this.begin();
      const response = await this.ask("greeting", {method: "POST"});
      if (response.status === 401) return this.over();
      if (!response.ok) throw new Error("server");
    } catch {
      if (era !== this.era) return;
      this.connection = "lost";
      this.changed();
      setTimeout(() => era === this.era && this.greeting && this.empty && void this.greet(), this.slower());
    }
  }

  /** A code with which the patient goes on by text message. */
  async code(): Promise<Code | NoCode> {
    try {
      const response = await this.ask("continue", {method: "POST"});
      if (response.ok) return (await response.json()) as Code;
      if (response.status === 401) return this.over(), "session_over";
      if (response.status === 404) return this.texts(false), "no_texting";
      if (response.status === 429) return "too_many_codes";
    } catch {
      // No connection: the chat itself says so.
    }
    return "not_now";
  }

  private texts(can: boolean): void {
    this.texting = can;
    keep("texting", can);
  }

  /** Take up the conversation of this tab after a reload, if there is one; tries until the server has told it. */
  async resume(): Promise<void> {
    if (!this.token) return;
    this.restoring = true;
    let messages: Message[] = [];
    let sent: Sent[] = [];
    try {
      const response = await this.ask("messages?after=0");
      if (response.status === 401) return this.over();
      ({messages, sent} = (await response.json()) as {messages: Message[]; sent: Sent[]});
      this.resumed = true;
    } catch {
      this.connection = "lost";
      setTimeout(() => this.resumed || void this.resume(), this.slower());
    }
    this.restore(messages, sent);
    setTimeout(() => {
      this.restoring = false;
      this.changed();
    }, 50);
    this.listen();
    void this.flush();
    if (this.resumed && this.empty) void this.greet();
  }

  /** What was said, in its order, and after it what could not be sent yet. */
  private restore(messages: Message[], sent: Sent[]): void {
    const rows: [number, Entry][] = messages.map((bot) => [bot.seq, {bot}]);
    for (const {id, text, after} of sent) rows.push([after + 0.5, {own: {id, text, state: "sent"}}]);
    this.entries.length = 0;
    let answers: Message | undefined;
    for (const [, entry] of rows.sort((a, b) => a[0] - b[0])) {
      if ("bot" in entry) answers = entry.bot.asked ? entry.bot : answers;
      else if ("own" in entry) entry.own.answers = answers;
      this.entries.push(entry);
    }
    this.last = messages.at(-1)?.seq ?? 0;
    const known = new Set(sent.map((each) => each.id));
    for (const {id, words} of this.waiting) {
      if (!known.has(id)) this.entries.push({own: {id, text: words, state: "waiting", answers}});
    }
    for (const message of messages) if (emergency(message.disposition)) this.heard(message);
    this.changed();
  }

  /** Send one message; it is kept until the server has it. */
  send(words: string, body: Body): void {
    const id = identifier();
    this.waiting.push({id, words, body});
    keep("waiting", this.waiting);
    const over = this.connection === "over";
    this.entries.push({own: {id, text: words, state: over ? "waiting" : "sending", answers: this.question}});
    this.expecting = !over;
    const advice = worst(words);
    if (advice) {
      const unheard = () => this.waiting.some((each) => each.id === id) && this.alarm(advice);
      if (navigator.onLine === false || this.connection === "lost" || over) unheard();
      else setTimeout(unheard, ALARM_AFTER);
    }
    this.changed();
    void this.flush();
  }

  /** Try at once what waits. */
  retry(): void {
    this.pause = 1000;
    if (!this.resumed) return void this.resume();
    void this.flush();
    this.listen();
  }

  /** End the conversation here and on the server; nothing of it stays in this browser. */
  clear(): void {
    if (this.token) this.ask("session", {method: "DELETE"}).catch(() => undefined); // without it the idle time ends it
    this.reset();
    forget();
    this.changed();
  }

  private reset(): void {
    this.era += 1;
    this.token = null;
    this.beginning = null;
    this.waiting = [];
    this.last = 0;
    this.entries.length = 0;
    this.expecting = false;
    this.greeting = false;
    this.resumed = true;
    this.connection = "closed";
    this.socket?.close();
    this.socket = null;
  }

  /** Begin anew after the session has ended; what could not be sent goes along, except choices: those have expired. */
  restart(): void {
    const texts = this.waiting.filter((each) => each.body.choice === undefined);
    this.reset();
    for (const {words, body} of texts) this.send(words, body);
    if (!texts.length) void this.greet();
  }

  private async flush(): Promise<void> {
    const first = this.waiting[0];
    if (this.sending || !first || this.connection === "over") return;
    const {era} = this;
    this.sending = true;
    let again = 0;
    try {
      await this.begin();
      const response = await this.ask("messages", {
        method: "POST",
        body: JSON.stringify({id: first.id, ...first.body}),
      });
      if (this.waiting[0] !== first) return; // cleared meanwhile
      if (response.status === 401) return this.over();
      if (response.status >= 500) throw new Error("server");
      const refusal = response.ok ? null : ((await response.json()) as {text: string});
      if (response.status === 429) {
        this.note = "slow";
        again = 3000;
        return;
      }
      this.note = "";
      this.waiting.shift();
      keep("waiting", this.waiting);
      this.mark(first.id, refusal ? "refused" : "sent");
      if (refusal) {
        this.entries.push({note: refusal.text});
        this.expecting = false;
      }
    } catch {
      if (era !== this.era) return;
      this.mark(first.id, "waiting");
      this.connection = "lost";
      again = this.slower();
    } finally {
      this.sending = false;
      this.changed();
      if (again) setTimeout(() => void this.flush(), again);
      else if (this.waiting.length && this.token) void this.flush();
    }
  }

  /** Make sure that there is a session; who asks meanwhile waits for the same one. */
  private begin(): Promise<void> {
    if (this.token) return Promise.resolve();
    const opening = (this.beginning ??= this.openSession());
    return opening.finally(() => opening === this.beginning && (this.beginning = null));
  }

  private async openSession(): Promise<void> {
    const {era} = this;
    const response = await this.ask("session", {method: "POST", body: "{}"});
    if (!response.ok) throw new Error("no session");
    const {token, texting} = (await response.json()) as {token: string; texting: boolean};
    if (era !== this.era) throw new Error("cleared meanwhile");
    this.token = token;
    keep("token", token);
    this.texts(texting);
    this.listen();
  }

  private listen(): void {
    if (!this.token || !this.resumed || (this.socket && this.socket.readyState <= WebSocket.OPEN)) return;
    const socket = (this.socket = new WebSocket(`${this.server.replace(/^http/, "ws")}/chat/socket`));
    socket.onopen = () => {
      socket.send(JSON.stringify({token: this.token, after: this.last, echo: true}));
      this.pause = 1000;
      this.connection = "open";
      this.changed();
      void this.flush();
    };
    socket.onmessage = (event) => this.receive(JSON.parse(String(event.data)) as Message | {sent: Sent});
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      if (event.code === REFUSED) return this.over();
      if (!this.token) return;
      this.connection = "lost";
      this.changed();
      setTimeout(() => this.listen(), this.slower());
    };
  }

  private receive(news: Message | {sent: Sent}): void {
    if ("sent" in news) {
      const {id, text} = news.sent;
      const known = this.entries.some((each) => "own" in each && each.own.id === id);
      if (known || KEPT_BY_SERVER.test(id)) return;
      this.entries.push({own: {id, text, state: "sent", answers: this.question}});
      this.expecting = true;
    } else {
      if (news.seq <= this.last) return;
      this.last = news.seq;
      this.entries.push({bot: news});
      this.expecting = false;
      this.heard(news);
    }
    this.changed();
  }

  private mark(id: string, state: Own["state"]): void {
    for (const entry of this.entries) if ("own" in entry && entry.own.id === id) entry.own = {...entry.own, state};
  }

  private over(): void {
    this.token = null;
    keep("token", null);
    this.greeting = false;
    this.connection = "over";
    this.expecting = false;
    this.socket?.close();
    for (const {id, words} of this.waiting) {
      this.mark(id, "waiting");
      const advice = worst(words);
      if (advice) this.alarm(advice);
    }
    this.changed();
  }

  private slower(): number {
    return (this.pause = Math.min(this.pause * 1.7, SLOWEST_RETRY));
  }

  private ask(path: string, options: RequestInit = {}): Promise<Response> {
    const authorization = this.token ? {Authorization: `Bearer ${this.token}`} : undefined;
    return fetch(`${this.server}/chat/${path}`, {
      ...options,
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {"Content-Type": "application/json", ...authorization},
    });
  }
}

/** A new id for a message; also on a page without https, where `crypto.randomUUID` does not exist. */
function identifier(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
