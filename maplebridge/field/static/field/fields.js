/** The kinds of question a form may ask, each as an element that reads and writes the draft. */
import * as holdings from "mb/field/holdings";
import { fill, put, slot } from "mb/field/fill";
import { metres } from "mb/field/likely";
import { media, voice } from "mb/field/media";
import { isOpen, withWords } from "mb/field/matters";
import { day, later, say } from "mb/field/words";

let counted = 0;
const make = (tag, attributes = {}) => Object.assign(document.createElement(tag), attributes);

/**
 * @param {Object} question name, label, kind, required, choices, help
 * @param {Object} work draft, names, get(name), set(name, value), changed()
 * @returns {Element} with `question` and, by `put`, a place for its error
 */
export function field(question, work) {
  const id = `f${(counted += 1)}`;
  const input = (KINDS[question.kind] ?? KINDS.line)(question, work, id);
  const single = input.matches("input, textarea, select");
  const must = question.required ? [make("span", { className: "must", textContent: say("must") })] : [];
  const made = fill(single ? "field" : "group", { label: [question.label, ...must], help: question.help ?? "", input, error: "" });
  if (single) {
    input.id = id;
    slot(made, "label").htmlFor = id;
  }
  const about = [question.help && slot(made, "help"), slot(made, "error")].filter(Boolean);
  about.forEach((one, n) => { one.id = `${id}-${n}`; });
  (single ? input : made).setAttribute("aria-describedby", about.map((one) => one.id).join(" "));
  return Object.assign(made, { question, input });
}

/** Show or lift the error of a field. */
export function blame(made, text) {
  put(made, { error: text });
  made.classList.toggle("field-bad", Boolean(text));
  made.querySelector("input, textarea, select, button")?.setAttribute("aria-invalid", String(Boolean(text)));
}

function typed(make_) {
  return ({ name }, { get, set }) => {
    const input = make_();
    input.value = get(name) ?? "";
    input.addEventListener("input", () => set(name, input.value));
    return input;
  };
}

/** Radios as chips; pressing the chosen one of an optional question lifts it. */
export function chips(name, choices, current, pick, { optional = false } = {}) {
  const box = make("div", { className: "choices chips" });
  for (const [value, label] of choices) {
    const one = fill("choice", { label });
    const radio = one.querySelector("input");
    Object.assign(radio, { name, value: String(value), checked: value === current });
    radio.addEventListener("change", () => {
      current = value;
      pick(value);
    });
    radio.addEventListener("click", () => {
      if (optional && radio.dataset.was === "on") {
        radio.checked = false;
        pick("");
      }
      for (const other of box.querySelectorAll("input")) other.dataset.was = other.checked ? "on" : "";
    });
    radio.dataset.was = radio.checked ? "on" : "";
    box.append(one);
  }
  return box;
}

function choice({ name, choices, required }, { get, set }, id) {
  return chips(id, choices, get(name), (value) => set(name, value), { optional: !required });
}

function yesno(question, work, id) {
  const choices = [[true, say("yes")], [false, say("no")]];
  return chips(id, choices, work.get(question.name), (value) => work.set(question.name, value === "" ? null : value), { optional: !question.required });
}

function date({ name, label }, { get, set }, id) {
  const box = make("div", { className: "stack dates" });
  const input = make("input", { type: "date", id: `${id}-day`, value: get(name) ?? "", min: later(0) });
  const quick = make("div", { className: "row" });
  input.setAttribute("aria-label", label);
  input.addEventListener("input", () => set(name, input.value));
  for (const days of [1, 7, 30]) {
    const one = make("button", { type: "button", className: "pill", textContent: `${days === 1 ? say("tomorrow") : say("in_days", { n: days })} · ${day(later(days))}` });
    one.addEventListener("click", () => {
      input.value = later(days);
      set(name, input.value);
    });
    quick.append(one);
  }
  box.append(quick, input);
  return box;
}

