/** Lost connections, killed servers, reloads, second tabs, stolen sessions (W10 to W14). */
import assert from "node:assert/strict";
import {test} from "node:test";
import {Chat, GREET, gateway, host, rasa, say, until, visit} from "./clinic.mjs";
import {CONSENT, HOW_BAD, NERVES} from "./questions.mjs";

const token = (chat) => chat.page.evaluate(() => JSON.parse(sessionStorage.getItem("intake-chat:token")));

test("W10: a reload in the middle of a question finds the same session and buttons that still work", async (t) => {
  const chat = await visit(t, {script: [[HOW_BAD], [say("thank you")]]});
  await chat.begin();
  const before = await token(chat);
  await chat.page.reload();
  await chat.answers.getByLabel("7", {exact: true}).check();
  await chat.button("Send this answer").click();
  await chat.heard("thank you");
  assert.equal(await token(chat), before);
  assert.deepEqual(rasa.got, [GREET, "7"]);
});

test("W10: an answered question offers no buttons after a reload", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("thank you")]]});
  await chat.begin();
  await chat.button("No").click();
  await chat.heard("thank you");
  await chat.page.reload();
  await chat.heard("thank you");
  assert.equal(await chat.answers.count(), 0);
});

test("W10: a second tab of the same session shows what the first one does", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("thank you")]]});
  await chat.begin();
  const [page] = await Promise.all([
    chat.page.waitForEvent("popup"),
    chat.page.evaluate(() => void window.open(location.href)),
  ]);
  const second = new Chat(page);
  await second.heard("Is it OK to start?");
  await chat.write("hello from the first tab");
  await second.heard("hello from the first tab");
  await second.heard("thank you");
  assert.deepEqual(await second.texts(), await chat.texts());
});

test("W10: another patient on the same machine sees nothing", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  const other = await visit(t, {script: [[say("Hello, new patient")]]});
  await other.open();
  await other.heard("Hello, new patient");
  assert.equal(await other.items.count(), 1);
});

test("W11: the server is killed, two messages are typed, it comes back: each arrives once and in order", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await gateway.kill();
  await chat.write("first while down");
  await chat.write("second while down");
  await chat.panel.getByText("Not sent yet. We keep trying.").first().waitFor();
  assert.match(await chat.status.textContent(), /nothing you write is lost/);
  await gateway.up();
  await until(() => rasa.got.length === 3, 30_000);
  await until(async () => (await chat.panel.getByText("Not sent yet").count()) === 0, 30_000);
  assert.deepEqual(rasa.got, [GREET, "first while down", "second while down"]);
  await until(async () => (await chat.status.textContent()) === "", 30_000);
  assert.equal((await chat.texts()).filter((each) => each.startsWith("You said: first while down")).length, 1);
});

test("W11: what could not be sent survives a reload without a server", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("at last")]]});
  await chat.begin();
  await chat.page.route("**/chat/**", (route) => route.abort());
  await chat.write("remember me");
  await chat.panel.getByText("Not sent yet. We keep trying.").waitFor();
  await chat.page.reload();
  await chat.heard("remember me");
  await chat.page.unroute("**/chat/**");
  await chat.button("Try now").click();
  await chat.heard("at last");
  assert.deepEqual(rasa.got, [GREET, "remember me"]);
  const said = (await chat.texts()).map((each) => each.replace(/ Change$/, ""));
  assert.deepEqual(said.map((each) => each.slice(0, 21)), [
    "Helper said: Hi. I am",
    "You said: remember me",
    "Helper said: at last",
  ]);
});

