/** Choosing a PIN or a passphrase, twice, in whichever form holds the fields. */
import { put } from "mb/field/fill";
import { say } from "mb/field/words";

const DIGITS = 6;
const LETTERS = 10;

/** @param {string} pin @returns {boolean} one digit over and over, or a row up or down */
export function weak(pin) {
  const steps = [...pin].slice(1).map((digit, n) => Number(digit) - Number(pin[n]));
  return steps.every((step) => step === steps[0] && Math.abs(step) <= 1);
}

/** Digits or letters on the phone's keyboard, by what was chosen. */
export function watchSecret(form) {
  const fields = [form.elements.one, form.elements.two];
  form.addEventListener("change", (event) => {
    if (event.target.name !== "how") return;
    for (const field of fields) {
      field.value = "";
      field.inputMode = event.target.value === "pin" ? "numeric" : "text";
    }
    put(form, { said: "" });
  });
}

/** @returns {string} what was chosen, or "" after saying why it does not do */
export function chosenSecret(form) {
  const { how, one, two } = form.elements;
  const pin = how.value === "pin";
  const wrong =
    (pin && !/^\d{6}$/.test(one.value) && "short_pin") ||
    (pin && one.value.length === DIGITS && weak(one.value) && "weak_pin") ||
    (!pin && one.value.length < LETTERS && "short_phrase") ||
    (one.value !== two.value && "two_differ");
  put(form, { said: wrong ? say(wrong) : "" });
  for (const field of [one, two]) field.setAttribute("aria-invalid", String(Boolean(wrong)));
  if (!wrong) return one.value;
  (wrong === "two_differ" ? two : one).focus();
  return "";
}