/** Suggested from the words that are written, else chosen from the whole list; may stay open. */
function category({ name, label, required }, work, id) {
  const { names, get, set } = work;
  const box = make("div", { className: "stack" });
  const list = [...names.categories.values()];
  const select = make("select", { id: `${id}-all` });
  const groups = new Map();
  for (const one of list) {
    if (!groups.has(one.group)) groups.set(one.group, make("optgroup", { label: one.group }));
    groups.get(one.group).append(new Option(one.label, one.code));
  }
  select.append(new Option(required ? "—" : say("no_category"), ""), ...groups.values());
  select.setAttribute("aria-label", label);
  const near = make("div");
  let drawn = "";
  const show = () => {
    const wanted = suggest(list, String(get("text") ?? ""));
    const current = get(name) ?? "";
    select.value = current;
    const codes = wanted.map((one) => one.code).join(" ");
    if (`${codes}|${current}` === drawn) return;
    drawn = `${codes}|${current}`;
    near.hidden = !wanted.length;
    near.replaceChildren(wanted.length ? chips(id, wanted.map((one) => [one.code, one.label]), current, pick, { optional: true }) : "");
  };
  const pick = (code) => {
    select.value = code;
    drawn = `${drawn.split("|")[0]}|${code}`;
    set(name, code);
  };
  select.addEventListener("change", () => {
    set(name, select.value);
    show();
  });
  box.append(near, select);
  box.refresh = show;
  show();
  return box;
}

/** @returns {Object[]} at most three categories whose own words stand in the text, the most first */
export function suggest(categories, text) {
  const hits = (one) => (one.words ?? []).filter((word) => text.includes(word)).length;
  return categories
    .map((one) => [hits(one), one])
    .filter(([n]) => n)
    .sort((a, b) => b[0] - a[0])
    .slice(0, 3)
    .map(([, one]) => one);
}

/** Look for a place or a matter on the phone, by words; what is nearest stands first. */
function finder(search, facts, chosenOf, pick) {
  return ({ label }, work, id) => {
    const box = fill("find");
    const input = slot(box, "box");
    input.id = id;
    input.setAttribute("aria-label", label);
    input.hidden = false;
    const show = async () => {
      const found = (await search(work, input.value.trim())).slice(0, 6);
      const made = found.map((one) => {
        const row = fill("found", { title: one.name ?? one.title, facts: facts(one, work) });
        row.querySelector("button").addEventListener("click", async () => {
          pick(one, work);
          await settle();
          box.querySelector('[data-act="change"]').focus();
        });
        return row;
      });
      const none = make("li");
      none.append(fill("nothing", { why: say(input.value.trim() ? "found_none" : "none_here") }));
      put(box, { found: made.length ? made : none });
    };
    const settle = async () => {
      const one = await chosenOf(work);
      put(box, { chosen: one ? [one.name ?? one.title, make("small", { textContent: facts(one, work) })] : "" });
      for (const [name, shown] of [["chosen", one], ["asking", !one]]) {
        const part = box.querySelector(`[data-show="${name}"]`);
        if (part) part.hidden = !shown;
      }
      if (!one) await show();
    };
    input.addEventListener("input", show);
    put(box, {
      change: async () => {
        pick(null, work);
        await settle();
        input.focus();
      },
    });
    settle();
    return box;
  };
}

/** What lies nearest first, where the phone knows where it is. */
const near = (places, here) => (here ? places.sort((a, b) => away(a, here) - away(b, here)) : places);
const away = (place, here) => (place.lon == null ? Infinity : metres(here.lon, here.lat, place.lon, place.lat));

