// One component for every kind of question: it draws the form that Python sends
// and tells Python what the learner asks for. Every word goes in as textContent,
// so markup in a question, an option or an answer shows as text.

/** Whether the form holds the answer that was sent. */
function sameResponse(form, message) {
  return String(form.response) === String(message.response);
}

/** Radio buttons or checkboxes, each in a label that wraps. */
function choiceControls(form, changed) {
  const type = form.kind === "single" ? "radio" : "checkbox";
  const own = crypto.getRandomValues(new Uint32Array(1))[0];
  const inputs = form.choices.map(({ id }) => make("input", { type, name: "answer", value: id }));
  const notes = form.choices.map((_, i) => make("div", { id: `note-${own}-${i}` }));
  const rows = form.choices.map(({ letter, text }, i) => {
    inputs[i].setAttribute("aria-describedby", notes[i].id);
    const letters = make("span", { className: "letter", textContent: `${letter})` });
    const label = make("label", {}, inputs[i], letters, rich("span", "text", text));
    return make("div", { className: "choice" }, label, notes[i]);
  });
  inputs.forEach((input) => input.addEventListener("change", () => changed()));
  return {
    nodes: rows,
    message: () => {
      const response = inputs.filter((input) => input.checked).map((input) => input.value);
      return response.length ? { do: "answer", response } : null;
    },
    taken: sameResponse,
    take: ({ response }) => {
      for (const input of inputs) input.checked = response.includes(input.value);
    },
    mark: (choices) => choices.forEach((choice, i) => mark(rows[i], notes[i], choice)),
  };
}

/** Steps in a list; each moves by its buttons, or by the arrow keys while it has the focus. */
function orderControls(form, changed) {
  let touched = false;
  const list = make("ol", { className: "steps" });
  list.setAttribute("role", "list");
  const steps = form.choices.map(({ id, letter, text }) => {
    const note = make("div");
    const up = moveButton("Up", letter);
    const down = moveButton("Down", letter);
    const letters = make("span", { className: "letter", textContent: `${letter})` });
    const words = make("div", { className: "words" }, letters, rich("span", "text", text));
    const row = make("div", { className: "row" }, words, make("div", { className: "moves" }, up, down));
    const item = make("li", { className: "choice", tabIndex: 0 }, row, note);
    up.addEventListener("click", () => move(item, -1));
    down.addEventListener("click", () => move(item, 1));
    item.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      move(item, by);
    });
    return { id, item, note };
  });

  /** Move a step by moving its neighbour, so that the step keeps the focus. */
  function move(item, by) {
    const neighbour = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (neighbour && by < 0) item.after(neighbour);
    if (neighbour && by > 0) item.before(neighbour);
    touched = true;
    const place = `position ${[...list.children].indexOf(item) + 1} of ${steps.length}`;
    changed(neighbour ? `Moved to ${place}.` : `Already at ${place}.`);
  }

  list.append(...steps.map(({ item }) => item));
  return {
    nodes: [list],
    message: () => {
      const order = [...list.children].map((item) => steps.find((step) => step.item === item).id);
      return touched ? { do: "answer", response: order } : null;
    },
    taken: sameResponse,
    take: ({ response }) => {
      touched = response.length > 0;
      for (const id of response) list.append(steps.find((step) => step.id === id).item);
    },
    mark: (choices) => choices.forEach((choice, i) => mark(steps[i].item, steps[i].note, choice)),
  };
}

function moveButton(word, letter) {
  const button = make("button", { type: "button", className: "quiet", textContent: word });
  button.setAttribute("aria-label", `${word}: step ${letter}`);
  return button;
}

/** A field for the learner's own words. */
function textControls(form, changed) {
  const field = make("textarea", { rows: 4 });
  field.setAttribute("aria-label", form.asks);
  field.addEventListener("input", () => changed());
  return {
    nodes: [field],
    message: () => (field.value.trim() ? { do: "text", text: field.value.trim() } : null),
    taken: (form, message) => form.text === message.text,
    take: ({ text }) => {
      field.value = text;
    },
    mark: () => {},
  };
}

/** Say beside an option what it was worth and why, in words. */
function mark(row, note, { mark: worth, feedback }) {
  row.dataset.mark = worth;
  const said = worth && worth[0].toUpperCase() + worth.slice(1);
  const words = [make("strong", { textContent: `${said}:` }), " ", rich("span", "", feedback)];
  note.className = worth ? "feedback" : "";
  note.replaceChildren(...(worth ? words : []));
}

const CONTROLS = {
  single: choiceControls,
  multiple: choiceControls,
  ordering: orderControls,
  text: textControls,
};

/** The item; in a row, another question is another form, drawn in the place of the one before. */
function render({ model, el }) {
  let place = model.get("form").place;
  model.on("change:form", follow); // before the form's own listener
  let leave = renderForm({ model, el });

  function follow() {
    if (model.get("form").place === place) return;
    place = model.get("form").place;
    const within = el.contains(document.activeElement);
    const before = [...el.children];
    leave();
    leave = renderForm({ model, el });
    // The focus goes over before its old place does: else the notebook takes it.
    if (within) el.lastElementChild.querySelector("input, li, textarea").focus();
    for (const node of before) node.remove();
  }

  return () => {
    model.off("change:form", follow);
    leave();
  };
}

