/** The ways to answer a question by pressing: buttons, lists to tick, a form, a scale, free times. Picked is not sent:
 * lists and forms are shown once more before they go. Drawn without an own shadow, so that names and labels connect. */
import {LitElement, html, nothing, type TemplateResult} from "lit";
import {customElement, property, state} from "lit/decorators.js";
import {bodyMap, type Pick, type Sides} from "./body-map";
import type {Choices, Message, Option} from "./protocol";
import type {Body} from "./session";
import type {Words} from "./words";

export interface Answer {
  words: string;
  body: Body;
}

const ANCHORS = /\b0 ([^.]*?) to 10 ([^.]*)/; // "0 no pain to 10 pain as bad as you can imagine"
const OLDEST = 120;

@customElement("intake-chat-answers")
export class Answers extends LitElement {
  @property({attribute: false}) message!: Message;
  @property({attribute: false}) words!: Words;
  @state() private picked = new Set<string>(); // tokens
  @state() private number = "";
  @state() private reviewing = false;
  @state() private sides: Sides = {}; // of the body, for the map

  protected override createRenderRoot(): this {
    return this;
  }

  override willUpdate(changes: Map<string, unknown>): void {
    if (!changes.has("message")) return;
    if ((changes.get("message") as Message | undefined)?.seq === this.message.seq) return;
    this.picked = new Set();
    this.number = "";
    this.reviewing = false;
    this.sides = {};
  }

  private get choices(): Choices {
    return this.message.choices!;
  }