const place = finder(
  async ({ draft }, text) => near(await holdings.places(text, Infinity), draft.position),
  (one, { names }) => [names.kindOf(one), one.address || names.area(one.area)].filter(Boolean).join(" · "),
  async ({ draft }) => (draft.subject.place ? holdings.place(draft.subject.place) : null),
  (one, work) => work.choosePlace(one),
);
const matter = finder(
  async (work, text) => {
    const [said, dispute] = [withWords(text), work.draft.form.key === "mediation"];
    return holdings.matters((one) => isOpen(one) && said(one) && (!dispute || work.names.dispute(one)));
  },
  (one, { names }) => [names.category(one.category), one.address || names.area(one.area)].filter(Boolean).join(" · "),
  async ({ draft }) => (draft.subject.matter ? holdings.matter(draft.subject.matter) : null),
  (one, work) => work.chooseMatter(one),
);

/** Each item is in order, not in order, or does not apply; a fault may become a matter. */
function checklist({ name, choices }, work, id) {
  const box = make("div", { className: "stack" });
  let drawn = null;
  const show = () => {
    drawn = work.sheet;
    const items = drawn?.items ?? [];
    const list = make("ul", { className: "sheet" });
    list.append(...items.map((item, n) => sheetItem(item, `${id}-${n}`, choices, work, name)));
    const rest = make("button", { type: "button", className: "btn btn-secondary", textContent: say("rest_in_order") });
    rest.addEventListener("click", () => {
      const answers = { ...work.get(name) };
      for (const item of items) answers[item.code] ??= "ok";
      work.set(name, answers);
      show();
      box.querySelector("button:last-child").focus();
    });
    const first = make("p", { className: "muted", textContent: say("sheet_later") });
    box.replaceChildren(...(items.length ? [list, rest] : [first]));
  };
  box.refresh = () => drawn !== work.sheet && show();
  show();
  return box;
}

function sheetItem(item, id, choices, work, name) {
  const open = make("input", { type: "checkbox" });
  const row = fill("item", { label: item.label, open: [open, make("span", { textContent: say("open_fault") })] });
  const fault = (on) => {
    row.querySelector(".check").hidden = !on;
    const others = (work.get("report") ?? []).filter((code) => code !== item.code);
    work.set("report", on && open.checked ? [...others, item.code] : others);
  };
  const current = work.get(name)?.[item.code];
  open.checked = current !== "fault" || (work.get("report") ?? []).includes(item.code);
  open.addEventListener("change", () => fault(true));
  row.querySelector(".check").hidden = current !== "fault";
  const answers = chips(id, choices, current, (value) => {
    work.set(name, { ...work.get(name), [item.code]: value });
    fault(value === "fault");
  });
  answers.className = "segments choices";
  slot(row, "answers").replaceWith(answers);
  return row;
}

function area({ name }, { names, get, set }) {
  const select = make("select");
  select.append(new Option("—", ""), ...names.areas.map((one) => new Option(one.name, one.code, false, one.code === get(name))));
  select.addEventListener("change", () => set(name, select.value));
  return select;
}

function unit({ name }, { names, get, set }) {
  const select = make("select");
  select.append(new Option("—", ""), ...names.units.map((one) => new Option(one.name, one.code, false, one.code === get(name))));
  select.addEventListener("change", () => set(name, select.value));
  return select;
}

const KINDS = {
  text: typed(() => make("textarea", { rows: 3, dir: "auto" })),
  line: typed(() => make("input", { type: "text", dir: "auto", autocomplete: "off" })),
  number: typed(() => make("input", { type: "text", inputMode: "decimal" })),
  count: ({ name }, { get, set }) => {
    const input = make("input", { type: "number", inputMode: "numeric", min: 0, max: 9999, value: get(name) ?? "" });
    input.addEventListener("input", () => set(name, input.value === "" ? null : Number(input.value)));
    return input;
  },
  choice,
  category,
  area,
  unit,
  date,
  yesno,
  checklist,
  place,
  matter,
  photos: ({ spoken }, { draft, changed }) => media(draft, changed, { spoken }),
  voice: (_question, { draft, changed }) => voice(draft, changed),
  voices: (_question, { draft, changed }) => voice(draft, changed),
};

/** @param {string} kind @returns {boolean} whether the phone can ask this kind of question */
export const asks = (kind) => kind in KINDS;
