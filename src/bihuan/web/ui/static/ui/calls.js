// Keys of the callback desk: a digit answers the question at hand and goes on to the next; c, b, n end the call.
(() => {
  const form = document.querySelector("form[data-call]");
  if (!form) return;
  const questions = [...form.querySelectorAll("[data-question]")];
  const isAnswered = (one) => {
    const picks = [...one.querySelectorAll("input[type=radio]")];
    return picks.length ? picks.some((pick) => pick.checked && pick.value) : [...one.querySelectorAll("input, textarea")].some((field) => field.value.trim());
  };
  const current = () => document.activeElement?.closest("[data-question]") || questions.find((one) => !isAnswered(one));

  function focusOn(one) {
    const field = one?.querySelector("input:checked, input, textarea, select");
    if (field) field.focus({ preventScroll: true });
    one?.scrollIntoView({ block: "nearest" });
  }

  function answer(digit) {
    const here = current();
    const picks = here ? [...here.querySelectorAll("input[type=radio]")].filter((pick) => pick.value) : [];
    const pick = picks[digit - 1];
    if (!pick) return false;
    pick.checked = true;
    pick.dispatchEvent(new Event("input", { bubbles: true }));
    focusOn(questions[questions.indexOf(here) + 1] || here);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=radio]), textarea, select, dialog[open]")) return;
    if (/^[1-9]$/.test(event.key)) {
      if (answer(Number(event.key))) event.preventDefault();
      return;
    }
    const end = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!end) return;
    event.preventDefault();
    if (end.dataset.key === "b" && !form.querySelector("[data-reason] input:checked")) {
      const why = form.querySelector("[data-reason] input");
      why?.focus();
      why?.scrollIntoView({ block: "center" });
      return;
    }
    end.click();
    if (end.dataset.key === "n") document.querySelector("#others input:not([type=hidden])")?.focus();
  });
})();
