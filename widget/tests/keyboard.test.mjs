/** Everything by keyboard, and what a screen reader is told (W3, W4, W6, W16). */
import assert from "node:assert/strict";
import {test} from "node:test";
import {GREET, rasa, say, until, visit} from "./clinic.mjs";
import {BOOKED, CONSENT, HOW_BAD, NERVES, TIMES, WHERE, WHO} from "./questions.mjs";

/** Name or text of the element in focus, inside the widget or outside. */
const focus = (chat) =>
  chat.page.evaluate(() => {
    let each = document.activeElement;
    while (each?.shadowRoot?.activeElement) each = each.shadowRoot.activeElement;
    return each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent.trim() ?? each.textContent.trim() ?? each.tagName;
  });

/** Press Tab until something is in focus. */
async function tabTo(chat, name, key = "Tab") {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focus(chat)) === name) return;
    await chat.page.keyboard.press(key);
  }
  assert.fail(`${name} cannot be reached by ${key}; the focus is on ${await focus(chat)}`);
}

test("W3: a whole intake by keyboard alone, body map, scale and visit included", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [WHO], [NERVES], [WHERE], [HOW_BAD], [TIMES], [BOOKED]]});
  const {keyboard} = chat.page;
  const press = async (name, key = "Enter") => {
    await tabTo(chat, name);
    await keyboard.press(key);
  };
  await press("Pain intake chat");
  await chat.button("Yes, start").waitFor();
  assert.equal(await focus(chat), "Your message");
  await tabTo(chat, "Yes, start", "Shift+Tab");
  await keyboard.press("Enter");

  await chat.heard("Who has the pain?");
  await tabTo(chat, "Someone else", "Shift+Tab");
  await keyboard.press("ArrowUp"); // a radio group: arrows move the choice
  assert.equal(await focus(chat), "Me");
  await tabTo(chat, "Other or rather not say");
  await keyboard.press("ArrowUp");
  await tabTo(chat, "Age in years");
  await keyboard.type("44");
  await press("Review my answer");
  await until(async () => (await focus(chat)) === "Send this answer");
  await keyboard.press("Enter");
  await until(() => rasa.got.at(-1) === "Me\nMale\n44");

  await chat.answers.getByLabel("None of these").waitFor();
  await tabTo(chat, "None of these", "Shift+Tab");
  await keyboard.press("Space");
  await press("Review my answer");
  await keyboard.press("Enter");

  await chat.answers.locator("svg").waitFor();
  await tabTo(chat, "Low back", "Shift+Tab");
  await keyboard.press("Space");
  await press("Review my answer");
  await keyboard.press("Enter");
  await until(() => rasa.got.at(-1) === "Low back");

  await chat.answers.getByLabel("7", {exact: true}).waitFor();
  await tabTo(chat, "10", "Shift+Tab");
  for (const each of ["9", "8", "7"]) {
    await keyboard.press("ArrowLeft");
    assert.equal(await focus(chat), each);
  }
  await press("Send this answer");
  await until(() => rasa.got.at(-1) === "7");

  await chat.answers.locator(".slot").first().waitFor();
  await tabTo(chat, "3:20 PM ESTDr. Ana Rivera, video", "Shift+Tab");
  await keyboard.press("Enter");
  await chat.heard("Your visit is booked");
  assert.equal(rasa.got.at(-1), "3");
  assert.equal(await focus(chat), "Your message");
});

test("W3: Escape gives the focus back to the launcher, and opening again lands in the composer", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.page.keyboard.press("Escape");
  assert.equal(await focus(chat), "Pain intake chat");
  await chat.page.keyboard.press("Enter");
  await until(async () => (await focus(chat)) === "Your message");
});

test("W3: the closed panel adds exactly one stop for Tab", async (t) => {
  const chat = await visit(t);
  const stops = [];
  for (let presses = 0; presses < 4; presses += 1) {
    await chat.page.keyboard.press("Tab");
    stops.push(await focus(chat));
  }
  assert.equal(stops.filter((each) => each === "Pain intake chat").length, 1);
  assert.equal(stops.filter((each) => /message|Close|Español/.test(each)).length, 0);
});

test("the menu closes with Escape, back to its button, and when the focus leaves it", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.panel.locator("#more").press("Enter");
  await chat.page.keyboard.press("Escape");
  assert.equal(await focus(chat), "More");
  assert.equal(await chat.panel.locator("#menu").count(), 0);
  await chat.page.keyboard.press("Enter");
  await tabTo(chat, "Finish and clear");
  await chat.page.keyboard.press("Enter");
  await until(async () => (await focus(chat)) === "Yes, clear it");
  await tabTo(chat, "Cancel");
  await chat.page.keyboard.press("Enter");
  assert.equal(await focus(chat), "More");
  await chat.page.keyboard.press("Enter");
  await tabTo(chat, "Finish and clear");
  await chat.page.keyboard.press("Tab");
  await until(async () => (await chat.panel.locator("#menu").count()) === 0);
  assert.ok(await chat.panel.isVisible());
});

test("W4: names, states, one log and one speaker for each message", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  assert.equal(await chat.launcher.getAttribute("aria-expanded"), "false");
  await chat.begin();
  assert.equal(await chat.launcher.getAttribute("aria-expanded"), "true");
  assert.match(await chat.panel.ariaSnapshot(), /dialog "Spine Clinic"/);
  assert.match(await chat.panel.ariaSnapshot(), /log "Conversation"/);
  assert.match(await chat.panel.ariaSnapshot(), /textbox "Your message"/);
  assert.deepEqual(await chat.texts(), [
    "Helper said: Hi. I am an automated helper for Spine Clinic. Is it OK to start? " +
      "Why do we ask?We only ask about your health when you say that it is OK.",
  ]);
  const live = await chat.page.evaluate(() =>
    [...document.querySelector("intake-chat").shadowRoot.querySelectorAll("[role=log],[role=status],[role=alert],[aria-live]")]
      .map((each) => each.getAttribute("role")).sort(),
  );
  assert.deepEqual(live, ["alert", "log", "status"]);
});

