// What the pages are made of: elements, the shapes of roles and ways of leading, icons, and the forms of lines.
function element(tag, attributes, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
}

const SHAPES = {
  teacher: '<circle cx="12" cy="12" r="8"/>', coach: '<path d="M12 2L22 12L12 22L2 12Z"/>', leader: '<rect x="4" y="4" width="16" height="16"/>',
  board: '<path d="M22 12L17 20.7H7L2 12L7 3.3H17Z"/>', policy: '<path d="M22 12L17 20.7H7L2 12L7 3.3H17Z"/>',
};
const FILLS = { teacher: "#56B4E9", coach: "#E69F00", leader: "#F0E442", board: "#000000", policy: "#FFFFFF" };
const shape = (role) => `<svg viewBox="0 0 24 24" aria-hidden="true" fill="${FILLS[role]}" stroke="#1B2733" stroke-width="1.5">${SHAPES[role]}</svg>`;
const MARKS = ['<rect x="3" y="3" width="18" height="18"/>', '<circle cx="12" cy="12" r="9"/>'];
const mark = (at, colour) => `<svg viewBox="0 0 24 24" aria-hidden="true" fill="${colour}">${MARKS[at % 2]}</svg>`;
const ICONS = {
  start: "M4 4h3v16H4zM20 4v16L8 12z", back: "M16 5v14L6 12z", play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z", on: "M8 5v14l10-7z",
};
const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true" fill="currentColor"><path d="${ICONS[name]}"/></svg>`;

const LINES = {
  new: '<svg viewBox="0 0 36 12"><path d="M2 6H34" stroke="#009E73" stroke-width="3"/><circle cx="18" cy="6" r="4" fill="#009E73"/></svg>',
  gone: '<svg viewBox="0 0 36 12"><path d="M2 6H34" stroke="#D55E00" stroke-width="2" stroke-dasharray="1 4" stroke-linecap="round"/><path d="M14 2L22 10M22 2L14 10" stroke="#D55E00" stroke-width="2"/></svg>',
  held: '<svg viewBox="0 0 36 12"><path d="M2 6H34" stroke="#1B2733" stroke-width="2" stroke-dasharray="6 4"/></svg>',
};
