/** The chat on a clinic's page: the button that opens it and the panel with everything in it. */
import {LitElement, html, nothing, unsafeCSS, type TemplateResult} from "lit";
import {property, query, state} from "lit/decorators.js";
import {repeat} from "lit/directives/repeat.js";
import "./answers";
import "./by-text";
import type {Answer} from "./answers";
import * as icons from "./icons";
import {keep, recall} from "./memory";
import {emergency, MOVED, worse, type Level, type Message} from "./protocol";
import {Session, type Entry, type Own} from "./session";
import style from "./style.css";
import {print, save} from "./transcript";
import {LANGUAGES, type Language, type Words} from "./words";

const LIMIT = 2000; // characters that the server takes as one message
const PHONE = "(max-width: 599px)";
const NEAR_THE_END = 80; // px
const LAST_QUESTION = /\s*¿?[^.?!¿]*\?\s*$/; // "Are you going?" is asked in the log, not in the banner

interface Alarm {
  level: Level;
  en: string;
  es?: string;
  unreached: boolean; // found here, without the server
}

export class Chat extends LitElement {
  static override styles = unsafeCSS(style);

  @property({attribute: false}) server = "";
  @property({attribute: false}) clinic = "";
  @property({attribute: false}) phone = "";
  @state() private language: Language = "en";
  @state() private shown = recall("open", false);
  @state() private unread = 0;
  @state() private alarm = recall<Alarm | null>("alarm", null);
  @state() private problem = "";
  @state() private correcting: Own | null = null;
  @state() private menu: "" | "open" | "clearing" = "";
  @state() private length = 0;
  @state() private byText = false; // the way to the patient's phone is open
  @query("dialog") private panel!: HTMLDialogElement;
  @query(".launcher") private launcher!: HTMLButtonElement;
  @query("textarea") private composer!: HTMLTextAreaElement;
  @query(".scroll") private scroller!: HTMLElement;

  private session!: Session;
  private opener: HTMLElement | null = null;
  private wasAtEnd = true;
  private drawn = 0; // entries in the log at the last update
  private readonly narrow = matchMedia(PHONE);

  /** Use the language of a tag such as "es-MX", unless the patient has chosen one. */
  choose(tag: string): void {
    this.language = recall("language", tag).toLowerCase().startsWith("es") ? "es" : "en";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session ??= new Session(
      this.server,
      () => this.requestUpdate(),
      (message) => this.hear(message),
      (advice) => this.raise({...advice, unreached: true}),
    );
    document.addEventListener("click", this.followLink);
    addEventListener("online", this.online);
    this.narrow.addEventListener("change", this.showPanel);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("click", this.followLink);
    removeEventListener("online", this.online);
    this.narrow.removeEventListener("change", this.showPanel);
  }

  protected override firstUpdated(): void {
    if (this.alarm) this.shown = true;
    void this.session.resume();
  }

  private readonly online = (): void => this.session.retry();

  /** A link to #intake-chat anywhere on the clinic's page opens the chat. */
  private readonly followLink = (event: Event): void => {
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
    if (link?.getAttribute("href") !== "#intake-chat") return;
    event.preventDefault();
    this.open(link);
  };

  private get words(): Words {
    return LANGUAGES[this.language];
  }

  private get fromClinic(): string {
    return this.clinic || this.words.chat;
  }

  // Opening and closing

  private open(opener: HTMLElement): void {
    this.opener = opener;
    this.shown = true;
    this.unread = 0;
    keep("open", true);
    this.start();
    void this.updateComplete.then(() => this.focusInside());
  }

  private close(): void {
    this.shown = false;
    this.menu = "";
    keep("open", false);
    void this.updateComplete.then(() => (this.opener?.isConnected ? this.opener : this.launcher).focus());
  }

  /** The composer, but on a touch screen its keyboard would cover the question. */
  private focusInside(): void {
    (this.touch ? this.scroller : this.composer).focus({preventScroll: true});
  }

  private get touch(): boolean {
    return this.narrow.matches || matchMedia("(pointer: coarse)").matches;
  }

  /** Full screen and modal on a phone, beside the page on a desk. */
  private readonly showPanel = (): void => {
    const {panel} = this;
    if (!this.shown) return panel.close();
    const modal = panel.matches(":modal");
    if (panel.open && modal === this.narrow.matches) return;
    panel.close();
    if (this.narrow.matches) panel.showModal();
    else panel.open = true; // unlike show(), this leaves the focus where it is
  };

  private keys(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (this.menu) this.closeMenu();
    else this.close();
  }

  // Messages

