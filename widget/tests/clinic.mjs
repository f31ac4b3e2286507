/** A whole clinic on loopback for the tests: the real gateway, a double of Rasa, a clinic's web page, a browser. */
import assert from "node:assert/strict";
import {execFileSync, spawn} from "node:child_process";
import {createHash} from "node:crypto";
import {readFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {createServer} from "node:http";
import {createServer as createPort} from "node:net";
import {tmpdir} from "node:os";
import {chromium} from "playwright-core";

export const ROOT = new URL("../..", import.meta.url).pathname;
const WIDGET = `${ROOT}intake/gateway/widget/`;
const NAME = readdirSync(WIDGET).at(-1);
const INTEGRITY = `sha384-${createHash("sha384").update(readFileSync(WIDGET + NAME)).digest("base64")}`;
export const PYTHON = `${ROOT}.venv/bin/python`;
export const GREET = "/greet"; // with this the gateway makes Rasa speak first
const PATIENCE = 10_000; // ms for anything that should happen at once
const STARTING = 90_000; // ms for a program to start on a busy machine

/** One message of the assistant, as Rasa's REST channel gives it. */
export const say = (text, {asked = null, disposition = null, buttons, ...more} = {}) => [
  {recipient_id: "x", text, ...(buttons ? {buttons} : {})},
  {recipient_id: "x", custom: {asked, disposition, ...more}},
];

/** Rasa's REST channel: gives what the test has put into `script`, then echoes. `hold` keeps answers back.
 *
 * What is left over from the patients of earlier tests is answered too, but takes nothing from the script.
 */
class Rasa {
  earlier = new Set();
  senders = new Set();

  prepare(script) {
    for (const each of this.senders) this.earlier.add(each);
    this.script = [...script];
    this.got = [];
    this.hold = null;
  }

  async start() {
    this.server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      if (request.method === "POST") {
        const {message, sender} = JSON.parse(body);
        const current = !this.earlier.has(sender);
        this.senders.add(sender);
        if (current) this.got.push(message);
        const answers = (current && this.script.shift()) || say(`You said: ${message}`, {asked: "Q2"});
        if (this.hold) await this.hold;
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(answers.flat()));
      } else response.end("Hello");
    });
    this.url = await listen(this.server);
  }

  stop() {
    this.server.close();
  }
}

/** The real assistant: Rasa with the trained model, and its action server. */
class Assistant {
  async start(env) {
    const [rasaPort, actionsPort] = [await freePort(), await freePort()];
    const endpoints = `${env.INTAKE_VAR}/endpoints.yml`;
    writeFileSync(endpoints, `action_endpoint:\n  url: http://127.0.0.1:${actionsPort}/webhook\n`);
    const options = {cwd: ROOT, env: {...process.env, ...env}, stdio: "ignore"};
    const server = ["-i", "127.0.0.1", "-p", rasaPort, "--endpoints", endpoints, "--credentials", "credentials.yml"];
    this.processes = [
      spawn(PYTHON, ["-m", "rasa_sdk", "--actions", "actions", "-p", actionsPort], options),
      spawn(PYTHON, ["-m", "rasa", "run", ...server, "-m", "models/intake.tar.gz"], options),
    ];
    this.url = `http://127.0.0.1:${rasaPort}`;
    await until(async () => (await fetch(`http://127.0.0.1:${actionsPort}/health`)).ok, STARTING);
    await until(async () => (await fetch(this.url)).ok, STARTING);
  }

  stop() {
    for (const each of this.processes) each.kill("SIGKILL");
  }
}

/** The gateway as it runs in a clinic; it can be killed and started again with what it had stored. */
class Gateway {
  async start(env) {
    this.env = {...process.env, ...env};
    this.port = env.GATEWAY_PORT;
    this.url = `http://127.0.0.1:${this.port}`;
    await this.up();
  }

  async up() {
    this.process = spawn(PYTHON, ["-m", "intake.gateway"], {cwd: ROOT, env: this.env, stdio: "ignore"});
    await until(async () => (await fetch(`${this.url}/health`)).ok, STARTING);
  }

  kill() {
    this.process.kill("SIGKILL");
    return new Promise((done) => this.process.once("exit", done));
  }
}

/** Pages of a clinic's web site, on their own origin, under the strictest policy that the widget can live with. */
class Host {
  pages = new Map();

  async start(gateway) {
    this.gateway = gateway;
    this.policy =
      `default-src 'none'; script-src ${gateway}; connect-src ${gateway} ${gateway.replace("http", "ws")}; ` +
      "style-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html; base-uri 'none'";
    this.server = createServer((request, response) => {
      const {body, type = "text/html", policy = this.policy} = this.pages.get(request.url) ?? {};
      response.setHeader("content-type", `${type}; charset=utf-8`);
      response.setHeader("content-security-policy", policy);
      response.statusCode = body === undefined ? 404 : 200;
      response.end(body);
    });
    this.url = await listen(this.server);
    this.add("/", this.html());
    this.add("/favicon.ico", "", {type: "image/x-icon"});
  }

  add(path, body, more = {}) {
    this.pages.set(path, {body, ...more});
  }

  /** A page with the widget's tag. */
  html({lang = "en", dir = "ltr", head = "", body = "", tags = 1, data = {}} = {}) {
    const attributes = {clinic: "Spine Clinic", phone: "555-555-0100", ...data};
    const more = Object.entries(attributes).map(([name, value]) => `data-${name}="${value.replace(/"/g, "&quot;")}"`);
    const tag = `<script src="${this.gateway}/widget/${NAME}" integrity="${INTEGRITY}" crossorigin="anonymous" ${more.join(" ")} defer></script>`;
    return (
      `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><title>Clinic</title>` +
      `<meta name="viewport" content="width=device-width">${head}${tag.repeat(tags)}</head>` +
      `<body><main><h1>Spine Clinic</h1><a href="#intake-chat" id="link">Start</a><p>Welcome.</p>${body}</main></body></html>`
    );
  }
}

