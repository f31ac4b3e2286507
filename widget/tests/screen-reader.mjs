/** A patient who has only a keyboard, and of the page only what a screen reader gets: the accessibility tree. */
import assert from "node:assert/strict";

const OPERABLE = ["button", "link", "checkbox", "radio", "textbox", "DisclosureTriangle"];
const MOST_STOPS = 80;

export class ScreenReader {
  constructor(chat) {
    this.chat = chat;
    this.keyboard = chat.page.keyboard;
  }

  /** Begin to listen to the log: what is added to it, in order, and what of that is touched again. */
  async listen() {
    this.session = await this.chat.page.context().newCDPSession(this.chat.page);
    await this.chat.log.evaluate((log) => {
      const {heard} = (window.reader = {heard: [], again: []});
      new MutationObserver((records) => {
        for (const {type, target, addedNodes, removedNodes} of records) {
          if (type === "characterData") window.reader.again.push(target.textContent);
          for (const each of removedNodes) if (each.nodeName === "LI") window.reader.again.push(each.textContent);
          for (const each of addedNodes) {
            if (each.nodeName !== "LI") continue;
            const spoken = [...each.querySelectorAll(":scope > span, :scope > p")].map((part) => part.textContent).join("");
            heard.push(log.ariaBusy === "true" ? `(while busy) ${spoken}` : spoken);
          }
        }
      }).observe(log, {childList: true, subtree: true, characterData: true});
    });
  }

  /** All that was read out of the log, and what was read out twice or taken back. */
  log() {
    return this.chat.page.evaluate(() => window.reader);
  }

  /** The tree of the whole page, in order: role, name and states of each node. */
  async tree() {
    const {nodes} = await this.session.send("Accessibility.getFullAXTree");
    const byId = new Map(nodes.map((each) => [each.nodeId, each]));
    const below = (id) => (byId.has(id) ? [byId.get(id), ...(byId.get(id).childIds ?? []).flatMap(below)] : []);
    return below(nodes[0].nodeId)
      .filter((each) => !each.ignored)
      .map(({role, name, properties = []}) => ({
        role: role.value,
        name: name?.value ?? "",
        ...Object.fromEntries(properties.map((each) => [each.name, each.value.value])),
      }));
  }

  /** Check what must hold at every moment; returns the tree. */
  async check() {
    const tree = await this.tree();
    const one = (role) => tree.filter((each) => each.role === role);
    assert.deepEqual(tree.filter(({role, name}) => OPERABLE.includes(role) && !name.trim()), [], "a control without a name");
    assert.deepEqual(tree.filter((each) => each.focusable && !each.name && !["RootWebArea", "dialog"].includes(each.role)), []);
    assert.deepEqual([one("dialog"), one("log")].map(([each]) => each.name), ["Spine Clinic", "Conversation"]);
    assert.equal(one("log").length + one("alert").length + one("status").length, 3, "one log, one alert, one status");
    const focus = tree.find((each) => each.focused && each.role !== "RootWebArea");
    assert.ok(focus, "the focus is lost");
    return tree;
  }

  /** Move the focus towards a control with Tab or Shift and Tab; inside a group of radios with the arrow key. */
  async go(role, name) {
    const isFocus = (each) => each.focused && each.role !== "RootWebArea";
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      const tree = await this.tree();
      const to = tree.findIndex((each) => each.role === role && each.name === name);
      assert.ok(to >= 0, `no ${role} "${name}"`);
      const at = tree.findIndex(isFocus);
      if (to === at) return;
      const key = to < at ? "Shift+Tab" : "Tab";
      await this.keyboard.press(role === "radio" && (await this.inGroupOf(name)) ? "ArrowDown" : key);
    }
    assert.fail(`${role} "${name}" cannot be reached by keyboard`);
  }

  /** Whether the focus is on a radio of the same group as the one with this name. */
  inGroupOf(name) {
    return this.chat.answers.getByLabel(name, {exact: true}).evaluate((wanted) => {
      const focus = wanted.getRootNode().activeElement;
      return focus?.type === "radio" && focus.name === wanted.name;
    });
  }

  /** Press a button or link, tick a box, choose a radio. */
  async use(role, name) {
    await this.go(role, name);
    if (role === "checkbox" || role === "radio") await this.keyboard.press("Space");
    else await this.keyboard.press("Enter");
  }

  async type(words) {
    await this.go("textbox", "Your message");
    await this.keyboard.type(words);
    await this.keyboard.press("Enter");
  }

  /** Answer a question by what the tree offers, like a patient without any danger sign. */
  async answer(asked) {
    const tree = await this.check();
    const has = (role, name) => tree.some((each) => each.role === role && each.name === name);
    const send = async () => {
      await this.use("button", "Review my answer");
      await this.chat.button("Send this answer").waitFor();
      await this.check();
      await this.use("button", "Send this answer");
    };
    if (has("radio", "10")) {
      await this.use("radio", "5");
      return this.use("button", "Send this answer");
    }
    if (has("textbox", "Age in years")) {
      await this.use("radio", "Me");
      await this.use("radio", "Female");
      await this.go("textbox", "Age in years");
      await this.keyboard.type("44");
      return send();
    }
    for (const name of ["None of these", "Low back", tree.find((each) => each.role === "checkbox")?.name]) {
      if (!name || !has("checkbox", name)) continue;
      await this.use("checkbox", name);
      return send();
    }
    for (const name of ["Yes, start", "Yes, that is right", "No", "Skip"]) if (has("button", name)) return this.use("button", name);
    const time = tree.find((each) => each.role === "button" && /\d:\d\d [AP]M/.test(each.name));
    if (time) return this.use("button", time.name);
    return this.type(/own words/.test(asked) ? "my lower back has hurt for 3 months, came on slowly, 5/10, about the same" : "555-555-9999");
  }
}
