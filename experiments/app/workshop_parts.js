// Small drawings of the workshop's slide: dials, hours, what is voluntary, and values when the leading stops and a year later.
const arcAt = (share, radius) => { const angle = Math.PI * (1 + share / 100); return [92 + radius * Math.cos(angle), 90 + radius * Math.sin(angle)].map((value) => value.toFixed(1)); };
const arc = (share, radius) => `M${arcAt(0, radius)}A${radius} ${radius} 0 0 1 ${arcAt(share, radius)}`;

// An arc from 0 to 100; the small mark is where it stood a period ago.
function drawDial(value, was, label) {
  const shown = Math.max(0, Math.min(100, value));
  const [x, y] = was === null ? [0, 0] : arcAt(Math.max(0, Math.min(100, was)), 75);
  const before = was === null ? "" : `<path d="M0 0L-6.5 -11L6.5 -11Z" fill="#1B2733" transform="translate(${x} ${y}) rotate(${(1.8 * was - 90).toFixed(1)})"/>`;
  return `<svg viewBox="0 0 184 100" role="img" aria-label="${label}"><path d="${arc(100, 66)}" fill="none" stroke="#E3E9EB" stroke-width="14"/>
    <path d="${arc(shown, 66)}" fill="none" stroke="#17495C" stroke-width="14"/>${before}
    <text x="92" y="88" text-anchor="middle" font-size="46" font-weight="500" fill="#1B2733">${value}</text></svg>`;
}

function drawVoluntary(value) {
  const inside = value === 2 ? '<circle cx="10" cy="10" r="8" fill="#485561"/>' : value === 1 ? '<path d="M10 2A8 8 0 0 0 10 18Z" fill="#485561"/>' : "";
  return value < 0 ? "" : `<svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8" fill="#fff" stroke="#485561" stroke-width="1.8"/>${inside}</svg>`;
}

// open: when the leading stops; filled: a year later; grey: where other chance would have ended
function drawTwoDates(values, low, high, band, label) {
  const x = (value) => (8 + 144 * (high > low ? (value - low) / (high - low) : 0.5)).toFixed(1);
  const [stop, after] = values;
  const grey = band ? `<rect x="${x(band[0])}" y="4" width="${Math.max(2, x(band[1]) - x(band[0])).toFixed(1)}" height="16" rx="3" fill="#D3DDE1"/>` : "";
  return `<svg class="two" viewBox="0 0 160 24" role="img" aria-label="${label}"><path d="M8 12H152" stroke="#D8DEE2" stroke-width="1.5"/>${grey}
    <path d="M${x(stop)} 12H${x(after)}" stroke="#17495C" stroke-width="2.5"/><circle cx="${x(stop)}" cy="12" r="6" fill="#fff" stroke="#17495C" stroke-width="2.5"/>
    <circle cx="${x(after)}" cy="12" r="6.5" fill="#17495C" stroke="#fff" stroke-width="1.5"/></svg>`;
}

const TICK = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2.5 8.5L6.5 12.5L13.5 4" fill="none" stroke="#fff" stroke-width="2.6"/></svg>';
const TRIANGLE = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 3L21 12L5 21Z" fill="#fff"/></svg>';
const LINE_OLD = '<svg viewBox="0 0 36 12"><path d="M2 6H34" stroke="#5F6D78" stroke-width="1.6"/></svg>';

function html(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  return holder.content;
}

function fill(template, values) {
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), template || "");
}
