/** The dispatcher's screen: Enter confirms what is proposed; while an alarm rings, it takes charge. */

const screen = () => document.getElementById("dispatch");

/** Focus what comes next: an error, the alarm, what is missing, the button that confirms, or the list. */
function settle() {
  const find = (what) => screen().querySelector(what);
  const confirm = find("[data-confirm]");
  const empty = confirm && [...confirm.form.elements].find((field) => field.required && !field.value);
  const next =
    find(".summary-errors") ?? find("[data-answer]") ?? empty ?? confirm ?? find("[aria-current=true] [data-row-link]");
  next?.focus({ preventScroll: true });
  find("[data-row][aria-current=true]")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:after:swap", (event) => {
  // List and bell renew themselves now and then: that must not take the focus from anybody.
  if (event.detail?.ctx?.target?.id === "dispatch") settle();
});
settle();