function renderForm({ model, el }) {
  const first = model.get("form");
  const status = make("div", { className: "status" });
  status.setAttribute("role", "status");
  const help = make("div", { className: "help" });
  help.setAttribute("aria-live", "polite");
  const controls = CONTROLS[first.kind](first, (said) => changed(said));
  const submit = make("button", { type: "submit", className: "main", textContent: first.button });
  const hint = make("button", { type: "button", className: "quiet", hidden: !first.hints_in_all });
  const reveal = make("button", { type: "button", className: "quiet", hidden: !first.reveals });
  reveal.textContent = first.solution_title;

  const rates = make("div", { className: "rates", hidden: true });
  rates.setAttribute("role", "group");
  rates.setAttribute("aria-label", "How well did you know it?");
  const moves = first.places ? [rowButton("Back", -1), rowButton("Next", 1)] : [];
  const where = first.places ? `${first.one} ${first.place} of ${first.places}` : "";
  const place = make("span", { className: "asks", textContent: where });
  const asks = make("span", { className: "asks", textContent: first.asks });
  const legend = make("legend", {}, place, rich("span", "stem", first.stem), " ", asks);
  const root = make(
    "form",
    { className: "course-checkpoint", noValidate: true },
    make("fieldset", {}, legend, ...controls.nodes),
    make("div", { className: "buttons" }, submit, hint, reveal, ...moves),
    status,
    help,
    rates,
  );
  root.dataset.kind = first.kind;
  keepKeys(root);
  el.append(root);

  let waiting = null; // the message the kernel has not answered yet
  let timer;
  let stale = false; // whether the answer on the screen is another than the one graded

  /** A button that shows the question before or after; at the ends of the row it does nothing. */
  function rowButton(word, by) {
    const button = make("button", { type: "button", className: "quiet", textContent: word });
    const last = by < 0 ? first.place === 1 : first.place === first.places;
    button.setAttribute("aria-disabled", String(last));
    button.addEventListener("click", () => last || ask({ do: "move", by }));
    return button;
  }

  function say(...lines) {
    status.replaceChildren(...lines.filter(Boolean));
  }

  function changed(said) {
    stale = true;
    drawStatus(model.get("form"), said);
  }

  function ask(message) {
    waiting = message;
    clearTimeout(timer);
    timer = setTimeout(silence, PATIENCE);
    try {
      model.send(message);
    } catch {
      silence();
    }
  }

  function silence() {
    clearTimeout(timer);
    root.dataset.outcome = "";
    say(rich("p", "notice", DEAD));
  }

  function heard() {
    clearTimeout(timer);
    draw();
    waiting = null;
  }

  function drawStatus({ outcome, summary, why, notice, button }, said = "") {
    const graded = outcome && outcome !== "not attempted";
    const again = graded ? `Your answer has changed: press ${button}.` : summary;
    root.dataset.outcome = stale ? "" : outcome;
    const told = stale ? [said || again] : [summary, why];
    const lines = told.filter(Boolean).map((line, i) => rich("p", i ? "why" : "summary", line));
    say(...lines, notice && rich("p", "notice", notice));
  }

  function drawHelp({ hints, hints_in_all: all, solution, solution_title: title, why }) {
    const next = Math.min(hints.length + 1, all);
    hint.textContent = hints.length < all ? `Hint (${next} of ${all})` : `All ${all} hints shown`;
    hint.setAttribute("aria-disabled", String(hints.length >= all));
    const given = hints.map((text, i) => titled(`Hint ${i + 1} of ${all}`, [text]));
    const lines = solution.filter((line) => line !== why); // the status says it already
    help.replaceChildren(...given, ...(lines.length ? [titled(title, lines)] : []));
  }

  /** Once a card is turned, a button for each rating; the one chosen stays pressed. */
  function drawRates({ ratings, rating }) {
    if (ratings.length && rates.hidden) rates.append(...ratings.map(rateButton));
    rates.hidden = !ratings.length;
    for (const button of rates.children) {
      button.setAttribute("aria-pressed", String(button.dataset.rating === rating));
      button.setAttribute("aria-disabled", String(Boolean(rating)));
    }
  }

  function rateButton(rating) {
    const word = rating[0].toUpperCase() + rating.slice(1);
    const button = make("button", { type: "button", className: "quiet", textContent: word });
    button.dataset.rating = rating;
    button.addEventListener("click", () => {
      if (!model.get("form").rating) ask({ do: "rate", rating });
    });
    return button;
  }

  function titled(title, lines) {
    const heading = make("strong", { textContent: title });
    return make("div", { className: "told" }, heading, ...lines.map((line) => rich("p", "", line)));
  }

  function draw() {
    const form = model.get("form");
    if (form.place !== first.place) return; // another question of the row has come
    // A hint must not undo a choice that is not checked yet, nor must a refusal.
    if (!waiting || controls.taken(form, waiting)) {
      stale = false;
      controls.take(form);
    }
    controls.mark(form.choices);
    drawStatus(form);
    drawHelp(form);
    drawRates(form);
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const message = controls.message();
    if (message) ask(message);
    else say(rich("p", "summary", `Not attempted yet. ${first.asks} Then press ${first.button}.`));
  });
  hint.addEventListener("click", () => {
    if (hint.getAttribute("aria-disabled") === "false") ask({ do: "hint" });
  });
  reveal.addEventListener("click", () => ask({ do: "solution" }));
  model.on("change:form", draw);
  model.on("change:heard", heard);
  draw();
  return () => {
    clearTimeout(timer);
    model.off("change:form", draw);
    model.off("change:heard", heard);
  };
}

export default { render };