  private hear(message: Message): void {
    if (!this.shown) this.unread += 1;
    if (this.alarm?.unreached) this.alarm = {...this.alarm, unreached: false};
    const level = emergency(message.disposition);
    if (level) this.raise({level, en: message.text, es: message.es, unreached: false});
  }

  /** Show the emergency and keep it; a milder one never takes its place. */
  private raise(alarm: Alarm): void {
    if (this.alarm && worse(this.alarm.level, alarm.level) !== alarm.level) return;
    this.alarm = alarm;
    keep("alarm", alarm);
    this.shown = true; // it must be seen; the focus stays where it is
    this.unread = 0;
    keep("open", true);
  }

  /** The assistant speaks first: it says what it is and asks whether it may start. */
  private start(): void {
    if (this.session.started || this.session.connection === "over") return;
    void this.session.greet();
    this.focusInside();
  }

  private write(event: Event): void {
    event.preventDefault();
    const text = this.composer.value.trim();
    if (!text) return; // one that is too long goes out too: the server looks through it for danger signs
    this.composer.value = "";
    this.length = 0;
    const words = this.correcting ? `${this.words.correction}: ${text}` : text;
    this.correcting = null;
    this.send({words, body: {text: words}});
  }

  private send({words, body}: Answer): void {
    this.problem = "";
    this.session.send(words, body);
    void this.updateComplete.then(() => this.focusInside());
  }

  private correct(own: Own): void {
    this.correcting = own;
    this.composer.focus();
  }

  private typed(event: KeyboardEvent): void {
    const composing = event.isComposing || event.keyCode === 229; // Safari says it by the number only
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    this.write(event);
  }

  private switchLanguage(): void {
    this.language = this.language === "en" ? "es" : "en";
    keep("language", this.language);
  }

  private async clear(): Promise<void> {
    this.menu = "";
    this.alarm = null;
    this.correcting = null;
    this.problem = "";
    this.byText = false;
    this.drawn = 0;
    this.composer.value = "";
    this.length = 0;
    this.session.clear();
    await this.updateComplete;
    this.focusInside();
  }

  private get heading(): {clinic: string; phone: string; language: Language; words: Words} {
    return {clinic: this.clinic, phone: this.phone, language: this.language, words: this.words};
  }

  // Drawing

  protected override willUpdate(): void {
    const {scroller, session} = this;
    const news = session.entries.slice(this.drawn);
    if (news.some((each) => "own" in each && each.own.text === MOVED)) this.byText = false;
    this.wasAtEnd = !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
  }

  protected override updated(changes: Map<PropertyKey, unknown>): void {
    if (changes.has("shown")) this.showPanel();
    const {entries} = this.session;
    const grown = entries.length > this.drawn;
    const own = grown && entries.slice(this.drawn).some((each) => "own" in each);
    this.drawn = entries.length;
    if (changes.has("shown") || own || (this.wasAtEnd && (grown || !this.session.open))) void this.look();
  }

  /** Scroll to the end; with a long list of answers only so far that its question stays in sight. */
  private async look(): Promise<void> {
    await this.renderRoot.querySelector<LitElement>("intake-chat-answers")?.updateComplete;
    const {scroller, session} = this;
    if (!session.started) return;
    const end = scroller.scrollHeight - scroller.clientHeight;
    const long = session.open && ["many", "form"].includes(session.open.choices?.kind ?? "");
    const question = long && this.renderRoot.querySelector<HTMLElement>(`#message-${session.open?.seq}`);
    scroller.scrollTop = question ? Math.min(end, question.offsetTop - 12) : end;
  }

  protected override render(): TemplateResult {
    const {words, session} = this;
    const name = this.unread ? `${words.open}, ${words.unread(this.unread)}` : words.open;
    return html`
      <button type="button" class="launcher" lang=${this.language} aria-expanded=${this.shown} aria-controls="panel"
        aria-label=${name}
        @click=${() => (this.shown ? this.close() : this.open(this.launcher))}>
        ${this.shown ? icons.down : icons.chat}<span class="launcher-text">${words.chat}</span>
        ${this.unread ? html`<span class="badge">${this.unread}</span>` : nothing}
      </button>
      <dialog id="panel" class="panel" lang=${this.language} aria-labelledby="title" @keydown=${this.keys}
        @cancel=${(event: Event) => (event.preventDefault(), this.close())}>
        ${this.bar()} ${this.banner()} ${this.progress()}
        <div class="scroll" tabindex="0" role="group" aria-label=${words.messages}>
          ${session.unanswered ? this.welcome() : nothing}
          <div role="log" aria-label=${words.messages} aria-relevant="additions" aria-busy=${session.restoring}>
            <ol>${repeat(session.entries, (_, index) => index, (entry) => this.entry(entry))}</ol>
          </div>
          ${this.answers()} ${this.byText ? this.card() : nothing}
        </div>
        <p class="status" role="status">${this.state()}</p>
        ${session.connection === "over"
          ? html`<button type="button" class="main again" @click=${() => session.restart()}>${words.again}</button>`
          : nothing}
        ${this.writing()}
        <div class="help">
          ${this.call(words.callClinic)}
          <span><a href="tel:911">911</a> <a href="tel:988">988</a></span>
        </div>
      </dialog>`;
  }