  /** An option in the language of the interface where it is known; otherwise in the protocol's, and marked so. */
  private label({text}: Option): TemplateResult {
    const known = this.words.options[text];
    return html`<span lang=${known ? nothing : "en"}>${known ?? text}</span>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.message.choices?.options?.length) return nothing;
    const {kind, number} = this.choices;
    if (this.reviewing) return this.review();
    if (kind === "many" || kind === "form" || number) return this.list();
    if (kind === "scale") return this.scale();
    if (kind === "slots") return this.slots();
    return html`<fieldset class="one" aria-describedby=${this.asked}>
      <legend>${this.words.pickOne}</legend>
      ${this.choices.options.map((each) => this.button(each))}
    </fieldset>`;
  }

  private get asked(): string {
    return `message-${this.message.seq}`;
  }

  private button(option: Option): TemplateResult {
    return html`<button type="button" class=${option.only ? "choice quiet" : "choice"}
      @click=${() => this.answer([option])}>${this.label(option)}</button>`;
  }

  private scale(): TemplateResult {
    const numbers = this.choices.options.filter((each) => !each.only);
    const [, low, high] = ANCHORS.exec(this.message.text) ?? [];
    const first = low ? `0 = ${low}` : this.words.painLow;
    const last = high ? `10 = ${high}` : this.words.painHigh;
    return html`<form novalidate @submit=${this.sendPicked}>
      <fieldset class="scale" aria-describedby="${this.asked} anchors">
        <legend>${this.words.pickNumber}</legend>
        <div class="numbers">${numbers.map((each) => this.box(each, "radio", "scale"))}</div>
        <p class="anchors" id="anchors"><span>${first}</span><span>${last}</span></p>
      </fieldset>
      <div class="row">
        <button class="main">${this.words.sendAnswer}</button>
        ${this.choices.options.filter((each) => each.only).map((each) => this.button(each))}
      </div>
    </form>`;
  }

  private slots(): TemplateResult {
    const days = new Map<string, {time: string; who: string; option: Option}[]>();
    for (const option of this.choices.options) {
      const [weekday, date, time, ...who] = option.text.split(", "); // "Tue, Dec 1, 9:20 AM EST, Dr. Ana Rivera"
      const known = time !== undefined;
      const day = known ? `${weekday}, ${date}` : "";
      days.set(day, [...(days.get(day) ?? []), {time: known ? time : option.text, who: who.join(", "), option}]);
    }
    return html`<fieldset class="slots" aria-describedby=${this.asked}>
      <legend>${this.words.pickSlot}</legend>
      ${[...days].map(
        ([day, times]) => html`<div role="group" aria-label=${day || nothing}>
          ${day ? html`<p class="day" aria-hidden="true">${day}</p>` : nothing}
          ${times.map(
            ({time, who, option}) => html`<button type="button" class="choice slot" @click=${() => this.answer([option])}>
              <strong>${time}</strong><span>${who}</span></button>`,
          )}
        </div>`,
      )}
    </fieldset>`;
  }

  private list(): TemplateResult {
    const {kind, options, number} = this.choices;
    const groups = new Map<string, Option[]>();
    for (const each of options) {
      const group = each.group ?? "";
      groups.set(group, [...(groups.get(group) ?? []), each]);
    }
    const mapped = options.some((each) => each.region);
    const type = kind === "form" ? "radio" : "checkbox";
    return html`<form novalidate @submit=${this.toReview} class=${mapped ? "mapped" : ""}>
      ${kind === "many" && groups.size > 1 ? html`<p class="hint">${this.words.pickMany}</p>` : nothing}
      ${mapped ? this.map() : nothing}
      <div class="groups">
        ${[...groups].map(
          ([group, inside]) => html`<fieldset class="many" aria-describedby=${this.asked}>
            ${this.legend(group, groups.size)}
            ${inside.map((each) => this.box(each, type, group))}
          </fieldset>`,
        )}
        ${number
          ? html`<p class="age"><label for="age">${this.words.age}</label>
              <input id="age" type="text" inputmode="numeric" maxlength="3" autocomplete="off" .value=${this.number}
                @input=${(event: Event) => (this.number = (event.target as HTMLInputElement).value.trim())} /></p>`
          : nothing}
      </div>
      <button class="main">${this.words.review}</button>
    </form>`;
  }

  /** A heading of the protocol; for what stands under none, what to do, said aloud only where it is shown above. */
  private legend(group: string, groups: number): TemplateResult {
    if (group) return html`<legend class="heading" lang="en">${group}</legend>`;
    return html`<legend class=${groups > 1 ? "hidden" : ""}>${this.words.pickMany}</legend>`;
  }

  private box(option: Option, type: "radio" | "checkbox", group: string): TemplateResult {
    return html`<label class=${option.only ? "box only" : "box"}>
      <input type=${type} name=${type === "radio" ? group : option.token} .checked=${this.picked.has(option.token)}
        @change=${(event: Event) => this.pick(option, (event.target as HTMLInputElement).checked, type)} />
      ${this.label(option)}</label>`;
  }

  private map(): TemplateResult {
    const regions = (options: Option[]): Set<string> => new Set(options.map((each) => each.region ?? ""));
    const changed = (picks: Pick[], sides: Sides): void => {
      this.sides = sides;
      for (const {region, on} of picks) {
        const option = this.choices.options.find((each) => each.region === region);
        if (option) this.pick(option, on, "checkbox");
      }
    };
    return html`<svg class="body" viewBox="0 0 400 446" aria-hidden="true">
      ${bodyMap(regions(this.choices.options), regions(this.answers), this.sides, this.words.body, changed)}</svg>`;
  }

  /** What is picked, in the order of the list. */
  private get answers(): Option[] {
    return this.choices.options.filter((each) => this.picked.has(each.token));
  }

  /** "None of these" and the like exclude all others; of a radio group only one stays. */
  private pick(option: Option, on: boolean, type: "radio" | "checkbox"): void {
    const stays = (each: Option): boolean =>
      type === "radio" ? each.group !== option.group : !(option.only || each.only) || each === option;
    const picked = new Set(this.answers.filter((each) => !on || stays(each)).map((each) => each.token));
    if (on) picked.add(option.token);
    else picked.delete(option.token);
    this.picked = picked;
  }

  private toReview(event: Event): void {
    event.preventDefault();
    const {number, kind, options} = this.choices;
    const groups = new Set(options.map((each) => each.group ?? ""));
    if (kind === "form" && this.answers.length < groups.size) return this.problem(this.words.pickEach);
    if (!this.answers.length) return this.problem(this.words.pickFirst);
    if (number) {
      const low = number.min ?? 0;
      const high = number.max ?? OLDEST;
      const fits = /^\d{1,3}$/.test(this.number) && +this.number >= low && +this.number <= high;
      if (!fits) return this.problem(this.words.badNumber(low, high), "#age");
    }
    this.reviewing = true;
    void this.focusOn(".review .main");
  }

  private review(): TemplateResult {
    return html`<div class="review" role="group" aria-labelledby="review">
      <h3 id="review">${this.words.yourAnswer}</h3>
      <ul id="reviewed">
        ${this.answers.map((each) => html`<li>${each.group ? html`<small lang="en">${each.group}: </small>` : nothing}${this.label(each)}</li>`)}
        ${this.number ? html`<li><small>${this.words.age}: </small>${this.number}</li>` : nothing}
      </ul>
      <div class="row">
        <button type="button" class="main" aria-describedby="reviewed" @click=${this.sendPicked}>${this.words.sendAnswer}</button>
        <button type="button" class="choice quiet" @click=${this.backToList}>${this.words.back}</button>
      </div>
    </div>`;
  }

  private backToList(): void {
    this.reviewing = false;
    void this.focusOn("input");
  }

  private sendPicked(event: Event): void {
    event.preventDefault();
    if (!this.answers.length) return this.problem(this.words.pickFirst);
    this.answer(this.answers, this.number);
  }

  private answer(options: Option[], number = ""): void {
    const words = [...options.map((each) => each.text), ...(number ? [number] : [])].join("\n");
    const tokens = options.map((each) => each.token);
    const choice = tokens.length === 1 ? tokens[0]! : tokens;
    const body: Body = number ? {choice, text: number} : {choice};
    this.tell<Answer>("answer", {words, body});
  }

  private problem(text: string, where = "input"): void {
    this.tell("problem", text);
    void this.focusOn(where);
  }

  private tell<T>(type: string, detail: T): void {
    this.dispatchEvent(new CustomEvent<T>(type, {detail}));
  }

  private async focusOn(selector: string): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>(selector)?.focus();
  }
}
