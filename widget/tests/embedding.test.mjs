/** The widget on a clinic's page: strict policies, one tag, a page that styles everything away (W1, W2). */
import assert from "node:assert/strict";
import {test} from "node:test";
import {Chat, gateway, host, visit} from "./clinic.mjs";
import {CONSENT, NERVES} from "./questions.mjs";

const HOSTILE =
  "html{font-size:62.5%}body *{all:unset!important;display:none!important}" +
  "intake-chat{position:static!important;width:1px!important;opacity:0!important;font:3px serif!important;filter:blur(9px)!important}";

test("W1: a whole exchange under integrity, strict CSP and Trusted Types breaks no policy and asks no other host", async (t) => {
  const chat = await visit(t, {script: [[CONSENT], [NERVES]]});
  const foreign = [];
  chat.page.on("request", (request) => {
    if (![gateway.url, host.url].some((url) => request.url().startsWith(url))) foreign.push(request.url());
  });
  await chat.begin();
  await chat.button("Yes, start").click();
  await chat.answers.getByLabel("None of these").check();
  await chat.button("Review my answer").click();
  await chat.button("Send this answer").click();
  await chat.heard("You said: None of these");
  assert.deepEqual(await chat.page.evaluate(() => window.violations), []);
  assert.deepEqual(chat.errors, []);
  assert.deepEqual(foreign, []);
});

test("W1: a file that was tampered with is not run", async (t) => {
  host.add("/tampered", host.html().replace(/sha384-\w/, "sha384-0"));
  await assert.rejects(visit(t, {path: "/tampered", timeout: 1500}));
});

test("the browser is told to keep the file, so a reload needs no second download", async () => {
  const page = await (await fetch(gateway.url)).text();
  const response = await fetch(gateway.url + page.match(/\/widget\/[^"]+/)[0]);
  assert.match(response.headers.get("cache-control"), /immutable/);
});

test("W2: the tag twice gives one widget", async (t) => {
  host.add("/twice", host.html({tags: 2}));
  const chat = await visit(t, {path: "/twice"});
  assert.equal(await chat.page.locator("intake-chat").count(), 1);
});

test("W2: a hostile page cannot hide, move or shrink it", async (t) => {
  host.add("/hostile.css", HOSTILE, {type: "text/css"});
  host.add("/hostile", host.html({head: '<link rel="stylesheet" href="/hostile.css">'}));
  const shape = async (path) => {
    const chat = await visit(t, {path});
    await chat.open();
    return chat.page.evaluate(() => {
      const root = document.querySelector("intake-chat").shadowRoot;
      return [".launcher", "dialog", "h2", "textarea", ".help"].map((name) => {
        const {x, y, width, height} = root.querySelector(name).getBoundingClientRect();
        return [name, ...[x, y, width, height].map(Math.round), getComputedStyle(root.querySelector(name)).fontSize];
      });
    });
  };
  assert.deepEqual(await shape("/hostile"), await shape("/"));
});

test("the clinic chooses the colours by custom properties", async (t) => {
  host.add("/colours.css", ":root{--intake-brand:rgb(90, 30, 120)}", {type: "text/css"});
  host.add("/colours", host.html({head: '<link rel="stylesheet" href="/colours.css">'}));
  const chat = await visit(t, {path: "/colours"});
  assert.equal(await chat.launcher.evaluate((each) => getComputedStyle(each).backgroundColor), "rgb(90, 30, 120)");
});

test("it is dark only where the reader wants that and the page can be dark", async (t) => {
  host.add("/dark", host.html({head: '<meta name="color-scheme" content="light dark">'}));
  const ground = async (path, colorScheme) => {
    const chat = await visit(t, {path, colorScheme});
    await chat.open();
    return chat.panel.evaluate((each) => getComputedStyle(each).backgroundColor);
  };
  const [white, dark] = ["rgb(255, 255, 255)", "rgb(16, 25, 27)"];
  assert.deepEqual(
    [await ground("/", "dark"), await ground("/dark", "light"), await ground("/dark", "dark")],
    [white, white, dark],
  );
});

test("a link to #intake-chat anywhere on the page opens it and gets the focus back", async (t) => {
  const chat = await visit(t);
  await chat.page.locator("#link").click();
  await chat.composer.waitFor();
  await chat.page.keyboard.press("Escape");
  assert.equal(await chat.page.evaluate(() => document.activeElement.id), "link");
});

test("the demo clinic's own page opens it too", async (t) => {
  const chat = await visit(t, {url: gateway.url});
  await chat.page.getByRole("link", {name: "Start your intake"}).click();
  await chat.items.first().waitFor();
  assert.deepEqual([await chat.page.evaluate(() => window.violations), chat.errors], [[], []]);
});
