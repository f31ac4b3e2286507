"use strict";
// Everything on screen is made with createElement and textContent: what a patient or the server writes is never markup.
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const LIMIT = 2000;
  const URGENT = {call_911: "Call 911 now", crisis: "Get help now", er_now: "Go to the ER now"};
  // With no connection to the server, the worst phrases still bring up the emergency banner.
  const WORST = /chest pain|can(no|')?t breathe|kill myself|suicid|passed out|numb (between|groin)|(can(no|')?t|unable to) (pee|control)/i;
  const OFFLINE = "We cannot reach the clinic. If this is an emergency, call 911 now.";
  const phone = document.querySelector(".call");
  const kept = {
    get: (key, otherwise = null) => { try { return JSON.parse(sessionStorage.getItem(key)) ?? otherwise; } catch { return otherwise; } },
    set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode: this page only */ } },
  };
  let token = kept.get("token"), waiting = kept.get("waiting", []), last = 0, socket = null, sending = false, pause = 1000;
  const shown = new Map(); // message id -> list item

  function entry(text, who, urgent) {
    const item = make("li", {className: who + (urgent ? " urgent" : "")},
      make("span", {className: "hidden", textContent: who === "me" ? "You said: " : "Helper said: "}), text);
    $("list").append(item);
    look();
    return item;
  }

  function look() { // at the end, but never past the beginning of the last question
    const box = $("scroll"), question = [...$("list").querySelectorAll(".bot")].pop();
    const end = box.scrollHeight - box.clientHeight;
    box.scrollTop = question && $("answers").firstChild ? Math.min(end, question.offsetTop - box.offsetTop - 8) : end;
  }

  function mark(id, state) { // sending, sent or failed; said beside the message, not by colour
    const item = shown.get(id);
    if (!item) return;
    item.querySelector("small")?.remove();
    const words = {sending: "Sending…", failed: "Not sent yet. We keep trying."}[state];
    if (words) item.append(make("small", {textContent: words}));
  }

  function alarm(level, text) {
    kept.set("alarm", {level, text});
    const links = make("nav", {ariaLabel: "Emergency numbers"});
    const numbers = level === "crisis" ? [["988", "Call or text 988"], ["911", "Call 911"]] : [["911", "Call 911"]];
    if (phone.pathname) numbers.push([phone.pathname, "Clinic: " + phone.pathname]);
    for (const [number, words] of numbers) links.append(make("a", {href: "tel:" + number, textContent: words}));
    $("alert").replaceChildren(make("strong", {textContent: URGENT[level]}), make("p", {textContent: text}), links);
  }

  function receive(message) {
    if (message.seq <= last) return;
    last = message.seq;
    entry(message.text, "bot", message.disposition in URGENT);
    if (message.disposition in URGENT) alarm(message.disposition, message.text);
    if (message.choices || message.asked) offer(message.choices);
    if (!waiting.length) $("status").textContent = "";
  }

  function offer(choices) {
    $("answers").replaceChildren();
    if (!choices) return;
    const {kind, options} = choices;
    const press = (option) => make("button", {type: "button", textContent: option.text, className: option.only ? "wide" : "",
      onclick: () => answer(option.token, option.text)});
    if (kind === "one" || kind === "scale") {
      const field = make("fieldset", {className: kind}, make("legend", {textContent: "Choose an answer, or write your own"}));
      field.append(...options.map(press));
      $("answers").append(field);
    } else {
      const form = make("form", {noValidate: true});
      const groups = new Map();
      for (const option of options) {
        const group = option.group ?? (kind === "many" ? "Pick all that fit" : "Choose one");
        if (!groups.has(group)) groups.set(group, make("fieldset", {}, make("legend", {textContent: group})));
        const box = make("input", {type: kind === "form" ? "radio" : "checkbox", name: kind === "form" ? group : "pick", value: option.token});
        Object.assign(box.dataset, {text: option.text, only: option.only ? "yes" : ""});
        groups.get(group).append(make("label", {}, box, make("span", {textContent: option.text})));
      }
      form.append(...groups.values());
      let number = null;
      if (choices.number) {
        number = make("input", {type: "number", inputMode: "numeric", min: choices.number.min ?? 0, max: choices.number.max ?? 120, id: "age"});
        form.append(make("fieldset", {}, make("label", {htmlFor: "age"}, "Age in years", number)));
      }
      form.addEventListener("change", ({target}) => { // "None of these" and the like exclude all others
        if (target.type !== "checkbox" || !target.checked) return;
        for (const box of form.elements) if (box.type === "checkbox" && box !== target && (target.dataset.only || box.dataset.only)) box.checked = false;
      });
      form.append(make("button", {className: "main", textContent: "Send my answer"}));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const picked = [...form.elements].filter((box) => box.checked);
        if (!picked.length || (number && !number.checkValidity())) { $("status").textContent = "Please pick an answer first."; return; }
        const words = [...picked.map((box) => box.dataset.text), number?.value].filter(Boolean).join("\n");
        answer(picked.map((box) => box.value), words, number?.value);
      });
      $("answers").append(form);
    }
    look();
  }

  const answer = (choice, words, text) => push({choice, ...(text ? {text} : {})}, words);

  function push(body, words) {
    const id = crypto.randomUUID();
    waiting.push({words, body: {id, ...body}});
    kept.set("waiting", waiting);
    shown.set(id, entry(words, "me"));
    mark(id, "sending");
    $("answers").replaceChildren();
    (matchMedia("(pointer: fine)").matches ? $("composer") : $("scroll")).focus({preventScroll: true}); // no keyboard over the answer
    flush();
  }

  const ask = (path, options = {}) => fetch(path, {...options, credentials: "omit", signal: AbortSignal.timeout(15000),
    headers: {"Content-Type": "application/json", ...(token ? {Authorization: "Bearer " + token} : {})}});

  async function flush() { // one message after the other; what cannot be sent stays and is tried again
    if (sending || !waiting.length) return;
    sending = true;
    let retry = 0;
    try {
      if (!token) await begin();
      const {body, words} = waiting[0], before = last;
      const response = await ask("/chat/messages", {method: "POST", body: JSON.stringify(body)});
      if (response.status === 401) { over(); return; }
      if (response.status >= 500) throw new Error("server");
      const refusal = response.ok ? null : await response.json();
      if (response.status === 429) { $("status").textContent = refusal.text; retry = 3000; return; }
      waiting.shift();
      kept.set("waiting", waiting);
      mark(body.id, "sent");
      if (refusal) { entry(refusal.text, "bot"); $("composer").value ||= body.text ? words : ""; }
      else $("status").textContent = last === before ? "Helper is reading…" : "";
    } catch {
      const {body, words} = waiting[0];
      mark(body.id, "failed");
      $("status").textContent = "No connection. Your message is kept and will be sent.";
      if (WORST.test(words)) alarm(/kill|suicid/i.test(words) ? "crisis" : "call_911", OFFLINE);
      retry = pause = Math.min(pause * 2, 15000);
    } finally {
      sending = false;
      if (retry) setTimeout(flush, retry); else if (waiting.length && token) flush();
    }
  }

  async function begin() {
    const response = await ask("/chat/session", {method: "POST", body: "{}"});
    if (!response.ok) throw new Error("no session");
    token = (await response.json()).token;
    kept.set("token", token);
    listen();
  }

  function over() { // the session has ended: a new message begins a new one
    token = null; last = 0; kept.set("token", null);
    $("status").textContent = "This chat has ended to protect your answers. Send your message again to start a new one.";
    socket?.close();
  }

  function listen() {
    if (!token || (socket && socket.readyState < 2)) return;
    const mine = socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/chat/socket");
    mine.onopen = () => { mine.send(JSON.stringify({token, after: last})); pause = 1000; flush(); };
    mine.onmessage = (event) => receive(JSON.parse(event.data));
    mine.onclose = (event) => { if (event.code === 4401) over(); else if (token) setTimeout(listen, pause = Math.min(pause * 2, 15000)); };
  }

  async function resume() { // after a reload: what was said, without announcing it again
    open();
    $("log").setAttribute("aria-busy", "true");
    try {
      const response = await ask("/chat/messages?after=0");
      if (response.status === 401) { over(); return; }
      const {messages, sent} = await response.json();
      const rows = [...messages.map((each) => [each.seq, 0, each]), ...sent.map((each) => [each.after, 1, each])];
      for (const [, mine, each] of rows.sort((a, b) => a[0] - b[0] || a[1] - b[1])) mine ? shown.set(each.id, entry(each.text, "me")) : receive(each);
      if (messages.length && sent.some((each) => each.after >= last)) $("answers").replaceChildren();
    } catch { $("status").textContent = "No connection. We keep trying."; }
    for (const {body, words} of waiting) if (!shown.has(body.id)) { shown.set(body.id, entry(words, "me")); mark(body.id, "failed"); }
    $("log").removeAttribute("aria-busy");
    listen(); flush();
  }

  function open() { $("start").hidden = true; $("finish").hidden = false; document.body.classList.add("talking"); }

  $("begin").onclick = () => { open(); push({text: "Hi"}, "Hi"); };
  $("finish").onclick = async () => { try { await ask("/chat/session", {method: "DELETE"}); } finally { sessionStorage.clear(); location.reload(); } };
  $("composer").oninput = ({target}) => {
    $("limit").hidden = target.value.length <= LIMIT;
    $("limit").textContent = `Please shorten your message: ${target.value.length} of ${LIMIT} characters.`;
  };
  $("composer").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("form").requestSubmit(); }
  };
  $("form").onsubmit = (event) => {
    event.preventDefault();
    const text = $("composer").value.trim();
    if (!text) return; // a text that is too long goes out too: the server looks through it for danger signs
    $("composer").value = "";
    if (!$("start").hidden) open();
    push({text}, text);
  };
  addEventListener("online", () => { flush(); listen(); });
  const alarmed = kept.get("alarm");
  if (alarmed) alarm(alarmed.level, alarmed.text);
  if (token) resume();
})();