/** The patient's view of the widget on a page. */
export class Chat {
  constructor(page) {
    this.page = page;
    this.root = page.locator("intake-chat");
    this.launcher = this.root.locator(".launcher");
    this.panel = this.root.locator("dialog");
    this.log = this.panel.getByRole("log");
    this.items = this.log.getByRole("listitem");
    this.composer = this.panel.getByRole("textbox", {name: /Your message|Su mensaje/});
    this.alarm = this.panel.locator("[role=alert]");
    this.status = this.panel.locator("[role=status]");
    this.answers = this.panel.locator("intake-chat-answers");
  }

  async open() {
    await this.launcher.click();
    await this.composer.waitFor();
  }

  /** Open, and wait until the assistant has spoken. */
  async begin() {
    await this.open();
    await this.items.first().waitFor();
  }

  button(name) {
    return this.panel.getByRole("button", {name, exact: true});
  }

  async write(text) {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Wait until the log holds a text. */
  async heard(text) {
    await this.log.getByText(text, {exact: false}).last().waitFor();
  }

  /** Everything in the log, as read out. */
  async texts() {
    return (await this.items.allTextContents()).map((each) => each.replace(/\s+/g, " ").trim());
  }
}

/** The clinic's text messages: a double of Kannel's smsbox, and phones that text through it. */
class Phones {
  sent = []; // [number, text]

  async start() {
    this.server = createServer((request, response) => {
      const query = new URL(request.url, "http://localhost").searchParams;
      this.sent.push([query.get("to"), query.get("text")]);
      response.statusCode = 202;
      response.end("0: Accepted for delivery");
    });
    this.env = {
      KANNEL_SENDSMS_URL: `${await listen(this.server)}/cgi-bin/sendsms`,
      KANNEL_SECRET: "k3Vb4Nt6Rz1Kd8Hs3Jf5Gm0",
      KANNEL_USER: "clinic",
      KANNEL_PASSWORD: "k3Vb4Nt6Rz1Kd8Hs3Jf5Gm0",
      KANNEL_FROM: "+15550009999",
    };
  }

  /** A text from a phone to the clinic. */
  async text(number, words) {
    const fields = {key: this.env.KANNEL_SECRET, from: number, text: words, charset: "UTF-8", id: `${this.sent.length}-${words}`};
    assert.ok((await fetch(`${gateway.url}/sms/kannel?${new URLSearchParams(fields)}`)).ok);
  }

  /** Texts that a phone has got. */
  got(number) {
    return this.sent.filter(([to]) => to === number).map(([, text]) => text);
  }
}

export const rasa = new Rasa();
export const phones = new Phones();
export const gateway = new Gateway();
export const host = new Host();
let assistant;
let browser;
let folder;

/** Start everything; the tests of all files share it. `real`: with the real assistant in place of the double. */
export async function open({real = false} = {}) {
  folder = mkdtempSync(`${tmpdir()}/intake-widget-`);
  const port = await freePort();
  const env = {
    INTAKE_MODE: "demo",
    INTAKE_SECRET: "x7Qp2Lw9Vb4Nt6Rz1Kd8Hs3Jf5Gm0Yc-",
    INTAKE_VAR: folder,
    DATABASE_URL: `sqlite:///${folder}/intake.db`,
    GATEWAY_PORT: String(port),
  };
  assistant = real ? new Assistant() : rasa;
  await host.start(`http://127.0.0.1:${port}`);
  const chromiumStarts = chromium.launch({
    executablePath: process.env.CHROME_PATH || execFileSync("which", ["chromium"], {encoding: "utf8"}).trim(),
    args: ["--no-sandbox"],
  });
  await phones.start();
  await assistant.start(env);
  await gateway.start({...env, ...phones.env, RASA_URL: assistant.url, CHAT_ORIGINS: host.url});
  browser = await chromiumStarts;
}

export async function close() {
  await browser?.close();
  if (gateway.process) await gateway.kill();
  assistant?.stop();
  host.server?.close();
  phones.server?.close();
  rmSync(folder, {recursive: true, force: true});
}

/** A new patient in a new browser context on a page of the clinic. `script`: what Rasa answers, message by message. */
export async function visit(test, {path = "/", script = [], url = host.url, ...options} = {}) {
  rasa.prepare(script);
  const context = await browser.newContext({viewport: {width: 1280, height: 860}, ...options});
  context.setDefaultTimeout(PATIENCE);
  test.after(() => context.close());
  const page = await context.newPage();
  const chat = new Chat(page);
  chat.errors = [];
  page.on("pageerror", (error) => chat.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && chat.errors.push(message.text()));
  await page.addInitScript(() => {
    window.violations = [];
    addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url + path);
  await chat.launcher.waitFor();
  return chat;
}

/** Wait until something holds. */
export async function until(holds, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const result = await Promise.resolve().then(holds).catch(() => false);
    if (result) return result;
    if (Date.now() > end) throw new Error(`It never came to hold: ${holds}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

async function listen(server) {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
}

async function freePort() {
  const probe = createPort();
  const url = await listen(probe);
  await new Promise((done) => probe.close(done));
  return Number(new URL(url).port);
}
