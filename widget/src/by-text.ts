/** From this page to the patient's phone: shows the one-time code that the patient texts to the clinic, until it is over.
 * Drawn without an own shadow, like the answers. */
import {LitElement, html, nothing, type TemplateResult} from "lit";
import {customElement, property, state} from "lit/decorators.js";
import type {Code, NoCode} from "./protocol";
import type {Language, Words} from "./words";

@customElement("intake-chat-by-text")
export class ByText extends LitElement {
  @property({attribute: false}) ask!: () => Promise<Code | NoCode>;
  @property({attribute: false}) words!: Words;
  @property({attribute: false}) language!: Language;
  @property({attribute: false}) clinicPhone: unknown; // a link to the clinic, ready to draw
  @property({type: Boolean}) touch = false; // a phone: its own messages can be opened
  @state() private code: Code | null = null;
  @state() private failed: NoCode | "over" | "" = "";
  private until = new Date(0);
  private clock = 0;

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.get();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.clock);
  }

  private async get(): Promise<void> {
    this.code = null;
    this.failed = "";
    const got = await this.ask();
    if (!this.isConnected) return;
    if (typeof got === "string") this.failed = got;
    else {
      this.code = got;
      this.until = new Date(Date.now() + got.expires_in * 1000);
      this.clock = setTimeout(() => ((this.code = null), (this.failed = "over")), got.expires_in * 1000);
    }
    await this.updateComplete;
    const card = this.querySelector<HTMLElement>(".card");
    card?.focus({preventScroll: true});
    card?.scrollIntoView({block: "nearest"});
  }

  protected override render(): TemplateResult {
    const {words, code, failed} = this;
    return html`<div class="card" role="group" tabindex="-1" aria-labelledby="by-text" aria-describedby="by-text-how">
      <h3 id="by-text">${words.byText}</h3>
      <div id="by-text-how">${code ? this.how(code) : html`<p>${failed ? words.noCode[failed] : words.oneMoment}</p>`}</div>
      ${failed && failed !== "no_texting" ? this.clinicPhone : nothing}
      <div class="row">
        ${code && this.touch
          ? html`<a class="main" href="sms:${code.number}?&body=${encodeURIComponent(code.text)}">${words.openMessages}</a>`
          : nothing}
        ${failed && failed !== "no_texting"
          ? html`<button type="button" class="main" @click=${this.get}>${words.newCode}</button>`
          : nothing}
        <button type="button" class="choice quiet" @click=${() => this.dispatchEvent(new CustomEvent("done"))}>
          ${words.stayHere}</button>
      </div>
    </div>`;
  }

  private how({code, number}: Code): TemplateResult {
    const {words} = this;
    const time = this.until.toLocaleTimeString(this.language, {timeStyle: "short"});
    return html`<p>${words.textThis}</p>
      <p class="code" dir="ltr"><span aria-hidden="true">GO ${code}</span
        ><span class="hidden">GO, ${[...code.replace("-", "")].join(" ")}</span></p>
      <p>${words.toNumber} <b class="number-to" dir="ltr">${readable(number)}</b></p>
      <p class="small">${words.codeUntil(time)}</p>`;
  }
}

/** "+15555550100" as people write it; a short code or a number from elsewhere stays as it is. */
const readable = (number: string): string => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "$1-$2-$3");
