// What the components of the course share: text as elements, keys that stay inside, and
// what is said when the kernel is dead. It stands before a component's own text: view.py
// puts the two together, so there is no bundler.

const PATIENCE = 5000; // milliseconds to wait for the kernel's answer
const DEAD = "The kernel does not answer: run this cell again.";

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** Text with `code` in backticks as code elements. */
function rich(tag, className, text) {
  const parts = text.split(/`([^`]+)`/);
  const pieces = parts.map((part, i) => (i % 2 ? make("code", { textContent: part }) : part));
  return make(tag, { className }, ...pieces);
}

/** Keys stay here: otherwise arrows walk the notebook's cells and the letter b inserts one. */
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    const saves = (event.ctrlKey || event.metaKey) && event.key === "s";
    if (!saves) event.stopPropagation(); // saving the notebook is no edit, and stays what it is
  });
}

