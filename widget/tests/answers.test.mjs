/** Ways to answer: batches, the body map, the scale, times, review before sending, corrections (patients' errors first). */
import assert from "node:assert/strict";
import {test} from "node:test";
import {GREET, rasa, say, until, visit} from "./clinic.mjs";
import {CONSENT, HOW_BAD, NERVES, ON_AVERAGE, TIMES, WHERE, WHO} from "./questions.mjs";

const part = (chat, region, at = 0) => chat.answers.locator(`[data-region=${region}]`).nth(at);
const checked = (chat) =>
  chat.answers.locator("input:checked").evaluateAll((each) => each.map((box) => box.labels[0].textContent.trim()));

test("consent comes before the first question, and declining asks nothing more", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [say("That is OK. You can call us at 555-555-0100.")]]});
  await chat.begin();
  assert.deepEqual(await chat.answers.getByRole("button").allTextContents(), ["Yes, start", "Talk to a person", "No"]);
  await chat.button("No").click();
  await chat.heard("That is OK.");
  assert.equal(await chat.answers.count(), 0);
});

test("nothing goes anywhere before the chat is opened, and no word of the patient before it is sent", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  const asked = [];
  chat.page.on("request", (request) => asked.push([new URL(request.url()).pathname, request.postData() ?? ""]));
  assert.deepEqual(await chat.page.evaluate(() => Object.keys(sessionStorage)), []);
  assert.deepEqual(asked, []);
  await chat.begin();
  await chat.composer.fill("my back hurts");
  const posted = asked.filter(([path]) => path !== "/chat/socket");
  assert.deepEqual(posted, [["/chat/session", "{}"], ["/chat/greeting", ""]]);
});

test("one press opens the chat on the consent question, and one more leads to the first question", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [WHO]]});
  await chat.launcher.click();
  await chat.heard("Is it OK to start?");
  assert.deepEqual(rasa.got, [GREET], "nothing was said for the patient");
  assert.equal(await chat.items.count(), 1);
  await chat.button("Yes, start").click();
  await chat.heard("Who has the pain?");
});

test("who writes before the greeting has come is greeted once and heard", async (t) => {
  let release;
  const chat = await visit(t, {script: [[CONSENT], [say("heard")]]});
  rasa.hold = new Promise((done) => (release = done));
  await chat.open();
  await chat.write("my back hurts");
  await until(() => rasa.got.length === 1);
  release();
  await chat.heard("heard");
  assert.deepEqual(rasa.got, [GREET, "my back hurts"]);
});

test("'None of these' and 'Not sure' exclude all others, in both directions", async (t) => {
  const chat = await visit(t, {script: [[NERVES]]});
  await chat.begin();
  await chat.answers.getByLabel("Leaking pee").check();
  await chat.answers.getByLabel("Leaking poop").check();
  await chat.answers.getByLabel("None of these").check();
  assert.deepEqual(await checked(chat), ["None of these"]);
  await chat.answers.getByLabel("Not sure").check();
  assert.deepEqual(await checked(chat), ["Not sure"]);
  await chat.answers.getByLabel("Leaking pee").check();
  assert.deepEqual(await checked(chat), ["Leaking pee, or not knowing when I need to go"]);
});

test("a batch is reviewed before it goes, and can be changed there", async (t) => {
  const chat = await visit(t, {script: [[NERVES], [say("thank you")]]});
  await chat.begin();
  await chat.answers.getByLabel("None of these").check();
  await chat.button("Review my answer").click();
  assert.deepEqual(await chat.answers.getByRole("listitem").allTextContents(), ["None of these"]);
  assert.equal(rasa.got.length, 1);
  await chat.button("Change it").click();
  assert.deepEqual(await checked(chat), ["None of these"]);
  await chat.answers.getByLabel("New loss of feeling").check();
  await chat.button("Review my answer").click();
  await chat.button("Send this answer").click();
  await until(() => rasa.got.length === 2);
  assert.equal(rasa.got[1], "New loss of feeling or function with sex");
});

test("an empty answer is refused in words and not by colour", async (t) => {
  const chat = await visit(t, {script: [[WHO]]});
  await chat.begin();
  await chat.button("Review my answer").click();
  assert.equal(await chat.status.textContent(), "Please answer each part.");
  await chat.answers.getByLabel("Me", {exact: true}).check();
  await chat.answers.getByLabel("Female").check();
  await chat.answers.getByLabel("Age in years").fill("444");
  await chat.button("Review my answer").click();
  assert.equal(await chat.status.textContent(), "Please write a number from 0 to 120.");
  assert.equal(rasa.got.length, 1);
});

test("body map: picture and list show the same, whichever is pressed", async (t) => {
  const chat = await visit(t, {script: [[WHERE], [say("thank you")]]});
  await chat.begin();
  await part(chat, "lower_back").click();
  assert.deepEqual(await checked(chat), ["Low back"]);
  await chat.answers.getByLabel("Neck").check();
  assert.match(await part(chat, "neck").getAttribute("class"), /lit/);
  await part(chat, "lower_back").click();
  assert.deepEqual(await checked(chat), ["Neck"]);
  await chat.button("Review my answer").click();
  await chat.button("Send this answer").click();
  await until(() => rasa.got.at(-1) === "Neck");
});

test("body map: a second leg makes it both legs, and a second press takes it back", async (t) => {
  const chat = await visit(t, {script: [[WHERE]]});
  await chat.begin();
  await part(chat, "leg_one_below_knee", 0).click();
  assert.deepEqual(await checked(chat), ["One leg below the knee"]);
  await part(chat, "leg_one_above_knee", 1).click();
  assert.deepEqual(await checked(chat), ["Both legs"]);
  await part(chat, "leg_one_above_knee", 1).click();
  assert.deepEqual(await checked(chat), []);
  await part(chat, "arm_one", 1).click();
  await part(chat, "arm_one", 0).click();
  assert.deepEqual(await checked(chat), ["Both arms"]);
});

