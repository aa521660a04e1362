// A mock exam: it draws the form that Python sends, counts the time down, and tells
// Python each answer the moment it is given. Nothing here knows what is right.

const SPOKEN = [1800, 600, 300, 60]; // seconds left at which the time is said aloud

function button(word, className, act) {
  const made = make("button", { type: "button", className, textContent: word });
  made.addEventListener("click", act);
  return made;
}

function clockText(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function render({ model, el }) {
  const status = make("div", { className: "status" });
  status.setAttribute("role", "status");
  const clock = make("span", { className: "clock" });
  clock.setAttribute("role", "timer");
  const body = make("div", {});
  const root = make("form", { className: "course-checkpoint course-exam", noValidate: true }, body, status);
  root.addEventListener("submit", (event) => event.preventDefault());
  keepKeys(root);
  el.append(root);

  let patience; // waits for the kernel's answer
  let ends = 0; // when the time is over, by this browser's own clock
  let spoken = Infinity;
  let drawn = ""; // phase and place of what is on the screen
  let drawings = 0; // a group of radio buttons for each drawing, or the old one would lose its choice to the new

  function say(text, className = "notice") {
    status.replaceChildren(...(text ? [rich("p", className, text)] : []));
  }

  function ask(message) {
    clearTimeout(patience);
    patience = setTimeout(silence, PATIENCE);
    try {
      model.send(message);
    } catch {
      silence();
    }
  }

  function silence() {
    clearTimeout(patience);
    say(`${DEAD} What you did last was not kept; all before it is.`);
  }

  function tick() {
    const form = model.get("form");
    if (!["item", "review"].includes(form.phase)) return;
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    clock.textContent = clockText(left);
    const due = SPOKEN.find((seconds) => left <= seconds && seconds < spoken && left > seconds - 5);
    if (due) {
      spoken = due;
      say(due === 60 ? "One minute left." : `${due / 60} minutes left.`, "summary");
    }
    if (left === 0 && spoken > 0) {
      spoken = 0;
      ask({ do: "look" });
    }
  }

  function startNodes(form) {
    const begin = button("Begin, and start the clock", "main", () => ask({ do: "begin" }));
    return [...form.lines.map((line) => rich("p", "", line)), make("div", { className: "buttons" }, begin)];
  }

  function overNodes(form) {
    return form.lines.map((line, i) => rich("p", i ? "" : "summary", line));
  }

  function headNodes(form, where) {
    const place = make("strong", { textContent: where });
    const count = make("span", { textContent: form.counted });
    return make("div", { className: "head" }, place, count, clock);
  }

  function itemNodes(form) {
    const type = form.kind === "single" ? "radio" : "checkbox";
    const name = `answer-${++drawings}`;
    const inputs = form.offers.map(({ id }) =>
      make("input", { type, name, value: id, checked: form.response.includes(id) }),
    );
    const rows = form.offers.map(({ letter, text }, i) => {
      const letters = make("span", { className: "letter", textContent: `${letter})` });
      return make("div", { className: "choice" }, make("label", {}, inputs[i], letters, rich("span", "text", text)));
    });
    const sure = make("input", { type: "checkbox", checked: form.confidence === "sure" });
    const give = () =>
      ask({
        do: "answer",
        response: inputs.filter((input) => input.checked).map((input) => input.value),
        confidence: sure.checked ? "sure" : "unsure",
      });
    for (const input of [...inputs, sure]) input.addEventListener("change", give);
    const asks = make("span", { className: "asks", textContent: form.asks });
    const legend = make("legend", {}, rich("span", "stem", form.stem), " ", asks);
    const flag = button(form.flagged ? "Flagged: take the flag away" : "Flag", "quiet", () => ask({ do: "flag" }));
    flag.setAttribute("aria-pressed", String(form.flagged));
    return [
      headNodes(form, `Item ${form.place} of ${form.places}`),
      make("fieldset", {}, legend, ...rows),
      make("label", { className: "sure" }, sure, "I am sure of this one"),
      make(
        "div",
        { className: "buttons" },
        button("Next", "main", () => ask({ do: "next" })),
        button("Back", "quiet", () => ask({ do: "back" })),
        flag,
        button("Review", "quiet", () => ask({ do: "review" })),
      ),
    ];
  }

  function reviewNodes(form) {
    const items = form.marks.map(({ place, answered, flagged }) => {
      const one = button(`${place}${flagged ? " ⚑" : ""}`, answered ? "answered" : "open", () => ask({ do: "go", to: place }));
      one.setAttribute("aria-label", `Item ${place}, ${answered ? "answered" : "open"}${flagged ? ", flagged" : ""}`);
      return make("li", {}, one);
    });
    const open = form.marks.filter(({ answered }) => !answered).length;
    const left = open ? `${open} open: an open item counts as wrong. ` : "All are answered. ";
    let asked = false;
    const submit = button("Submit", "main", () => {
      if (asked) return ask({ do: "submit" });
      asked = true;
      submit.textContent = "Really submit: the answers stand then";
      say("Press once more to submit.", "summary");
    });
    const back = button("Back to the item", "quiet", () => ask({ do: "go", to: form.place }));
    return [
      headNodes(form, "Review"),
      rich("p", "", `${left}A solid frame is answered, a dashed one open.`),
      make("div", { className: "buttons" }, back, submit), // before the items: else Tab is pressed once for each
      make("ul", { className: "grid" }, ...items),
    ];
  }

  const NODES = { start: startNodes, item: itemNodes, review: reviewNodes, over: overNodes };

  function draw() {
    const form = model.get("form");
    ends = Date.now() + form.seconds_left * 1000;
    const now = `${form.phase} ${form.place}`;
    const within = root.contains(document.activeElement);
    const same = now === drawn;
    const focused = same && within ? [...root.querySelectorAll("input, button")].indexOf(document.activeElement) : -1;
    const before = [...body.children];
    body.append(...NODES[form.phase](form));
    // The focus goes over before its old place does: else the notebook takes it.
    const places = [...body.querySelectorAll("input, button")].filter((node) => !before.some((old) => old.contains(node)));
    if (within && places.length) (places[focused] ?? places[0]).focus();
    for (const node of before) node.remove();
    if (within && !places.length) {
      root.tabIndex = -1;
      root.focus();
    }
    drawn = now;
    say(form.notice);
    tick();
  }

  function heard() {
    clearTimeout(patience);
  }

  const ticking = setInterval(tick, 1000);
  model.on("change:form", draw);
  model.on("change:heard", heard);
  draw();
  return () => {
    clearInterval(ticking);
    clearTimeout(patience);
    model.off("change:form", draw);
    model.off("change:heard", heard);
  };
}

export default { render };
