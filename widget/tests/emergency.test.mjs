/** The emergency banner: at once, to stay, and for the worst phrases without any server (W15). */
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {test} from "node:test";
import esbuild from "esbuild";
import {PYTHON, ROOT, host, until, visit} from "./clinic.mjs";
import {CONSENT, NUMB} from "./questions.mjs";

/** The sentences that the last resort is tested with. */
function spoken() {
  const read = "import json, ruamel.yaml as y; print(json.dumps(y.YAML(typ='safe').load(open('tests/protocol/last_resort.yml'))))";
  return JSON.parse(execFileSync(PYTHON, ["-c", read], {cwd: ROOT, encoding: "utf8"}));
}

/** The widget's module that reads without a server. */
async function offline() {
  const {outputFiles} = await esbuild.build({
    entryPoints: [`${ROOT}widget/src/offline.ts`], bundle: true, write: false, format: "esm", logLevel: "silent",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const numbers = (chat) => chat.alarm.getByRole("link").evaluateAll((each) => each.map((link) => link.getAttribute("href")));

/** A page whose gateway never answers. */
async function withoutServer(t) {
  const chat = await visit(t);
  await chat.page.context().setOffline(true);
  await chat.open();
  return chat;
}

test("W15: a red flag brings the banner at once, with numbers to press, and a reload keeps it", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  const sent = Date.now();
  await chat.write("I can't control my bladder");
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
  t.diagnostic(`the banner came after ${Date.now() - sent} ms`);
  assert.deepEqual(await numbers(chat), ["tel:911", "tel:5555550100"]);
  await chat.alarm.getByRole("link", {name: "Call 911"}).focus();
  await chat.page.reload();
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
});

test("W15: with the server down the worst phrases still bring it, and it stays", async (t) => {
  const chat = await withoutServer(t);
  await chat.write("I can't control my bladder");
  await chat.alarm.getByText("We cannot reach the clinic right now. Go to the ER now").waitFor();
  assert.deepEqual(await numbers(chat), ["tel:911", "tel:5555550100"]);
  await chat.panel.getByText("Not sent yet. We keep trying.").waitFor();
});

test("W15: in a crisis 988 comes first, by call and by text, and no call is promised", async (t) => {
  const chat = await withoutServer(t);
  await chat.write("I want to kill myself");
  await chat.alarm.getByText("You are not alone").waitFor();
  assert.deepEqual(await numbers(chat), ["tel:988", "sms:988", "tel:911", "tel:5555550100"]);
  assert.doesNotMatch(await chat.alarm.textContent(), /will (try to )?call you/);
});

for (const [text, words] of [
  ["me duele el pecho, dolor en el pecho", "Llame al 911 ahora"],
  ["quiero morir", "No está solo"],
  ["no puedo orinar desde ayer", "Vaya a emergencias ahora"],
]) {
  test(`W15: in Spanish, without a server: ${text}`, async (t) => {
    host.add("/es", host.html({lang: "es"}));
    const chat = await visit(t, {path: "/es"});
    await chat.page.context().setOffline(true);
    await chat.open();
    await chat.write(text);
    await chat.alarm.getByText(words).first().waitFor();
  });
}

test("W15: a server that hangs does not hold up the banner either", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.page.route("**/chat/messages", () => {}); // taken and never answered
  const sent = Date.now();
  await chat.write("I can't control my bladder");
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
  t.diagnostic(`the banner came after ${Date.now() - sent} ms`);
});

test("W15: an emergency that the browser has forgotten comes back with the conversation", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.write(NUMB);
  await chat.alarm.locator("strong").waitFor();
  await chat.page.evaluate(() => sessionStorage.removeItem("intake-chat:alarm"));
  await chat.page.reload();
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
});

test("W15: browser and gateway know the same phrases: every sentence that a clinician can review is judged alike", async () => {
  const sentences = spoken();
  const {worst} = await offline();
  const wrong = Object.entries(sentences).flatMap(([level, texts]) =>
    texts.filter((text) => (worst(text)?.level ?? "near_misses") !== level).map((text) => `${level}: ${text}`),
  );
  assert.ok(Object.values(sentences).flat().length > 90);
  assert.deepEqual(wrong, []);
});

test("everyday words without a server bring no alarm", async (t) => {
  const chat = await withoutServer(t);
  await chat.write("my lower back has hurt for 3 months and I would like a visit");
  await chat.panel.getByText("Not sent yet. We keep trying.").waitFor();
  assert.equal(await chat.alarm.textContent(), "");
});

test("an emergency opens a closed panel but takes no focus", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.composer.fill(NUMB);
  await chat.page.evaluate(() => {
    const {shadowRoot} = document.querySelector("intake-chat");
    shadowRoot.querySelector("form.composer").requestSubmit();
    shadowRoot.querySelector(".launcher").click();
    document.querySelector("#link").focus();
  });
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
  assert.ok(await chat.panel.isVisible());
});

test("a milder emergency never takes the place of a worse one", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.write("crushing chest pain and I am sweating");
  await chat.alarm.getByText("Call 911 now").first().waitFor();
  await chat.write(NUMB);
  await until(async () => (await chat.items.count()) >= 4);
  assert.match(await chat.alarm.textContent(), /^\s*Call 911 now/);
});

for (const viewport of [{width: 320, height: 480}, {width: 320, height: 256}]) {
  test(`the banner cannot be scrolled away and leaves room to write, also at ${viewport.width} by ${viewport.height}`, async (t) => {
    const chat = await visit(t, {script: [[CONSENT]], viewport});
    await chat.begin();
    await chat.write(NUMB);
    await chat.alarm.getByText("Go to the ER now").first().waitFor();
    await chat.panel.locator(".scroll").evaluate((each) => (each.scrollTop = 9999));
    const {y, height} = await chat.alarm.boundingBox();
    const composer = await chat.composer.boundingBox();
    assert.ok(y >= 0 && y + height < composer.y && composer.y + composer.height <= viewport.height);
    const call = await chat.alarm.getByRole("link", {name: "Call 911"}).boundingBox();
    assert.ok(call.y >= y && call.y + call.height <= y + height, "911 can be pressed without scrolling");
  });
}