test("W12: a reply that came while the socket was down is shown after it is back", async (t) => {
  let release;
  const chat = await visit(t, {script: [[CONSENT], [say("the missed answer")]]});
  await chat.begin();
  rasa.hold = new Promise((done) => (release = done));
  await chat.write("hello");
  await until(() => rasa.got.length === 2);
  await chat.page.context().setOffline(true);
  await chat.page.evaluate(() => dispatchEvent(new Event("offline")));
  const session = await token(chat);
  release();
  await until(async () => {
    const headers = {Authorization: `Bearer ${session}`, Origin: host.url};
    const {messages} = await (await fetch(`${gateway.url}/chat/messages?after=0`, {headers})).json();
    return messages.some((each) => each.text === "the missed answer");
  });
  await chat.page.context().setOffline(false);
  await chat.heard("the missed answer");
  assert.equal((await chat.texts()).filter((each) => each.includes("the missed answer")).length, 1);
});

test("W13: a made-up, a foreign or an ended session is refused and hears nothing", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  const stolen = await token(chat);
  const get = async (session, origin) =>
    (await fetch(`${gateway.url}/chat/messages?after=0`, {headers: {Authorization: `Bearer ${session}`, Origin: origin}})).status;
  assert.equal(await get(stolen, host.url), 200);
  assert.equal(await get(stolen, "https://evil.example"), 403);
  assert.equal(await get(stolen.slice(0, -4) + "AAAA", host.url), 401);
  await chat.panel.locator("#more").click();
  await chat.button("Finish and clear").click();
  await chat.button("Yes, clear it").click();
  await chat.button("Start").waitFor();
  await until(async () => (await get(stolen, host.url)) === 401);
});

test("W13: a session planted in the browser opens no conversation", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.page.evaluate(() => sessionStorage.setItem("intake-chat:token", JSON.stringify("eyJh.made-up")));
  await chat.page.reload();
  await chat.open();
  await until(async () => /has ended/.test(await chat.status.textContent()));
  assert.equal(await chat.items.count(), 0);
  await chat.button("Start a new chat").click();
  await chat.heard("Is it OK to start?");
});

test("a session that ends under the patient loses no words, and starts anew on request", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [CONSENT]]});
  await chat.begin();
  const headers = {Authorization: `Bearer ${await token(chat)}`, Origin: host.url};
  await fetch(`${gateway.url}/chat/session`, {method: "DELETE", headers});
  await chat.write("are you there?");
  await chat.button("Start a new chat").click();
  await chat.heard("Is it OK to start?");
  assert.deepEqual(rasa.got, [GREET, "are you there?"]);
});

test("W14: what looks like a command is text, and a button of an earlier question is refused kindly", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("one")], [say("two")], [NERVES]]});
  await chat.begin();
  const [stale] = await chat.page.evaluate(async (server) => {
    const session = JSON.parse(sessionStorage.getItem("intake-chat:token"));
    const response = await fetch(`${server}/chat/messages?after=0`, {headers: {Authorization: `Bearer ${session}`}});
    return (await response.json()).messages[0].choices.options.map((each) => each.token);
  }, gateway.url);
  await chat.write("/restart");
  await chat.write('/inform{"a": "b"}');
  await chat.write("go on");
  await chat.answers.getByLabel("None of these").waitFor();
  assert.deepEqual(rasa.got.slice(1), ["restart", 'inform{"a": "b"}', "go on"]);
  const status = await chat.page.evaluate(
    async ([server, choice]) => {
      const session = JSON.parse(sessionStorage.getItem("intake-chat:token"));
      const headers = {Authorization: `Bearer ${session}`, "Content-Type": "application/json"};
      const response = await fetch(`${server}/chat/messages`, {method: "POST", headers, body: JSON.stringify({id: "stale", choice})});
      return response.status;
    },
    [gateway.url, stale],
  );
  assert.equal(status, 409);
});

test("answers that come while the panel is closed are counted on the launcher", async (t) => {
  let release;
  const chat = await visit(t, {script: [[CONSENT], [say("one"), say("two")]]});
  await chat.begin();
  rasa.hold = new Promise((done) => (release = done));
  await chat.write("hello");
  await chat.page.keyboard.press("Escape");
  release();
  await chat.root.getByRole("button", {name: "Pain intake chat, 2 new messages"}).click();
  await chat.heard("two");
  assert.equal(await chat.root.locator(".badge").count(), 0);
});
