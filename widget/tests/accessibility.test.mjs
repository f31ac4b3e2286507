/** axe at zero in every state, language and mode; motion, reflow, text size, forced colours, targets (W5, W7, W8). */
import assert from "node:assert/strict";
import {createRequire} from "node:module";
import {test} from "node:test";
import {host, rasa, say, until, visit} from "./clinic.mjs";
import {CONSENT, HOW_BAD, NERVES, NUMB, TIMES, WHERE, WHO} from "./questions.mjs";

const axe = createRequire(import.meta.url)("axe-core").source;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PHONE = {width: 390, height: 844};

/** What axe finds, as "rule: element"; `plant` puts a mistake into the widget first. */
async function scan(chat, plant = false) {
  await chat.page.evaluate(axe);
  return chat.page.evaluate(
    async ([rules, planted]) => {
      const root = document.querySelector("intake-chat").shadowRoot;
      if (planted) root.querySelector("dialog").append(Object.assign(document.createElement("button"), {id: "planted"}));
      const page = {exclude: ["#link"]}; // the test page's own link, unreadable in Chromium's dark default
      const {violations} = await window.axe.run(page, {runOnly: rules});
      root.querySelector("#planted")?.remove();
      return violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target.flat().join(" ")}`));
    },
    [RULES, plant],
  );
}

/** Walk through the states of the widget and call `look` in each. */
async function walk(chat, look) {
  await look("closed");
  await chat.open();
  await look("start");
  const press = (name) => chat.answers.getByRole("button", {name}).click();
  const send = async () => {
    await chat.answers.locator(".main").click();
    await chat.answers.locator(".review .main").click();
  };
  await chat.answers.locator(".choice").first().waitFor();
  await look("consent");
  await press(/^(Yes, start|Sí, empezar)$/);
  await chat.answers.locator("#age").waitFor();
  await chat.answers.locator(".main").click();
  await look("error");
  await chat.answers.getByLabel("Me", {exact: true}).check();
  await chat.answers.getByLabel("Female", {exact: true}).check();
  await chat.answers.locator("#age").fill("44");
  await chat.answers.locator(".main").click();
  await chat.answers.locator(".review").waitFor();
  await look("review");
  await chat.answers.locator(".review .main").click();
  await chat.answers.getByLabel("Leaking pee").waitFor();
  await chat.panel.locator("summary").last().click();
  await look("batch");
  await chat.answers.locator(".only input").first().check();
  await send();
  await chat.answers.locator("svg").waitFor();
  await chat.answers.getByLabel("Low back").check();
  await look("body map");
  await send();
  await chat.answers.locator(".numbers").waitFor();
  await chat.answers.getByLabel("7", {exact: true}).check();
  await look("scale");
  await chat.answers.locator(".main").click();
  await chat.answers.locator(".slot").first().waitFor();
  await look("times");
  await chat.panel.locator("#more").click();
  await look("menu");
  await chat.panel.locator("#more").click();
  await chat.write(NUMB);
  await chat.alarm.locator("strong").waitFor();
  await chat.answers.locator(".choice").first().waitFor();
  await look("emergency");
}

const INTAKE = [[CONSENT], [WHO], [NERVES], [WHERE], [HOW_BAD], [TIMES], [say("We have stopped our questions.")]];

for (const [name, page, options] of [
  ["in English on a desk", {}, {}],
  ["in Spanish on a phone", {lang: "es"}, {viewport: PHONE, hasTouch: true}],
  ["on a page that runs from right to left", {dir: "rtl"}, {}],
  ["in the dark", {head: '<meta name="color-scheme" content="light dark">'}, {colorScheme: "dark"}],
  ["in forced colours", {}, {forcedColors: "active"}],
]) {
  test(`W5: axe finds nothing in any state ${name}, and does find a planted mistake`, async (t) => {
    const path = `/axe-${name.replace(/ /g, "-")}`;
    host.add(path, host.html(page));
    const chat = await visit(t, {path, script: INTAKE, ...options});
    const found = {};
    await walk(chat, async (state) => {
      const violations = await scan(chat);
      if (violations.length) found[state] = violations;
    });
    assert.deepEqual(found, {});
    assert.deepEqual(await scan(chat, true), ["button-name: intake-chat #planted"]);
  });
}

test("W7: with reduced motion nothing moves, in no root, while the helper is reading", async (t) => {
  let release;
  const running = (page) =>
    page.evaluate(async () => {
      const roots = [document, document.querySelector("intake-chat").shadowRoot];
      let most = 0;
      for (let frame = 0; frame < 20; frame += 1) {
        most = Math.max(most, roots.flatMap((root) => root.getAnimations()).length);
        await new Promise(requestAnimationFrame);
      }
      return most;
    });
  for (const [reducedMotion, moves] of [["reduce", false], ["no-preference", true]]) {
    const chat = await visit(t, {script: [[CONSENT]], reducedMotion});
    await chat.begin();
    rasa.hold = new Promise((done) => (release = done));
    await chat.write("hello");
    await chat.panel.getByText("Helper is reading").waitFor();
    assert.equal((await running(chat.page)) > 0, moves);
    release();
  }
});

for (const [name, viewport] of [["320 by 256, as at 400 %", {width: 320, height: 256}], ["a small phone", {width: 320, height: 568}]]) {
  test(`W8: on ${name} nothing scrolls sideways and one can write and send, in every state`, async (t) => {
    const chat = await visit(t, {script: INTAKE, viewport});
    await walk(chat, async (state) => {
      if (state === "closed") return;
      const sideways = await chat.page.evaluate(() => {
        const root = document.querySelector("intake-chat").shadowRoot;
        return [document.documentElement, ...root.querySelectorAll("dialog, .scroll, .alarm")]
          .filter((each) => each.scrollWidth > each.clientWidth + 1)
          .map((each) => each.className || each.tagName);
      });
      assert.deepEqual(sideways, [], state);
      for (const control of [chat.composer, chat.panel.locator(".send")]) {
        const {x, y, width, height} = await control.boundingBox();
        assert.ok(x >= 0 && y >= 0 && x + width <= viewport.width && y + height <= viewport.height, `${state}: ${control}`);
      }
    });
  });
}

test("W8: wider letter, word and line spacing cuts nothing off", async (t) => {
  const chat = await visit(t, {script: INTAKE});
  await chat.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}");
    const {shadowRoot} = document.querySelector("intake-chat");
    shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, sheet];
  });
  await walk(chat, async (state) => {
    const cut = await chat.page.evaluate(() =>
      [...document.querySelector("intake-chat").shadowRoot.querySelectorAll("button, legend, .box, li > p, .help a")]
        .filter((each) => each.offsetParent && (each.scrollWidth > each.clientWidth + 2 || each.scrollHeight > each.clientHeight + 2))
        .filter((each) => getComputedStyle(each).display !== "inline" && !each.classList.contains("hidden"))
        .map((each) => each.textContent.trim()),
    );
    assert.deepEqual(cut, [], state);
  });
});

test("W8: text of twice the size still fits", async (t) => {
  const chat = await visit(t, {script: INTAKE, viewport: {width: 640, height: 430}, deviceScaleFactor: 2});
  await walk(chat, async (state) => {
    if (state !== "closed") assert.ok((await chat.composer.boundingBox()).y < 430, state);
  });
});

test("W8: on a phone it fills the screen, keeps the focus inside, and the page behind cannot be reached", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]], viewport: PHONE, hasTouch: true});
  await chat.open();
  assert.deepEqual(await chat.panel.boundingBox(), {x: 0, y: 0, ...PHONE});
  assert.ok(await chat.panel.evaluate((each) => each.matches(":modal")));
  for (let presses = 0; presses < 20; presses += 1) {
    await chat.page.keyboard.press("Tab");
    assert.notEqual(await chat.page.evaluate(() => document.activeElement.id), "link");
  }
  await chat.page.keyboard.press("Escape");
  await until(async () => !(await chat.panel.isVisible()));
});

test("W8: a window that is made narrow or wide while it is open changes the way and keeps what is written", async (t) => {
  const chat = await visit(t, {script: [[CONSENT]]});
  await chat.begin();
  await chat.composer.fill("half a senten");
  await chat.page.setViewportSize(PHONE);
  await until(() => chat.panel.evaluate((each) => each.matches(":modal")));
  await chat.page.setViewportSize({width: 1280, height: 860});
  await until(() => chat.panel.evaluate((each) => !each.matches(":modal") && each.open));
  assert.equal(await chat.composer.inputValue(), "half a senten");
});

test("W8: every target is at least 24 pixels, and what is pressed to answer at least 44 high", async (t) => {
  const chat = await visit(t, {script: INTAKE, viewport: PHONE, hasTouch: true});
  await walk(chat, async (state) => {
    const small = await chat.page.evaluate(() =>
      [...document.querySelector("intake-chat").shadowRoot.querySelectorAll("button, a, summary, label.box, textarea, #age")]
        .map((each) => [each.getBoundingClientRect(), each])
        .filter(([{width, height}, each]) => {
          const least = each.closest(".link, .help, summary") ? 24 : 44;
          return width && (height < least || width < Math.min(least, 24));
        })
        .map(([{width, height}, each]) => `${each.tagName} ${each.className} ${width} x ${height}`),
    );
    assert.deepEqual(small, [], state);
  });
});

test("W8: focus is always to be seen and never covered", async (t) => {
  const chat = await visit(t, {script: INTAKE, viewport: {width: 390, height: 600}});
  await walk(chat, async (state) => {
    if (state === "closed") return;
    for (let presses = 0; presses < 25; presses += 1) {
      await chat.page.keyboard.press("Tab");
      const hidden = await chat.page.evaluate(() => {
        const root = document.querySelector("intake-chat").shadowRoot;
        const each = root.activeElement;
        if (!each || each.matches(".scroll, dialog")) return "";
        const {left, top, width, height} = (each.closest(".box") ?? each).getBoundingClientRect();
        const over = root.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
        const seen = over && (over === each || each.contains(over) || over.contains(each) || over.closest("label")?.contains(each));
        return seen ? "" : `${each.tagName} ${each.className} ${each.textContent.slice(0, 30)}`;
      });
      assert.equal(hidden, "", state);
    }
  });
});
