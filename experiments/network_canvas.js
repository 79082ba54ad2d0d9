// Draws one learning network on a canvas. Shared by the replay page and by anything else that draws weeks in a browser.
// scene: {width, height, dot, schools: [{x, y, r}], x: [], y: [], role: [], school: []}
// lines: [{a, b, strong, held, fresh, gone, fade}]; people: rows a to b. Colours and line forms are those of the printed figures.
// view, where it is zoomed or something is chosen: {k, x, y, chosen, near, why, bundles, differ, colour, pulled}
const NetworkCanvas = (() => {
  const INK = "#1B2733", PAPER = "#FBFCFB", REGION = "#EDF2F3";
  const FILL = { teacher: "#56B4E9", coach: "#E69F00", leader: "#F0E442", board: "#000000", policy: "#FFFFFF" };

  let thin = 1; // how much thinner lines and marks are drawn than in the scene's own measure: less so, the further one has zoomed in

  function curve(scene, line) {
    const ax = scene.x[line.a], ay = scene.y[line.a], bx = scene.x[line.b], by = scene.y[line.b];
    const bend = scene.school[line.a] === scene.school[line.b] ? 0 : 0.24;
    const mx = (ax + bx) / 2, my = (ay + by) / 2;
    const cx = mx + bend * (scene.width / 2 - mx), cy = my + bend * (scene.height / 2 - my);
    return { ax, ay, bx, by, cx, cy, middle: [0.25 * ax + 0.5 * cx + 0.25 * bx, 0.25 * ay + 0.5 * cy + 0.25 * by] };
  }

  function stroke(context, scene, line, colour, width, dash) {
    const c = curve(scene, line);
    context.beginPath();
    context.moveTo(c.ax, c.ay);
    context.quadraticCurveTo(c.cx, c.cy, c.bx, c.by);
    context.strokeStyle = colour;
    context.lineWidth = width * thin;
    context.setLineDash((dash || []).map((part) => part * thin));
    context.stroke();
    return c.middle;
  }

  function region(context, scene) {
    context.fillStyle = REGION;
    for (const school of scene.schools) {
      context.beginPath();
      context.arc(school.x, school.y, school.r * 1.02, 0, 2 * Math.PI);
      context.fill();
    }
  }

  function tie(context, scene, line) {
    context.globalAlpha = line.fade === undefined ? 1 : line.fade;
    if (line.gone) {
      const [x, y] = stroke(context, scene, line, "#D55E00", 1.6, [0.1, 4]);
      context.setLineDash([]);
      context.beginPath();
      const arm = 3.5 * thin;
      context.moveTo(x - arm, y - arm); context.lineTo(x + arm, y + arm);
      context.moveTo(x + arm, y - arm); context.lineTo(x - arm, y + arm);
      context.lineWidth = 2 * thin;
      context.stroke();
    } else if (line.fresh) {
      const [x, y] = stroke(context, scene, line, "#009E73", 2.6);
      context.beginPath();
      context.arc(x, y, 3.6 * thin, 0, 2 * Math.PI);
      context.fillStyle = "#009E73";
      context.fill();
      context.strokeStyle = PAPER;
      context.lineWidth = 1.2 * thin;
      context.stroke();
    } else if (line.held) {
      stroke(context, scene, line, INK, 1.7, [5, 4]);
    } else {
      stroke(context, scene, line, line.strong ? "#5F6D78" : "#A9B4BC", line.strong ? 1.3 : 0.6);
    }
    context.globalAlpha = 1;
  }

  // the tie that is being explained, and a ring around somebody who is chosen or looked at
  function explained(context, scene, line) {
    stroke(context, scene, line, PAPER, 7);
    stroke(context, scene, line, INK, 4);
  }
  function ring(context, scene, row) {
    context.setLineDash([]);
    context.beginPath();
    context.arc(scene.x[row], scene.y[row], scene.dot * 1.9, 0, 2 * Math.PI);
    context.fillStyle = "rgba(255,255,255,.75)";
    context.fill();
    context.strokeStyle = INK;
    context.lineWidth = 1.4 * thin;
    context.stroke();
  }

  // a strong tie that the other world does not have: a broad band in the colour of this world
  function only(context, scene, line, colour) {
    context.globalAlpha = 0.28;
    stroke(context, scene, line, colour, 7);
    context.globalAlpha = 1;
  }

  // two people about to be introduced
  function pulled(context, scene, { row, x, y }) {
    context.beginPath();
    context.moveTo(scene.x[row], scene.y[row]);
    context.lineTo(x, y);
    context.setLineDash([2 * thin, 5 * thin]);
    context.strokeStyle = "#17495C";
    context.lineWidth = 2.4 * thin;
    context.stroke();
  }

  // many people, seen from afar: how many strong ties there are inside and between schools
  function bundles(context, scene, counts) {
    const most = Math.max(1, ...counts.filter((one) => one.a === one.b).map((one) => one.count));
    for (const one of counts) {
      const a = scene.schools[one.a], b = scene.schools[one.b], weight = one.count / most;
      context.beginPath();
      if (one.a === one.b) {
        context.arc(a.x, a.y, a.r, 0, 2 * Math.PI);
        context.fillStyle = `rgba(95,109,120,${(0.08 + 0.42 * weight).toFixed(3)})`;
        context.fill();
        continue;
      }
      context.moveTo(a.x, a.y);
      context.quadraticCurveTo((a.x + b.x) / 2 + 0.24 * (scene.width / 2 - (a.x + b.x) / 2),
        (a.y + b.y) / 2 + 0.24 * (scene.height / 2 - (a.y + b.y) / 2), b.x, b.y);
      context.strokeStyle = "#5F6D78";
      context.globalAlpha = 0.7;
      context.lineWidth = Math.min(7, 0.9 * Math.sqrt(one.count));
      context.stroke();
      context.globalAlpha = 1;
    }
  }

  function person(context, scene, row) {
    const x = scene.x[row], y = scene.y[row], r = scene.dot, role = scene.role[row];
    context.beginPath();
    if (role === "teacher") context.arc(x, y, r, 0, 2 * Math.PI);
    else if (role === "leader") context.rect(x - r * 1.05, y - r * 1.05, r * 2.1, r * 2.1);
    else {
      const corners = role === "coach" ? 4 : 6, size = r * (role === "coach" ? 1.4 : role === "board" ? 1.7 : 1.4);
      for (let k = 0; k < corners; k++) {
        const angle = (k / corners) * 2 * Math.PI;
        context[k ? "lineTo" : "moveTo"](x + size * Math.cos(angle), y + size * Math.sin(angle));
      }
      context.closePath();
    }
    context.fillStyle = FILL[role];
    context.fill();
    context.setLineDash([]);
    context.strokeStyle = INK;
    context.lineWidth = 1.2 * thin;
    context.stroke();
  }

  const rank = (line) => (line.gone ? 1 : line.held ? 2 : line.fresh ? 3 : 0);

  function label(context, text, x, y, size, strong) {
    context.font = `${strong ? 500 : 400} ${size}px Roboto, "Segoe UI", Arial, sans-serif`;
    context.textAlign = "center";
    context.lineWidth = size / 4;
    context.strokeStyle = PAPER;
    context.strokeText(text, x, y);
    context.fillStyle = strong ? INK : "#485561";
    context.fillText(text, x, y);
  }

  function names(context, scene, view) {
    const size = Math.max(scene.text || 15, 7) / Math.min(view.k, 3);
    const across = (2 * context.getTransform().a) / (window.devicePixelRatio || 1);
    for (const school of scene.schools) {
      if (school.name && school.r * across > 58) label(context, school.name, school.x, school.y + (school.y < scene.height / 2 ? -1 : 1) * (school.r * 1.04 + size * 0.6) + size * 0.3, size);
    }
    for (const row of new Set([...view.near, ...view.chosen])) {
      if (row >= 0 && scene.names) label(context, scene.names[row], scene.x[row], scene.y[row] - scene.dot * 2.4, size, true);
    }
  }

  function draw(canvas, scene, lines, view) {
    const shown = canvas.clientWidth || scene.width, sharp = window.devicePixelRatio || 1;
    const high = view ? canvas.clientHeight : (shown * scene.height) / scene.width;
    canvas.width = Math.round(shown * sharp);
    canvas.height = Math.round(high * sharp);
    const context = canvas.getContext("2d"), scale = Math.min(canvas.width / scene.width, canvas.height / scene.height);
    const k = view ? view.k : 1, left = view ? (canvas.width - scale * scene.width) / 2 : 0, top = view ? (canvas.height - scale * scene.height) / 2 : 0;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(scale * k, 0, 0, scale * k, left + scale * (view ? view.x : 0), top + scale * (view ? view.y : 0));
    context.lineCap = "round";
    thin = view ? Math.min(1, scene.dot / 3) / k ** 0.6 : 1;
    region(context, scene);
    if (view && view.bundles) bundles(context, scene, view.bundles);
    else {
      if (view && view.differ) for (const line of lines) if (line.only) only(context, scene, line, view.colour);
      for (const line of [...lines].sort((one, other) => rank(one) - rank(other))) tie(context, scene, line);
      if (view && view.why) explained(context, scene, view.why);
      if (view && view.pulled) pulled(context, scene, view.pulled);
      for (const row of view ? view.chosen : []) ring(context, scene, row);
      for (let row = 0; row < scene.x.length; row++) person(context, scene, row);
    }
    if (view) names(context, scene, view);
  }

  return { draw, curve };
})();
