// <vildar-points>: a member's points and rewards on a page of the shop. docs/storefront.md tells how.
// No cookie, no storage, nothing from elsewhere: a token in memory, and the API of the server.
(() => {
  // a script that is a module has no address here: there the element says `server`
  const home = document.currentScript?.src.replace(/\/widget\/points\.js.*$/, "");

  const texts = {
    en: {
      title: "Your points",
      loading: "Fetching your points…",
      points: { one: "point", other: "points" },
      next: "Next reward",
      missing: { one: "# point to go", other: "# points to go" },
      ready: "Ready for you",
      redeem: "Redeem",
      redeemNamed: (name, cost) => `Redeem ${name} for ${cost}`,
      ask: (name) => `Redeem ${name}?`,
      cost: (cost, left) => `It costs ${cost}, and you keep ${left}.`,
      no: "Not now",
      thanks: "Enjoy it!",
      show: "Show this code at the counter.",
      qr: (code) => `QR code of the voucher ${code}`,
      until: (date) => `Valid until ${date}`,
      placed: "The shop is getting it ready for you.",
      back: "Back to your points",
      again: "Try again",
      failed: {
        insufficient_points: "You do not have enough points for that any more. Your points are untouched.",
        out_of_stock: "Somebody was quicker: it is out of stock. Your points are untouched.",
        price_changed: "It costs something else now. Your points are untouched: please look once more.",
        reward_unavailable: "This reward cannot be redeemed at the moment. Your points are untouched.",
        signed_out: "Please sign in to the shop again to see your points.",
        busy: "There is a lot going on. Please try again in a moment.",
        unreachable: "Your points cannot be reached right now. Please try again.",
        other: "That did not work. Please try again later.",
      },
    },
    is: {
      title: "Punktarnir þínir",
      loading: "Sæki punktana þína…",
      points: { one: "punktur", other: "punktar" },
      costs: { one: "punkt", other: "punkta" },
      next: "Næsta umbun",
      missing: { one: "# punkt vantar", other: "# punkta vantar" },
      ready: "Þetta getur þú fengið",
      redeem: "Innleysa",
      redeemNamed: (name, cost) => `Innleysa ${name} fyrir ${cost}`,
      ask: (name) => `Innleysa „${name}“?`,
      cost: (cost, left) => `Það kostar ${cost} og þú átt þá ${left} eftir.`,
      no: "Ekki núna",
      thanks: "Njóttu vel!",
      show: "Sýndu kóðann við afgreiðsluborðið.",
      qr: (code) => `QR-kóði inneignarmiðans ${code}`,
      until: (date) => `Gildir til og með ${date}`,
      placed: "Verslunin tekur þetta til handa þér.",
      back: "Aftur í punktana",
      again: "Reyna aftur",
      failed: {
        insufficient_points: "Þú átt ekki lengur nógu marga punkta fyrir þessu. Punktarnir þínir eru óhreyfðir.",
        out_of_stock: "Einhver varð á undan: þetta er uppselt. Punktarnir þínir eru óhreyfðir.",
        price_changed: "Verðið hefur breyst. Punktarnir þínir eru óhreyfðir: líttu á það aftur.",
        reward_unavailable: "Ekki er hægt að innleysa þessa umbun núna. Punktarnir þínir eru óhreyfðir.",
        signed_out: "Skráðu þig aftur inn í búðina til að sjá punktana þína.",
        busy: "Það er mikið að gera. Reyndu aftur eftir smástund.",
        unreachable: "Ekki næst í punktana þína núna. Reyndu aftur.",
        other: "Þetta tókst ekki. Reyndu aftur síðar.",
      },
    },
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; --ink: #26302c; --soft: #56625d; --card: #fff; --line: #d5dbd8; --accent: #2f5d50; --on: #fff; }
    :host([hidden]) { display: none; }
    @supports (color: light-dark(red, red)) {
      :host {
        --ink: light-dark(#26302c, #e9ecea); --soft: light-dark(#56625d, #b3beb9); --card: light-dark(#fff, #1c2220);
        --line: light-dark(#d5dbd8, #414b47); --accent: light-dark(#2f5d50, #8fd3c4); --on: light-dark(#fff, #10201c);
      }
    }
    section, dialog {
      box-sizing: border-box; padding: 1.25rem; border: 1px solid var(--vildar-line, var(--line)); border-radius: .9rem;
      background: var(--vildar-card, var(--card)); color: var(--vildar-ink, var(--ink)); line-height: 1.45;
    }
    dialog { width: min(26rem, calc(100vw - 2rem)); }
    dialog::backdrop { background: rgb(0 0 0 / 45%); }
    h2, h3, p, ul { margin: 0 0 .7rem; padding: 0; }
    h2 { font-size: 1.15em; } h3 { font-size: 1em; margin-top: 1.1rem; }
    :is(h2, h3):focus { outline: none; }
    div > :last-child { margin-bottom: 0; }
    .big { font-size: 2.4em; font-weight: 700; line-height: 1.1; font-variant-numeric: tabular-nums; }
    small, .soft { color: var(--vildar-soft, var(--soft)); font-size: .9em; }
    progress { display: block; width: 100%; height: .55rem; margin: .35rem 0; accent-color: var(--vildar-accent, var(--accent)); }
    li { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: .55rem 0; border-top: 1px solid var(--vildar-line, var(--line)); }
    li span { overflow-wrap: anywhere; } li small { display: block; }
    button {
      font: inherit; font-weight: 600; padding: .45rem .9rem; border: 1px solid var(--vildar-accent, var(--accent)); border-radius: .5rem;
      background: var(--vildar-accent, var(--accent)); color: var(--vildar-on, var(--on)); cursor: pointer; white-space: nowrap;
    }
    button.plain { background: transparent; color: var(--vildar-accent, var(--accent)); }
    button:focus-visible { outline: 3px solid var(--vildar-accent, var(--accent)); outline-offset: 2px; }
    .row { display: flex; flex-wrap: wrap; gap: .7rem; margin-top: 1rem; }
    code { display: inline-block; font-size: 1.15em; letter-spacing: .06em; overflow-wrap: anywhere; }
    img { display: block; width: 10rem; height: 10rem; margin: .6rem 0; padding: .4rem; border-radius: .5rem; background: #fff; }
    [role="status"]:empty, [role="alert"]:empty { margin: 0; }
  `);

  /** An element with these properties, and within it these. */
  const el = (name, properties, ...within) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...within);
    return element;
  };

  class Failure extends Error {
    constructor(code) {
      super(code);
      this.code = code;
    }
  }

  /** What a refusal or a failure is told as. */
  const told = ({ code }) => ({
    unauthenticated: "signed_out", forbidden: "signed_out", limit_reached: "reward_unavailable",
    not_found: "reward_unavailable", too_many_requests: "busy", overloaded: "busy",
    idempotency_key_in_flight: "busy", outcome_unknown: "unreachable",
  })[code] ?? code;

  /** Of these nothing comes by trying the same once more. */
  const settled = ["insufficient_points", "out_of_stock", "price_changed", "reward_unavailable", "signed_out"];

  class VildarPoints extends HTMLElement {
    static observedAttributes = ["lang", "server", "token", "token-url"];
    #token = null;
    #member;
    #balance;
    #round = 0;
    #card = el("section");
    #title = el("h2", { id: "title", tabIndex: -1 });
    #status = el("p", { role: "status" });
    #body = el("div");
    #dialog = el("dialog");

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#card.setAttribute("aria-labelledby", "title");
      this.#dialog.setAttribute("aria-labelledby", "ask");
      this.#card.append(this.#title, this.#status, this.#body);
      root.append(this.#card, this.#dialog);
    }

    connectedCallback() {
      this.refresh();
    }

    attributeChangedCallback(name, before, now) {
      if (before === now) return;
      if (name !== "lang") this.#token = null;
      if (this.isConnected) this.refresh();
    }

    /** Reads points and rewards anew; pages may call it, too. */
    async refresh() {
      const round = ++this.#round;
      // attributes that are set one after the other are one change
      await null;
      if (round !== this.#round) return;
      this.#card.lang = this.#dialog.lang = this.#lang;
      this.#title.textContent = this.#say.title;
      this.#tell(this.#member ? "" : this.#say.loading);
      try {
        const member = await this.#call("GET", "/v1/members/me");
        const path = `/v1/members/${member.id}`;
        const [balance, rewards] = await Promise.all([
          this.#call("GET", `${path}/balance`),
          this.#call("GET", `${path}/rewards?limit=100`),
        ]);
        if (round !== this.#round) return;
        this.#member = member;
        this.#balance = balance;
        this.#tell("");
        this.#show(rewards.data);
      } catch (failure) {
        if (round !== this.#round) return;
        this.#tell(this.#why(failure));
        const again = el("button", { type: "button", onclick: () => this.refresh() }, this.#say.again);
        this.#body.replaceChildren(el("p", {}, again));
      }
    }

    get #lang() {
      const wanted = (this.closest("[lang]")?.lang ?? "").slice(0, 2).toLowerCase();
      return wanted in texts ? wanted : "en";
    }

    get #say() {
      return texts[this.#lang];
    }

    #number(number) {
      return new Intl.NumberFormat(this.#lang).format(number);
    }

    #counted(number, forms) {
      return forms[new Intl.PluralRules(this.#lang).select(number)] ?? forms.other;
    }

    /** So many points, as what something costs. */
    #points(number) {
      return `${this.#number(number)} ${this.#counted(number, this.#say.costs ?? this.#say.points)}`;
    }

    #why(failure) {
      const { failed } = this.#say;
      return failed[told(failure)] ?? failed.other;
    }

    #tell(text) {
      this.#status.textContent = text;
    }

    #show(rewards) {
      const { available } = this.#balance;
      const say = this.#say;
      const lacking = (reward) => reward.reasons.length === 1 && reward.reasons[0].shortfall;
      const next = rewards.find(lacking);
      const ready = rewards.filter((reward) => reward.available);
      this.#body.replaceChildren(
        el("p", {}, el("span", { className: "big" }, this.#number(available)), ` ${this.#counted(available, say.points)}`),
        ...(next ? [this.#next(next, lacking(next))] : []),
        ...(ready.length ? [el("h3", {}, say.ready), el("ul", {}, ...ready.map((reward) => this.#ready(reward)))] : []),
      );
    }

    #next(reward, shortfall) {
      const missing = this.#counted(shortfall, this.#say.missing).replace("#", this.#number(shortfall));
      const bar = el("progress", { max: reward.cost_points, value: reward.cost_points - shortfall });
      bar.setAttribute("aria-label", `${reward.name}: ${missing}`);
      const name = el("strong", {}, reward.name);
      return el("div", { className: "next" }, el("h3", {}, this.#say.next), name, bar, el("p", { className: "soft" }, missing));
    }

    #ready(reward) {
      const cost = this.#points(reward.cost_points);
      const redeem = el("button", { type: "button", onclick: () => this.#ask(reward) }, this.#say.redeem);
      redeem.setAttribute("aria-label", this.#say.redeemNamed(reward.name, cost));
      return el("li", {}, el("span", {}, reward.name, el("small", {}, cost)), redeem);
    }

    /** Asks once more before anything is taken. However often it is pressed, one key makes it one redemption. */
    #ask(reward) {
      const say = this.#say;
      const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      const problem = el("p", { role: "alert" });
      let busy = false;
      const redeem = async () => {
        if (busy) return;
        busy = true;
        problem.textContent = "";
        try {
          const ask = { member_id: this.#member.id, reward_id: reward.id, max_points: reward.cost_points, channel: "widget" };
          const redemption = await this.#call("POST", "/v1/redemptions", ask, key);
          this.#dialog.close();
          this.#thank(reward, redemption);
          this.dispatchEvent(new CustomEvent("vildar-redeemed", { detail: redemption, bubbles: true, composed: true }));
        } catch (failure) {
          if (settled.includes(told(failure))) {
            this.#dialog.close();
            await this.refresh();
            this.#tell(this.#why(failure));
            this.#title.focus();
          } else {
            // it may have happened, or may yet: the next try has the same key
            problem.textContent = this.#why(failure);
          }
        }
        busy = false;
      };
      const left = this.#balance.available - reward.cost_points;
      this.#dialog.replaceChildren(
        el("h2", { id: "ask" }, say.ask(reward.name)),
        el("p", {}, say.cost(this.#points(reward.cost_points), this.#number(left))),
        problem,
        el("div", { className: "row" },
          el("button", { type: "button", onclick: redeem }, say.redeem),
          el("button", { type: "button", className: "plain", autofocus: true, onclick: () => this.#dialog.close() }, say.no)),
      );
      this.#dialog.showModal();
    }

    #thank(reward, { voucher }) {
      const say = this.#say;
      const code = voucher && [
        el("p", {}, say.show),
        el("code", {}, voucher.code),
        el("img", { src: new URL(voucher.qr_svg_url, this.#server), alt: say.qr(voucher.code) }),
        el("p", { className: "soft" }, say.until(this.#lastDay(voucher.expires_at))),
      ];
      const thanks = el("h3", { tabIndex: -1 }, say.thanks);
      const back = el("button", { type: "button", className: "plain", onclick: async () => {
        await this.refresh();
        this.#title.focus();
      } }, say.back);
      this.#body.replaceChildren(thanks, el("p", {}, el("strong", {}, reward.name)),
        ...(code ?? [el("p", {}, say.placed)]), el("p", { className: "row" }, back));
      thanks.focus();
    }

    /** The last day that a voucher is good on: what ends it is the moment after. */
    #lastDay(end) {
      const how = { dateStyle: "long", timeZone: this.#member.time_zone };
      return new Intl.DateTimeFormat(this.#lang, how).format(Date.parse(end) - 1);
    }

    get #server() {
      return (this.getAttribute("server") || home || location.origin).replace(/\/$/, "");
    }

    /** The member's token: the one that was given, or one that the shop gives for its customer. */
    async #bearer() {
      const url = this.getAttribute("token-url");
      if (!url) return this.getAttribute("token");
      this.#token ??= this.#fetch(url, { credentials: "same-origin", cache: "no-store" }).then(async (answer) => {
        const { access_token } = await answer.json().catch(() => ({}));
        if (!answer.ok || !access_token) throw new Failure(answer.status >= 500 ? "unreachable" : "signed_out");
        return access_token;
      });
      try {
        return await this.#token;
      } catch (failure) {
        this.#token = null;
        throw failure;
      }
    }

    async #fetch(url, how) {
      try {
        return await fetch(url, how);
      } catch {
        throw new Failure("unreachable");
      }
    }

    /** Calls the API; with a new token where the one that there was has ended. */
    async #call(method, path, body, key, renewed = false) {
      const token = await this.#bearer();
      const used = this.#token;
      if (!token) throw new Failure("signed_out");
      const headers = { authorization: `Bearer ${token}`, "accept-language": this.#lang };
      if (body) headers["content-type"] = "application/json";
      if (key) headers["idempotency-key"] = key;
      const how = { method, headers, credentials: "omit", body: body && JSON.stringify(body) };
      const answer = await this.#fetch(this.#server + path, how);
      if (answer.status === 401 && this.hasAttribute("token-url") && !renewed) {
        // one of several calls fetches the new one
        if (this.#token === used) this.#token = null;
        return this.#call(method, path, body, key, true);
      }
      const said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Failure(said.code ?? "other");
      return said;
    }
  }

  if (!customElements.get("vildar-points")) customElements.define("vildar-points", VildarPoints);
})();
