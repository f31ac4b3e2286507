/** English and Spanish, the conversation on paper, and leaving no trace (W17). */
import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {test} from "node:test";
import {host, rasa, say, until, visit} from "./clinic.mjs";
import {CONSENT, HOW_BAD, NUMB} from "./questions.mjs";

const END = [say("Good. Go now.")];

test("W17: the language can be changed at any time: the interface, its lang, and every safety text", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], END]});
  await chat.begin();
  await chat.write(NUMB);
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
  await chat.panel.getByRole("button", {name: "Español"}).click();
  assert.equal(await chat.panel.getAttribute("lang"), "es");
  await chat.alarm.getByText("Vaya a emergencias ahora").first().waitFor();
  await chat.log.getByText("Un nervio apretado puede necesitar atención en horas.").waitFor();
  assert.equal(await chat.log.locator("[lang=es]").count(), 1);
  await chat.button("Enviar").waitFor();
  await chat.panel.getByRole("button", {name: "English"}).click();
  await chat.log.getByText("Nerve trouble may need care in hours.").waitFor();
  await chat.page.reload();
  await chat.button("Send").waitFor();
});

test("W17: a page in Spanish opens in Spanish, and one press asks for an interpreter", async (t) => {
  host.add("/es", host.html({lang: "es-MX"}));
  const chat = await visit(t, {path: "/es", script: [[CONSENT], [say("You can have a free interpreter. Call 555-555-0100 and say your language. In an emergency, call 911.")]]});
  await chat.open();
  await chat.panel.getByText("El intérprete es gratis").waitFor();
  await chat.button("Pedir un intérprete").click();
  await until(() => rasa.got[1] === "Necesito un intérprete de español");
  await chat.log.getByText("un intérprete gratis le ayudará").waitFor();
});

test("W17: the choice of a language survives a reload", async (t) => {
  const chat = await visit(t);
  await chat.open();
  await chat.panel.getByRole("button", {name: "Español"}).click();
  await chat.page.reload();
  await chat.button("Enviar").waitFor();
});

/** Two questions with their answers and an emergency. */
async function conversation(t) {
  const chat = await visit(t, {script: [[CONSENT], [HOW_BAD], END]});
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.answers.getByLabel("7", {exact: true}).check();
  await chat.button("Send this answer").click();
  await chat.heard("Good. Go now.");
  await chat.panel.locator("#more").click();
  return chat;
}
const SAID = ["Is it OK to start?", "Yes, start", "How bad is the pain right now", "7", "Good. Go now."];
const CONTROLS = /Change|Send|Why do we ask|Write a message|Español/;

test("W17: the saved conversation holds every question and answer and no controls", async (t) => {
  const chat = await conversation(t);
  const [download] = await Promise.all([chat.page.waitForEvent("download"), chat.button("Save the conversation").click()]);
  assert.equal(download.suggestedFilename(), "pain-intake.txt");
  const text = await readFile(await download.path(), "utf8");
  let from = 0;
  for (const each of SAID) {
    from = text.indexOf(each, from);
    assert.ok(from >= 0, `${each} is missing or out of order`);
  }
  assert.doesNotMatch(text, CONTROLS);
  assert.match(text, /Spine Clinic 555-555-0100/);
});

test("W17: the summary to print holds the same in a table, under the clinic's strict policy", async (t) => {
  const chat = await conversation(t);
  await chat.page.context().addInitScript(() => (window.print = () => (window.printed = true)));
  const [paper] = await Promise.all([chat.page.waitForEvent("popup"), chat.button("Print a summary").click()]);
  const rows = await paper.locator("tr").evaluateAll((each) => each.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(rows, [
    ["Hi. I am an automated helper for Spine Clinic. Is it OK to start?", "Yes, start"],
    ["How bad is the pain right now, from 0 to 10?", "7"],
    ["Good. Go now."],
  ]);
  assert.equal(await paper.locator("button, input, a").count(), 0);
  assert.equal(await paper.locator("td").first().evaluate((each) => getComputedStyle(each).whiteSpaceCollapse), "preserve-breaks");
  assert.deepEqual(await chat.page.evaluate(() => window.violations), []);
});

test("W17: 'Finish and clear' asks once, then leaves nothing on the device or on the screen", async (t) => {
  const chat = await conversation(t);
  await chat.button("Finish and clear").click();
  await chat.button("Cancel").click();
  assert.ok((await chat.items.count()) > 4);
  await chat.panel.locator("#more").click();
  await chat.button("Finish and clear").click();
  await chat.button("Yes, clear it").click();
  await chat.button("Start").waitFor();
  assert.equal(await chat.items.count(), 0);
  assert.deepEqual(await chat.page.evaluate(() => Object.keys(sessionStorage)), []);
  await chat.page.reload();
  assert.equal(await chat.items.count(), 0);
});

test("W17: an emergency is cleared with the rest, only by the patient", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], END]});
  await chat.begin();
  await chat.write(NUMB);
  await chat.alarm.locator("strong").waitFor();
  await chat.panel.locator("#more").click();
  await chat.button("Finish and clear").click();
  await chat.button("Yes, clear it").click();
  await chat.button("Start").waitFor();
  assert.equal(await chat.alarm.locator("strong").count(), 0);
});