test("body map: belly, chest, groin, thighs and knees are on the front, and the patient's right is one on both sides", async (t) => {
  const chat = await visit(t, {script: [[WHERE]]});
  await chat.begin();
  const front = (region) => chat.answers.locator(`.front [data-region=${region}]`);
  for (const [region, name] of [["abdomen", "Belly"], ["chest", "Chest"], ["groin", "Groin"], ["knee", "Knee"]]) {
    await front(region).first().click();
    assert.deepEqual(await checked(chat), [name]);
    await front(region).first().click();
  }
  await front("leg_one_above_knee").first().click();
  assert.deepEqual(await checked(chat), ["One leg above the knee"]);
  const lit = (view) =>
    chat.answers.locator(`.${view} .lit`).evaluateAll((each) => each.map((one) => {
      const figure = one.parentElement.getBoundingClientRect();
      const {left, width} = one.getBoundingClientRect();
      return left + width / 2 < figure.left + figure.width / 2 ? "left of the picture" : "right of the picture";
    }));
  assert.deepEqual([await lit("front"), await lit("back")], [["left of the picture"], ["right of the picture"]]);
});

test("body map: every part that can be pressed is in the list, and a part that is not offered cannot be pressed", async (t) => {
  const chat = await visit(t, {script: [[WHERE]]});
  await chat.page.route("**/chat/messages*", async (route) => {
    const response = await route.fetch();
    const data = await response.json();
    for (const {choices} of data.messages ?? []) choices.options = choices.options.filter((each) => each.region !== "abdomen");
    await route.fulfill({response, json: data});
  });
  await chat.begin();
  await chat.page.reload();
  await chat.answers.locator("svg").waitFor();
  const regions = await chat.answers.locator(".part").evaluateAll((each) => each.map((one) => one.dataset.region));
  assert.ok(regions.includes("chest") && !regions.includes("abdomen"));
  await part(chat, "abdomen").click();
  assert.deepEqual(await checked(chat), []);
  assert.equal(await chat.answers.locator("svg").getAttribute("aria-hidden"), "true");
});

test("the scale is a radio group with its ends in words", async (t) => {
  const chat = await visit(t, {script: [[HOW_BAD], [ON_AVERAGE], [say("thank you")]]});
  await chat.begin();
  assert.equal(await chat.answers.getByRole("radio").count(), 11);
  await chat.answers.getByText("0 = no pain").waitFor();
  await chat.button("Send this answer").click();
  assert.equal(await chat.status.textContent(), "Please pick an answer first.");
  await chat.answers.getByLabel("10", {exact: true}).check();
  await chat.button("Send this answer").click();
  await chat.answers.getByText("10 = pain as bad as you can imagine").waitFor();
  assert.equal(await chat.answers.locator("input:checked").count(), 0, "the last answer is not picked again");
});

test("times are shown by day, and a press books that one", async (t) => {
  const chat = await visit(t, {script: [[TIMES], [say("booked")]]});
  await chat.begin();
  assert.deepEqual(await chat.answers.locator(".day").allTextContents(), ["Tue, Dec 1", "Wed, Dec 2"]);
  await chat.answers.getByRole("group", {name: "Wed, Dec 2"}).getByRole("button").click();
  await until(() => rasa.got.at(-1) === "3");
  await chat.heard("Wed, Dec 2, 3:20 PM EST, Dr. Ana Rivera, video");
});

test("a new question is in sight with its short answers, and with the first of many", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [WHO], [NERVES]], viewport: {width: 390, height: 600}});
  await chat.begin();
  const inside = async (locator) => {
    const [outer, inner] = [await chat.panel.locator(".scroll").boundingBox(), await locator.boundingBox()];
    return inner.y >= outer.y - 1 && inner.y + inner.height <= outer.y + outer.height + 1;
  };
  await until(() => inside(chat.button("No")));
  await chat.button("Yes, start").click();
  await chat.answers.locator("#age").waitFor();
  await until(() => inside(chat.log.getByText("Who has the pain?")));
  assert.ok(await inside(chat.answers.getByLabel("Me", {exact: true})));
});

test("progress says where in the questions one is", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [NERVES]]});
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.answers.getByLabel("None of these").waitFor();
  const bar = chat.panel.getByRole("progressbar");
  assert.match(await bar.getAttribute("aria-label"), /^Question 4 of \d+$/);
});

test("an earlier answer can be changed; it goes out as a correction in the patient's words", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [HOW_BAD], [NERVES], [say("changed")]]});
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.answers.getByLabel("3", {exact: true}).check();
  await chat.button("Send this answer").click();
  await chat.answers.getByLabel("None of these").waitFor();
  await chat.button("Change your answer: 3").click();
  await chat.panel.getByText("You are changing:").waitFor();
  await chat.button("Cancel").click();
  await chat.button("Change your answer: 3").click();
  await chat.page.keyboard.type("my pain is 8");
  await chat.page.keyboard.press("Enter");
  await chat.heard("changed");
  assert.equal(rasa.got.at(-1), "Correction: my pain is 8");
});

test("words of one's own are always possible instead of a press", async (t) => {
  const chat = await visit(t, {script: [[HOW_BAD], [say("heard")]]});
  await chat.begin();
  await chat.write("unbearable at night");
  await chat.heard("heard");
  assert.equal(rasa.got.at(-1), "unbearable at night");
});