  private get digits(): string {
    return this.phone.replace(/[^\d+]/g, "");
  }

  /** The link to the clinic's phone; without its number where there is no room. */
  private call(text: string): TemplateResult | typeof nothing {
    if (!this.phone) return nothing;
    return html`<a href="tel:${this.digits}">${icons.phone}${text} <span class="number">${this.phone}</span></a>`;
  }

  private bar(): TemplateResult {
    const {words, menu} = this;
    return html`<div class="bar">
      <span class="mark">${icons.spine}</span>
      <div class="names"><h2 id="title">${this.fromClinic}</h2><p>${words.automated}</p></div>
      <button type="button" class="bare" lang=${this.language === "en" ? "es" : "en"} aria-label=${words.otherLanguageLabel}
        @click=${this.switchLanguage}>${words.otherLanguage}</button>
      ${this.session.started
        ? html`<button type="button" id="more" class="bare" aria-label=${words.more} aria-expanded=${menu !== ""}
            aria-controls="menu" @click=${() => (this.menu = menu ? "" : "open")}>${icons.more}</button>`
        : nothing}
      ${menu ? this.menuItems() : nothing}
      <button type="button" class="bare" aria-label=${words.close} @click=${this.close}>${icons.close}</button>
    </div>`;
  }

  private closeMenu(): void {
    this.menu = "";
    this.renderRoot.querySelector<HTMLElement>("#more")?.focus();
  }

  private async askToClear(): Promise<void> {
    this.menu = "clearing";
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#menu button")?.focus();
  }

  private leaveMenu(event: FocusEvent): void {
    const to = event.relatedTarget as Element | null;
    if (to && !to.closest("#menu, #more")) this.menu = "";
  }

  private menuItems(): TemplateResult {
    const {words} = this;
    const item = (text: string, act: () => void, kind = ""): TemplateResult =>
      html`<button type="button" class=${kind} @click=${act}>${text}</button>`;
    if (this.menu === "clearing") {
      return html`<div id="menu" class="menu" @focusout=${this.leaveMenu}>
        <p>${words.finishAsk}</p>
        ${item(words.finishYes, () => void this.clear(), "danger")} ${item(words.cancel, () => this.closeMenu())}
      </div>`;
    }
    return html`<div id="menu" class="menu" @focusout=${this.leaveMenu}>
      ${item(words.person, () => ((this.menu = ""), this.send({words: words.personText, body: {text: words.personText}})))}
      ${this.session.texting ? item(words.byText, () => ((this.menu = ""), (this.byText = true))) : nothing}
      ${item(words.download, () => (this.closeMenu(), save(this.session.entries, this.heading)))}
      ${item(words.print, () => (this.closeMenu(), print(this.session.entries, this.heading)))}
      ${item(words.finish, () => void this.askToClear(), "danger")}
    </div>`;
  }

  private banner(): TemplateResult {
    const {alarm, words, language} = this;
    if (!alarm) return html`<div role="alert" class="alarm"></div>`;
    const text = (language === "es" ? (alarm.es ?? alarm.en) : alarm.en)
      .replace(LAST_QUESTION, "")
      .replace("{phone}", this.phone);
    const foreign = language === "es" && !alarm.es;
    const link = (href: string, label: string): TemplateResult => html`<a href=${href}>${icons.phone}${label}</a>`;
    const crisis = alarm.level === "crisis" || text.includes("988");
    return html`<div role="alert" class="alarm on">
      <strong>${icons.alert}${words.emergency[alarm.level]}</strong>
      <nav aria-label=${words.emergencyNumbers}>
        ${crisis ? [link("tel:988", words.call988), link("sms:988", words.text988)] : nothing}
        ${link("tel:911", words.call911)} ${this.call(words.callClinic)}
      </nav>
      <p lang=${foreign ? "en" : language}>${alarm.unreached ? words.unreached : nothing}${text}</p>
    </div>`;
  }

  private progress(): TemplateResult | typeof nothing {
    const at = this.session.question?.progress;
    if (!at || this.alarm) return nothing;
    const text = this.words.step(at.step, at.of);
    return html`<div class="progress">
      <span aria-hidden="true">${text}</span>
      <progress max=${at.of} value=${at.step} aria-label=${text}></progress>
    </div>`;
  }