test("W4: what a screen reader finds in a batch, in its order", async (t) => {
  const chat = await visit(t, {script: [[NERVES]]});
  await chat.begin();
  await chat.answers.getByLabel("None of these").check();
  const tree = await chat.panel.ariaSnapshot();
  const found = tree.split("\n").map((line) => line.trim().replace(/^- /, "").replace(/:.*/, ""));
  const order = [
    'dialog "Spine Clinic"',
    'heading "Spine Clinic" [level=2]',
    /^'button "Español/,
    'button "More"',
    'button "Close the chat"',
    "alert",
    /^progressbar "Question 4 of/,
    'log "Conversation"',
    /^group "Pick all that fit/,
    /^checkbox "Numb or odd feeling/,
    'checkbox "None of these" [checked]',
    'checkbox "Not sure"',
    'button "Review my answer"',
    "status",
    'textbox "Your message"',
    'button "Send"',
    /^link "Call the clinic 555-555-0100"/,
    'link "911"',
    'link "988"',
  ];
  let from = 0;
  for (const wanted of order) {
    const at = found.findIndex((line, index) => index >= from && (wanted instanceof RegExp ? wanted.test(line) : line === wanted));
    assert.ok(at >= 0, `${wanted} is missing or out of order in\n${tree}`);
    from = at + 1;
  }
});

test("W4: a question and its answers are tied together", async (t) => {
  const chat = await visit(t, {script: [[NERVES]]});
  await chat.begin();
  const group = chat.answers.locator("fieldset").first();
  const described = await group.getAttribute("aria-describedby");
  assert.match(await chat.panel.locator(`#${described}`).textContent(), /NEW or getting WORSE/);
  await chat.panel.getByText("Why do we ask?").click();
  await chat.panel.getByText("The nerves to your bladder").waitFor();
});

test("W6: each message is one addition at the end of the log; no state in it is read as one", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("one"), say("two"), say("three")]]});
  await chat.begin();
  await chat.page.evaluate(() => {
    const list = document.querySelector("intake-chat").shadowRoot.querySelector("[role=log] ol");
    window.added = [];
    new MutationObserver((records) => {
      for (const {addedNodes} of records) {
        for (const node of addedNodes) {
          if (node instanceof HTMLElement) window.added.push([node.textContent.replace(/\s+/g, " ").trim(), node === list.lastElementChild || list.contains(node)]);
        }
      }
    }).observe(list, {childList: true});
  });
  await chat.write("hello");
  await chat.heard("three");
  const added = await chat.page.evaluate(() => window.added);
  assert.equal(added.length, 4);
  assert.deepEqual((await chat.texts()).slice(-3), ["Helper said: one", "Helper said: two", "Helper said: three"]);
  assert.equal(await chat.log.getAttribute("aria-relevant"), "additions");
});

test("W6: after a reload the history is there, is not announced, and takes no focus", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.page.addInitScript(() => {
    window.busy = [];
    setInterval(() => {
      const log = document.querySelector("intake-chat")?.shadowRoot.querySelector("[role=log]");
      if (log) window.busy.push([log.getAttribute("aria-busy"), log.querySelectorAll("li").length]);
    }, 1);
  });
  await chat.page.reload();
  await chat.heard("Is it OK to start?");
  await until(async () => (await chat.log.getAttribute("aria-busy")) === "false");
  const busy = await chat.page.evaluate(() => window.busy);
  assert.ok(busy.some(([state, count]) => state === "true" && count === 1), "it came while the log was busy");
  assert.equal(await chat.page.evaluate(() => document.activeElement.tagName), "BODY");
});

test("W6: a message that arrives leaves the focus where it is", async (t) => {
  let release;
  const chat = await visit(t, {script: [[CONSENT], [say("late answer")]]});
  await chat.begin();
  rasa.hold = new Promise((done) => (release = done));
  await chat.write("hello");
  await chat.button("Close the chat").focus();
  release();
  await chat.heard("late answer");
  assert.equal(await focus(chat), "Close the chat");
});

test("W16: Enter that ends an input method's composition does not send; Shift and Enter makes a line", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.composer.fill("せなか");
  await chat.composer.evaluate((each) =>
    each.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true})),
  );
  await chat.composer.press("Shift+Enter");
  assert.equal(await chat.items.count(), 1);
  assert.equal(await chat.composer.inputValue(), "せなか\n");
});

test("W16: a text of 5000 characters shows the limit, and a double click sends once", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("heard")]]});
  await chat.begin();
  await chat.composer.fill("a".repeat(5000));
  await chat.panel.getByText("Please shorten your message: 5000 of 2000 characters.").waitFor();
  assert.equal(await chat.composer.getAttribute("aria-invalid"), "true");
  await chat.composer.fill("hello");
  await chat.button("Send").dblclick();
  await chat.heard("heard");
  assert.deepEqual(rasa.got, [GREET, "hello"]);
});

test("W16: a double click on an answer answers once", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("heard")]]});
  await chat.begin();
  await chat.button("Yes, start").evaluate((each) => (each.click(), each.click()));
  await chat.heard("heard");
  assert.deepEqual(rasa.got, [GREET, "Yes, start"]);
});
