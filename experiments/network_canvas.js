// Draws one learning network on a canvas. Shared by the replay page and by anything else that draws weeks in a browser.
// scene: {width, height, dot, schools: [{x, y, r}], x: [], y: [], role: [], school: []}
// lines: [{a, b, strong, held, fresh, gone}]; people: rows a to b. Colours and line forms are those of the printed figures.
const NetworkCanvas = (() => {
  const INK = "#1B2733", PAPER = "#FBFCFB", REGION = "#EDF2F3";
  const FILL = { teacher: "#56B4E9", coach: "#E69F00", leader: "#F0E442", board: "#000000", policy: "#FFFFFF" };

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
    context.lineWidth = width;
    context.setLineDash(dash || []);
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
    if (line.gone) {
      const [x, y] = stroke(context, scene, line, "#D55E00", 1.6, [0.1, 4]);
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(x - 3.5, y - 3.5); context.lineTo(x + 3.5, y + 3.5);
      context.moveTo(x + 3.5, y - 3.5); context.lineTo(x - 3.5, y + 3.5);
      context.lineWidth = 2;
      context.stroke();
    } else if (line.fresh) {
      const [x, y] = stroke(context, scene, line, "#009E73", 2.6);
      context.beginPath();
      context.arc(x, y, 3.6, 0, 2 * Math.PI);
      context.fillStyle = "#009E73";
      context.fill();
      context.strokeStyle = PAPER;
      context.lineWidth = 1.2;
      context.stroke();
    } else if (line.held) {
      stroke(context, scene, line, INK, 1.7, [5, 4]);
    } else {
      stroke(context, scene, line, line.strong ? "#5F6D78" : "#A9B4BC", line.strong ? 1.3 : 0.6);
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
    context.lineWidth = 1.2;
    context.stroke();
  }

  const rank = (line) => (line.gone ? 1 : line.held ? 2 : line.fresh ? 3 : 0);

  function draw(canvas, scene, lines) {
    const shown = canvas.clientWidth || scene.width, sharp = window.devicePixelRatio || 1;
    canvas.width = Math.round(shown * sharp);
    canvas.height = Math.round((shown * sharp * scene.height) / scene.width);
    const context = canvas.getContext("2d"), scale = canvas.width / scene.width;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, scene.width, scene.height);
    context.lineCap = "round";
    region(context, scene);
    for (const line of [...lines].sort((one, other) => rank(one) - rank(other))) tie(context, scene, line);
    for (let row = 0; row < scene.x.length; row++) person(context, scene, row);
  }

  return { draw };
})();
