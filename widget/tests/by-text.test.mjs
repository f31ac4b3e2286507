/** From the page to the patient's phone with a one-time code. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {GREET, host, phones, rasa, until, visit} from "./clinic.mjs";
import {CONSENT, NERVES} from "./questions.mjs";

const PHONE = {viewport: {width: 390, height: 844}, hasTouch: true};
const card = (chat) => chat.panel.getByRole("group", {name: /^(Go on by text message|Seguir por mensaje de texto)$/});

async function ask(chat, name = "Go on by text message") {
  await chat.panel.locator("#more").click();
  await chat.button(name).click();
  await card(chat).waitFor();
}

/** Let the gateway's answer to a request for a code be another one. */
const answer = (chat, status, error) =>
  chat.page.route("**/chat/continue", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({status, headers: {"Access-Control-Allow-Origin": host.url}, json: {error, text: "x"}})
      : route.continue(),
  );

test("on a desk it shows the code, the number and until when, and takes the focus", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await ask(chat);
  await card(chat).getByText("Text this from your phone:").waitFor();
  const text = (await card(chat).textContent()).replace(/\s+/g, " ");
  assert.match(text, /GO [A-Z0-9]{4}-[A-Z0-9]{4}/);
  assert.match(text, /to 555-000-9999/);
  assert.match(text, /It works once, until \d{1,2}:\d\d [AP]M\./);
  assert.match(text, /reply STOP/);
  assert.equal(await card(chat).getByRole("link").count(), 0, "a desk has no text messages to open");
  assert.ok(await card(chat).evaluate((each) => each === each.getRootNode().activeElement));
  await chat.button("Stay here").click();
  assert.equal(await card(chat).count(), 0);
  assert.ok(await chat.composer.evaluate((each) => each === each.getRootNode().activeElement));
});

test("a screen reader hears the code letter by letter", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await ask(chat);
  await card(chat).getByText("Text this").waitFor();
  assert.match(await card(chat).ariaSnapshot(), /GO,( [A-Z0-9]){8}\b/);
});

test("on a phone one press opens a message with the number and the code in it", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]], ...PHONE});
  await chat.begin();
  await ask(chat);
  const link = card(chat).getByRole("link", {name: "Open my messages"});
  const code = (await card(chat).locator("[aria-hidden]").textContent()).replace("-", "");
  assert.equal(await link.getAttribute("href"), `sms:+15550009999?&body=${encodeURIComponent(code)}`);
});

test("in Spanish", async (t) => {
  host.add("/es-text", host.html({lang: "es"}));
  const chat = await visit(t, {path: "/es-text", script: [[CONSENT]]});
  await chat.begin();
  await ask(chat, "Seguir por mensaje de texto");
  await card(chat).getByText("Envíe este texto desde su teléfono:").waitFor();
  await card(chat).getByText("Sirve una vez").waitFor();
});

test("the patient texts the code, the question comes by text, and the page says so", async (t) => {
  const number = "+12125550147";
  const chat = await visit(t, {script: [[NERVES], [NERVES]]});
  await chat.begin();
  await ask(chat);
  await card(chat).getByText("Text this").waitFor();
  await phones.text(number, (await card(chat).locator("[aria-hidden]").textContent()).toLowerCase());
  await until(() => phones.got(number).length === 2);
  assert.match(phones.got(number)[0], /we go on here by text/);
  assert.match(phones.got(number)[1], /^Any of these, new or old\? A numb/);
  await chat.heard("You go on by text message from here.");
  assert.equal(await card(chat).count(), 0);
  assert.deepEqual(rasa.got, [GREET, GREET], "the open question is asked again, on the phone");
  await chat.page.reload();
  await chat.heard("You go on by text message from here.");
});

test("a code that is over says so and gives way to a new one", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.page.clock.install();
  await chat.begin();
  await ask(chat);
  const code = () => card(chat).locator("[aria-hidden]").textContent();
  await card(chat).getByText("Text this").waitFor();
  const first = await code();
  await chat.page.clock.fastForward("15:01");
  await card(chat).getByText("This code is over.").waitFor();
  await chat.button("Get a new code").click();
  await card(chat).getByText("Text this").waitFor();
  assert.notEqual(await code(), first);
});

for (const [status, error, words, again] of [
  [403, "foreign_origin", "We cannot make a code right now. You can go on here, or call us.", 1],
  [404, "no_texting", "This clinic has no texting. Please go on here.", 0],
  [429, "too_many_codes", "Please wait a few minutes, then get a new code. You can go on here.", 1],
  [503, "not_kept", "We cannot make a code right now. You can go on here, or call us.", 1],
]) {
  test(`${status} ${error}: kind words, and the chat goes on`, async (t) => {
    const chat = await visit(t, {script: [[CONSENT]]});
    await chat.begin();
    await answer(chat, status, error);
    await ask(chat);
    await card(chat).getByText(words).waitFor();
    assert.equal(await chat.button("Get a new code").count(), again);
    assert.equal(await card(chat).getByRole("link", {name: /Call the clinic/}).count(), again);
    await chat.button("Stay here").click();
    await chat.write("my back hurts");
    await chat.heard("You said: my back hurts");
  });
}

test("401: the session is over, and the chat says how to begin anew", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await answer(chat, 401, "session_over");
  await ask(chat);
  await card(chat).getByText("This chat has ended to protect your answers.").waitFor();
  await chat.button("Start a new chat").waitFor();
});

test("without a connection it says that no code can be had", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.page.context().setOffline(true);
  await ask(chat);
  await card(chat).getByText("We cannot make a code right now.").waitFor();
});

test("a clinic without texting offers none, also after a reload", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.page.route("**/chat/session", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const response = await route.fetch();
    await route.fulfill({response, json: {...(await response.json()), texting: false}});
  });
  await chat.begin();
  for (const again of [false, true]) {
    if (again) await chat.page.reload();
    await chat.heard("Is it OK to start?");
    await chat.panel.locator("#more").click();
    await chat.button("Print a summary").waitFor();
    assert.equal(await chat.button("Go on by text message").count(), 0);
  }
});
