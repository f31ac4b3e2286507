/** Entry point: finds its own script tag, reads the clinic from it and puts one chat on the page.
 *
 *   <script src="https://gateway/widget/intake-chat-1.0.0.js" integrity="sha384-..." crossorigin="anonymous"
 *     data-clinic="Spine Clinic" data-phone="555-555-0100" data-language="en" defer></script>
 */
import {Chat} from "./chat";

const script = document.currentScript as HTMLScriptElement | null;
const name = "intake-chat";

function place(): void {
  if (document.querySelector(name)) return; // the tag stands twice on the page
  const chat = new Chat();
  chat.server = script ? new URL(script.src).origin : location.origin;
  chat.clinic = script?.dataset.clinic ?? "";
  chat.phone = script?.dataset.phone ?? "";
  chat.toggleAttribute("follows-dark", pageCanBeDark());
  chat.choose(script?.dataset.language ?? document.documentElement.lang);
  document.body.append(chat);
}

/** A dark chat on a page that stays light would look broken, so it follows the reader's wish only where the page does. */
function pageCanBeDark(): boolean {
  const meta = document.querySelector<HTMLMetaElement>("meta[name=color-scheme]")?.content ?? "";
  return (getComputedStyle(document.documentElement).colorScheme + meta).includes("dark");
}

if (!customElements.get(name)) {
  customElements.define(name, Chat);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
}
