/** Nothing that anybody writes becomes markup, a script or a link (W9). */
import assert from "node:assert/strict";
import {test} from "node:test";
import {host, say, until, visit} from "./clinic.mjs";

const CORPUS = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<svg/onload=alert(1)>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](java\nscript:alert(1))",
  "javascript://%0aalert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "\"><img src=x onerror=alert(1)>",
  "${alert(1)} {{alert(1)}}",
  "</textarea><script>alert(1)</script>",
  "\u202e<b>txt</b>",
];
const EVERYTHING = CORPUS.join("\n");

/** Whether anything ran, and every address that a link or source in any root names. */
async function harm(chat) {
  return chat.page.evaluate(() => {
    const roots = [document];
    for (const root of roots) for (const each of root.querySelectorAll("*")) if (each.shadowRoot) roots.push(each.shadowRoot);
    const addresses = roots.flatMap((root) =>
      [...root.querySelectorAll("[href],[src],[action],[formaction]")].flatMap((each) =>
        ["href", "src", "action", "formaction"].map((name) => each.getAttribute(name)).filter(Boolean),
      ),
    );
    return {
      ran: window.ran ?? false,
      bad: addresses.filter((each) => !/^(https?:\/\/|tel:[+\d]*$|sms:988$|#intake-chat$|\/)/.test(each)),
      images: roots.flatMap((root) => [...root.querySelectorAll("img, iframe, script:not([src])")]).length,
      violations: window.violations,
    };
  });
}
const NONE = {ran: false, bad: [], images: 0, violations: []};

async function watched(t, options) {
  const chat = await visit(t, options);
  chat.page.on("dialog", (dialog) => (chat.errors.push("a dialog opened"), void dialog.dismiss()));
  await chat.page.evaluate(() => (window.alert = () => (window.ran = true)));
  return chat;
}

test("W9: in the assistant's text, on its buttons and behind them", async (t) => {
  const buttons = CORPUS.map((each) => ({title: each, payload: each}));
  const chat = await watched(t, {script: [[say(EVERYTHING, {buttons})], [say("pressed")]]});
  await chat.begin();
  await chat.answers.getByRole("button").first().waitFor();
  assert.deepEqual(await harm(chat), NONE);
  await chat.answers.getByRole("button").first().click();
  await chat.heard("pressed");
  assert.deepEqual([await harm(chat), chat.errors], [NONE, []]);
});

test("W9: in what the patient writes, before and after a reload, and in a refusal", async (t) => {
  const chat = await watched(t);
  await chat.begin();
  await chat.write(EVERYTHING);
  await until(async () => (await chat.items.count()) >= 3);
  assert.deepEqual(await harm(chat), NONE);
  await chat.page.reload();
  await until(async () => (await chat.items.count()) >= 3);
  assert.deepEqual([await harm(chat), chat.errors], [NONE, []]);
  assert.ok((await chat.log.textContent()).includes("<img src=x onerror=alert(1)>"));
});

test("W9: in what was kept in the browser", async (t) => {
  const chat = await watched(t);
  await chat.page.evaluate((text) => {
    const keep = (name, value) => sessionStorage.setItem(`intake-chat:${name}`, JSON.stringify(value));
    keep("alarm", {level: "er_now", en: text, es: text, unreached: true});
    keep("waiting", [{id: "x", words: text, body: {text}}]);
    keep("language", text);
  }, EVERYTHING);
  await chat.page.reload();
  await chat.alarm.locator("strong").waitFor();
  assert.deepEqual([await harm(chat), chat.errors], [NONE, []]);
});

test("W9: in the attributes of the script tag", async (t) => {
  for (const [number, text] of CORPUS.entries()) {
    host.add(`/attributes-${number}`, host.html({data: {clinic: text, phone: text, language: text, server: text}}));
    const chat = await watched(t, {path: `/attributes-${number}`});
    await chat.open();
    assert.deepEqual([await harm(chat), chat.errors], [NONE, []], text);
    await chat.page.context().close();
  }
});

test("W9: an event that the page sends to the widget changes nothing", async (t) => {
  const chat = await watched(t);
  await chat.begin();
  await chat.page.evaluate((text) => {
    const widget = document.querySelector("intake-chat");
    for (const type of ["answer", "problem", "message", "alarm"]) {
      widget.dispatchEvent(new CustomEvent(type, {detail: {words: text, body: {text}}, bubbles: true, composed: true}));
    }
    postMessage({text}, "*");
  }, EVERYTHING);
  assert.deepEqual([await harm(chat), await chat.items.count()], [NONE, 1]);
});

test("no word of the patient is in an address, a cookie, the page's title or lasting storage", async (t) => {
  const chat = await watched(t);
  const addresses = [];
  chat.page.on("request", (request) => addresses.push(request.url()));
  chat.page.on("websocket", (socket) => addresses.push(socket.url()));
  await chat.begin();
  await chat.write("unmistakable words");
  await until(async () => (await chat.items.count()) === 3);
  const left = await chat.page.evaluate(() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, document.title, location.href]));
  assert.doesNotMatch(left + addresses.join(), /unmistakable/);
});
