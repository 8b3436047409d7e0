// Live clocks and keys. Pages work without this file; it only keeps them fresh and quick.
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const words = chinese
    ? { left: (t) => `剩 ${t}`, over: (t) => `超 ${t}`, close: "将到期", broken: "已超时", kept: "已放回此前填写、尚未提交的内容。", clear: "清空", d: " 天 ", h: " 小时", m: " 分", hm: " 时 " }
    : { left: (t) => `${t} left`, over: (t) => `${t} over`, close: "close", broken: "broken", kept: "What you typed before and didn't send is here again.", clear: "Clear", d: " d ", h: " h", m: " min", hm: " h " };

  function span(seconds) {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    if (minutes >= 2880) return `${Math.floor(minutes / 1440)}${words.d}${Math.floor((minutes % 1440) / 60)}${words.h}`;
    if (minutes >= 60) return `${Math.floor(minutes / 60)}${words.hm}${minutes % 60}${words.m}`;
    return `${minutes}${words.m}`;
  }

  function tick() {
    const now = Date.now();
    for (const clock of document.querySelectorAll("[data-clock]")) {
      const ends = Date.parse(clock.dataset.ends), starts = Date.parse(clock.dataset.starts);
      const left = (ends - now) / 1000;
      clock.querySelector("[data-left]").textContent = left >= 0 ? words.left(span(left)) : words.over(span(left));
      const bar = clock.querySelector("progress");
      bar.value = Math.min(bar.max, Math.max(0, (now - starts) / 1000));
      const word = clock.querySelector("[data-word]");
      if (left < 0 && !clock.classList.contains("is-broken")) mark(clock, word, "broken");
      else if (left >= 0 && now - starts >= (ends - starts) * 0.7 && clock.classList.contains("is-running")) mark(clock, word, "close");
    }
  }

  function mark(clock, word, state) {
    clock.classList.remove("is-running", "is-close");
    clock.classList.add(`is-${state}`);
    word.textContent = words[state];
  }

  setInterval(tick, 1000);
  tick();

  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  let current = "";

  function go(step) {
    const list = rows();
    if (!list.length) return;
    const place = list.findIndex((row) => row.dataset.row === current);
    const next = list[Math.min(list.length - 1, Math.max(0, place < 0 ? 0 : place + step))];
    list.forEach((row) => row.classList.toggle("at", row === next));
    current = next.dataset.row;
    next.querySelector("a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // On a phone the bar is a strip: the page that is open comes into sight.
  const open = document.querySelector(".ways [aria-current]");
  if (open) open.parentElement.scrollLeft = open.offsetLeft - open.parentElement.offsetLeft - 40;

  // What is wider than its place can be moved with the keys.
  const reach = () => {
    for (const wide of document.querySelectorAll(".scroll:not([tabindex])")) if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  };
  addEventListener("resize", reach);
  document.addEventListener("htmx:afterSettle", reach);
  reach();

  // What folds out over the page closes again with Escape and with a click elsewhere.
  const folds = () => document.querySelectorAll(".bar details[open]");
  document.addEventListener("click", (event) => {
    for (const fold of folds()) if (!fold.contains(event.target)) fold.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const fold of folds()) {
      fold.open = false;
      fold.querySelector("summary").focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=radio]), textarea, select")) return;
    const keys = document.getElementById("keys");
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "?") keys.open ? keys.close() : keys.showModal();
    else if (event.key === "/") {
      const field = document.querySelector("[data-search]");
      if (!field) return;
      field.focus();
      field.select();
    } else return;
    event.preventDefault();
  });

  // A form that came back begins where it is wrong; the arrows go from what is searched into what is found.
  document.querySelector("main .field:has(.wrong) :is(input, select, textarea)")?.focus();
  document.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const found = [...document.querySelectorAll("#found .choose")];
    if (!way || !found.length || !event.target.closest("[data-search], #found .choose")) return;
    event.preventDefault();
    (found[found.indexOf(event.target) + way] || document.querySelector("[data-search]")).focus();
  });

  // What is typed survives a lost connection or session: kept in this tab until a page says that the step is taken (the key
  // ends with the newest entry seen, so that nothing is put back once the case has gone on). What is carried goes along
  // to the form of another kind.
  // What one person typed is never put back before another who signs in at the same desk; nor after signing out.
  const whose = document.body.dataset.whose;
  if (whose && sessionStorage.getItem("whose") !== whose) {
    sessionStorage.clear();
    sessionStorage.setItem("whose", whose);
  }
  document.querySelector('form[action$="/sign-out/"]')?.addEventListener("submit", () => sessionStorage.clear());
  const sent = JSON.parse(sessionStorage.getItem("sent") || "[]");
  if (sent.length && document.querySelector("main > .alert-success")) {
    for (const place of [...sent, "sent"]) sessionStorage.removeItem(place);
  }
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const place = `kept:${form.dataset.keep}`;
    const places = "carry" in form.dataset ? [`carried:${form.dataset.carry}`, place] : [place];
    const same = place.slice(0, place.lastIndexOf(":") + 1);
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(same) && key !== place) sessionStorage.removeItem(key);
    if (!("bound" in form.dataset) && places.filter((one) => restore(form, one)).length) offerClearing(form, places);
    form.addEventListener("input", () => {
      const own = ["csrfmiddlewaretoken", "client_id", "expected_seq"];
      const typed = JSON.stringify([...new FormData(form)].filter(([name]) => !own.includes(name)));
      for (const one of places) sessionStorage.setItem(one, typed);
    });
    form.addEventListener("submit", () => sessionStorage.setItem("sent", JSON.stringify(places)));
  }

  function restore(form, place) {
    const kept = JSON.parse(sessionStorage.getItem(place) || "[]");
    for (const [name, value] of kept) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio") field.checked = field.value === value || (field.checked && !has(form, name, value));
        else if (field.tagName !== "SELECT" || has(form, name, value)) field.value = value;
      }
    }
    return kept.length > 0;
  }

  function has(form, name, value) {
    const same = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    return [...same].some((one) => one.value === value || [...(one.options || [])].some((option) => option.value === value));
  }

  function offerClearing(form, places) {
    const note = document.createElement("p");
    note.className = "quiet";
    note.setAttribute("role", "status");
    note.append(words.kept, " ");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = words.clear;
    button.addEventListener("click", () => {
      form.reset();
      for (const place of places) sessionStorage.removeItem(place);
      note.remove();
    });
    note.append(button);
    form.prepend(note);
    const fold = form.closest("details");
    if (fold) fold.open = true;
  }

  // A proposal that somebody chooses fills the fields that it names: data-fill="name=value".
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-fill]");
    if (!chosen) return;
    for (const pair of [chosen.dataset.fill, chosen.dataset.propose]) {
      const [name, value] = (pair || "").split("=");
      for (const field of document.getElementsByName(name || "-")) field.value = value;
    }
  });

  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
})();
