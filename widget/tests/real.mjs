/** Whole conversations with the real assistant behind the gateway: what a patient of the clinic would see. */
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {ScreenReader} from "./screen-reader.mjs";
import {close, open, phones, until, visit} from "./clinic.mjs";

before(() => open({real: true}));
after(close);

const SLOW = 30_000; // ms; the real assistant takes a second or two on a busy machine

/** Answer question after question like a patient without any danger sign, until the log holds a text. */
async function answerUntil(chat, text) {
  const said = new Set();
  while (!(await chat.log.textContent()).includes(text)) {
    const asked = await until(async () => {
      const last = (await chat.texts()).at(-1);
      return last.startsWith("Helper said") && !said.has(last) && last;
    }, SLOW);
    said.add(asked);
    await answer(chat, asked);
  }
}

async function answer(chat, asked) {
  const has = async (locator) => (await locator.count()) > 0;
  const {answers} = chat;
  if (await has(answers.locator(".numbers"))) {
    await answers.getByLabel("5", {exact: true}).check();
    return chat.button("Send this answer").click();
  }
  if (await has(answers.locator("form"))) {
    if (await has(answers.locator("#age"))) {
      await answers.getByLabel("Me", {exact: true}).check();
      await answers.getByLabel("Female", {exact: true}).check();
      await answers.locator("#age").fill("44");
    } else if (await has(answers.getByLabel("None of these"))) await answers.getByLabel("None of these").check();
    else await answers.locator("input").first().check();
    await chat.button("Review my answer").click();
    return chat.button("Send this answer").click();
  }
  for (const name of ["Yes, start", "Yes, that is right", "No", "Skip"]) {
    if (await has(answers.getByRole("button", {name, exact: true}))) return chat.button(name).click();
  }
  if (await has(answers.locator(".slot"))) return answers.locator(".slot").first().click();
  if (/own words/.test(asked)) return chat.write("my lower back has hurt for 3 months, came on slowly, 5/10, about the same");
  return chat.write("555-555-9999");
}

test("a numb groin brings the banner, the question whether one is going, and an end to all other questions", async (t) => {
  const chat = await visit(t);
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.heard("Who has the pain?");
  await chat.write("numb between my legs since yesterday");
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
  assert.equal(await chat.alarm.getByRole("link", {name: "Call 911"}).getAttribute("href"), "tel:911");
  await chat.button("Yes").click();
  await chat.page.getByText("We have stopped our questions").waitFor({timeout: SLOW});
  await chat.page.reload();
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
});

test("a whole intake without danger signs ends in a booked visit", async (t) => {
  const chat = await visit(t);
  await chat.begin();
  await answerUntil(chat, "Your visit is booked");
  assert.equal(await chat.alarm.textContent(), "");
});

test("a whole intake by keyboard and accessibility tree alone: every control named, no focus lost, each reply read once", async (t) => {
  const chat = await visit(t);
  const reader = new ScreenReader(chat);
  await chat.page.keyboard.press("Tab");
  await chat.page.keyboard.press("Tab");
  await chat.page.keyboard.press("Enter"); // the button that opens the chat comes after the page's one link
  await chat.composer.waitFor();
  await reader.listen();
  for (let heard = 0, asked = ""; ; ) {
    asked = await until(async () => {
      const log = (await reader.log()).heard;
      return log.length > heard && log.at(-1).startsWith("Helper said") && log.at(-1);
    }, SLOW);
    if (asked.includes("Your visit is booked")) break;
    heard = (await reader.log()).heard.length;
    await reader.answer(asked);
  }
  await reader.check();
  const {heard, again} = await reader.log();
  assert.deepEqual(again, [], "nothing is read out again or taken back");
  assert.deepEqual(heard, await chat.items.evaluateAll((each) =>
    each.map((item) => [...item.querySelectorAll(":scope > span, :scope > p")].map((part) => part.textContent).join(""))));
  const said = heard.filter((each) => each.startsWith("Helper said"));
  assert.equal(new Set(said).size, said.length, "no reply twice");
});

test("an intake that was begun here goes on by text message at the same question, and nothing is asked twice", async (t) => {
  const number = "+12125550148";
  const chat = await visit(t);
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.heard("Who has the pain?");
  await answer(chat, "Who has the pain?");
  await chat.heard("In your own words");
  await chat.panel.locator("#more").click();
  await chat.button("Go on by text message").click();
  const code = await chat.panel.locator(".code [aria-hidden]").textContent();
  await phones.text(number, code);
  const heard = async (count) => {
    await until(() => phones.got(number).length >= count, SLOW);
    return phones.got(number).at(-1);
  };
  assert.match(await heard(2), /In a few words/);
  assert.match(phones.got(number)[0], /we go on here by text/);
  await phones.text(number, "my lower back has hurt for 3 months, came on slowly, 5/10, about the same");
  assert.match(await heard(3), /Right now, any\?/);
  await phones.text(number, "numb between my legs");
  assert.match(await heard(4), /^Go to the ER now/);
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
  const questions = phones.got(number).slice(1).join(" ");
  assert.doesNotMatch(questions, /OK to start|old are/i);
});

test("a correction is noted, and one that is a danger sign is heard as one", async (t) => {
  const chat = await visit(t);
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.heard("Who has the pain?");
  await chat.button("Change your answer: Yes, start").click();
  await chat.write("I cannot pee since this morning");
  await chat.alarm.getByText("Go to the ER now").first().waitFor();
});