  private welcome(): TemplateResult {
    const {words} = this;
    return html`<section class="start">
      <h3>${words.hello}</h3>
      <p>${words.intro}</p>
      ${this.session.started ? nothing : html`<ul>${words.points.map((each) => html`<li>${each}</li>`)}</ul>`}
      ${words.languageNote ? html`<p>${words.languageNote}</p>` : nothing}
      ${this.session.started ? nothing : html`<button type="button" class="main" @click=${this.start}>${words.start}</button>`}
      ${words.interpreter
        ? html`<button type="button" class="choice quiet"
            @click=${() => this.send({words: words.interpreterText, body: {text: words.interpreterText}})}>
            ${words.interpreter}</button>`
        : nothing}
      <p class="small">${words.privacy(this.fromClinic)}</p>
    </section>`;
  }

  private entry(entry: Entry): TemplateResult {
    const {words, language} = this;
    if ("note" in entry) {
      return html`<li class="note"><span class="hidden">${words.clinicSaid}</span><p dir="auto">${entry.note}</p></li>`;
    }
    if ("bot" in entry) {
      const {seq, text, es, disposition, why} = entry.bot;
      const spanish = language === "es" && es;
      return html`<li class=${emergency(disposition) ? "bot urgent" : "bot"}>
        <span class="hidden">${words.helperSaid}</span>
        <p id="message-${seq}" lang=${spanish ? "es" : "en"} dir="auto">${spanish ? es : text}</p>
        ${why
          ? html`<details><summary>${words.why}</summary><p lang="en">${why}</p></details>`
          : nothing}
      </li>`;
    }
    const {own} = entry;
    if (own.text === MOVED) return html`<li class="note"><span class="hidden">${words.clinicSaid}</span><p>${words.moved}</p></li>`;
    const state = own.state === "sent" ? "" : words[own.state];
    const change = own.state === "sent" && own.answers && this.session.connection !== "over";
    return html`<li class="me">
      <span class="hidden">${words.youSaid}</span>
      <p dir="auto">${own.text}</p>
      ${state ? html`<small class=${own.state}>${state}</small>` : nothing}
      ${own.state === "waiting" && this.session.connection !== "over"
        ? html`<button type="button" class="link" @click=${() => this.session.retry()}>${words.tryNow}</button>`
        : nothing}
      ${change
        ? html`<button type="button" class="link" aria-label=${words.changeLabel(own.text)}
            @click=${() => this.correct(own)}>${icons.edit}${words.change}</button>`
        : nothing}
    </li>`;
  }

  private answers(): TemplateResult | typeof nothing {
    const message = this.session.open;
    if (!message) return nothing;
    return html`<intake-chat-answers .message=${message} .words=${this.words}
      @answer=${(event: CustomEvent<Answer>) => this.session.open === message && this.send(event.detail)}
      @problem=${(event: CustomEvent<string>) => (this.problem = event.detail)}></intake-chat-answers>`;
  }

  private card(): TemplateResult {
    const {words, language, touch} = this;
    const close = (): void => {
      this.byText = false;
      this.focusInside();
    };
    return html`<intake-chat-by-text .words=${words} .language=${language} .touch=${touch}
      .clinicPhone=${this.call(words.callClinic)} .ask=${() => this.session.code()} @done=${close}></intake-chat-by-text>`;
  }

  private state(): TemplateResult | string {
    const {words, session} = this;
    if (this.problem) return html`<span class="problem">${this.problem}</span>`;
    if (session.connection === "over") return words.over;
    if (session.connection === "lost") return words.lost;
    if (session.note === "slow") return words.slow;
    return session.expecting ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${words.reading}` : "";
  }

  private writing(): TemplateResult {
    const {words, correcting, length} = this;
    return html`<form class="composer" @submit=${this.write}>
      ${correcting
        ? html`<p class="correcting" id="correcting"><span>${words.changing} <b>${correcting.text}</b> ${words.changeHint}</span>
            <button type="button" class="link" @click=${() => (this.correcting = null)}>${words.cancel}</button></p>`
        : nothing}
      ${length > LIMIT ? html`<p class="limit" id="limit">${words.tooLong(length, LIMIT)}</p>` : nothing}
      <label for="composer" class="hidden">${words.yourMessage}</label>
      <textarea id="composer" rows="1" autocomplete="off" placeholder=${words.write} dir="auto"
        aria-invalid=${length > LIMIT} aria-describedby="correcting limit" @keydown=${this.typed}
        @input=${(event: Event) => (this.length = (event.target as HTMLTextAreaElement).value.length)}></textarea>
      <button class="main send" aria-label=${words.send}>${icons.send}</button>
    </form>`;
  }
}
