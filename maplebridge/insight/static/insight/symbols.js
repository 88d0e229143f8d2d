/**
 * Pictures of the map, drawn once each: a square's ring (how many are late) and a matter's sign
 * (its category group) with the shape of its light. Shapes and colours are those of ui/icons.svg.
 */

const INK = "#1f2a37";
const RATIO = 2; // drawn twice as large, so that they stay sharp
const TONES = { green: "#1e6244", soon: "#1d4f7c", yellow: "#7a5600", orange: "#9c4100", red: "#a3161d", paused: "#4b5563" };
const SHAPES = {
  green: ["M12 3a9 9 0 1 0 .01 0z", "M8 12.3l2.8 2.8L16 9.7"],
  soon: ["M12 3a9 9 0 1 0 .01 0z M12 6a6 6 0 1 1-.01 0z", "M12 8v4l2.5 2"],
  yellow: ["M12 3.5 22 20.5H2z", "M12 10v4.5 M12 17.5v.01"],
  orange: ["M12 1.8 22.2 12 12 22.2 1.8 12z", "M12 7.5v5.5 M12 16.3v.01"],
  red: ["M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z", "M12 7v6 M12 16.6v.01"],
  paused: ["M7 3h10a4 4 0 0 1 4 4v10a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z", "M9.5 8.5v7 M14.5 8.5v7"],
};
const SIZES = [34, 42, 52, 62]; // of squares with up to 9, 99, 999 and more matters
const EIGHTHS = 8;

/** @returns {string} the picture of a square with so many matters, so many of them late */
export function ringName(count, late) {
  const size = Math.min(String(count).length, SIZES.length) - 1;
  // One late matter among many is still to be seen; all late only when all are.
  const part = late === 0 ? 0 : late === count ? EIGHTHS : Math.min(Math.max(Math.round((late / count) * EIGHTHS), 1), EIGHTHS - 1);
  return `ring ${size} ${part}`;
}

/** @returns {string} the picture of one matter */
export const signName = ({ group, light, urgent }) => `sign ${group} ${light || "none"} ${urgent ? "urgent" : ""}`;

/** Draw pictures when the map first asks for them. @param {Object} signs group to its character */
export function drawWhenAsked(map, signs) {
  const drawn = { ring: (size, part) => ring(SIZES[size], Number(part) / EIGHTHS), sign: (group, light, urgent) => sign(signs[group] ?? "?", light, Boolean(urgent)), unit: house };
  map.setMissingStyleImageResolver(async (id) => {
    const [kind, ...facts] = id.split(" ");
    if (drawn[kind] && !map.hasImage(id)) map.addImage(id, drawn[kind](...facts), { pixelRatio: RATIO });
  });
}

function canvas(size) {
  const element = Object.assign(document.createElement("canvas"), { width: size * RATIO, height: size * RATIO });
  const pen = element.getContext("2d");
  pen.scale(RATIO, RATIO);
  return pen;
}

const taken = (pen) => pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

function ring(size, part) {
  const pen = canvas(size);
  const middle = size / 2;
  const circle = (radius, from = 0, to = 2) => {
    pen.beginPath();
    pen.arc(middle, middle, radius, from * Math.PI, to * Math.PI);
  };
  circle(middle - 1);
  pen.fillStyle = "#ffffff";
  pen.fill();
  pen.lineWidth = 5;
  circle(middle - 4);
  pen.strokeStyle = "#9fb3a7";
  pen.stroke();
  if (part) {
    circle(middle - 4, -0.5, -0.5 + 2 * part);
    pen.strokeStyle = TONES.red;
    pen.stroke();
  }
  circle(middle - 1);
  pen.lineWidth = 1;
  pen.strokeStyle = INK;
  pen.stroke();
  return taken(pen);
}

function sign(character, light, urgent) {
  const [size, plate] = [44, 30];
  const pen = canvas(size);
  const left = (size - plate) / 2;
  pen.beginPath();
  pen.roundRect(left, left, plate, plate, 7);
  pen.fillStyle = urgent ? "#fbe5e4" : "#ffffff";
  pen.fill();
  pen.lineWidth = urgent ? 3 : 1.5;
  pen.strokeStyle = urgent ? TONES.red : INK;
  pen.stroke();
  pen.fillStyle = INK;
  pen.font = `600 17px ${getComputedStyle(document.documentElement).getPropertyValue("--sans") || "sans-serif"}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(character, size / 2, size / 2 + 1);
  if (SHAPES[light]) {
    pen.translate(size - 21, 0);
    pen.scale(19 / 24, 19 / 24);
    const [body, mark] = SHAPES[light].map((path) => new Path2D(path));
    pen.lineJoin = pen.lineCap = "round";
    pen.lineWidth = 5;
    pen.strokeStyle = "#ffffff";
    pen.stroke(body);
    pen.fillStyle = TONES[light];
    pen.fill(body, "evenodd");
    pen.lineWidth = 2.3;
    pen.strokeStyle = light === "soon" ? TONES.soon : "#ffffff";
    pen.stroke(mark);
  }
  return taken(pen);
}

function house() {
  const pen = canvas(26);
  const walls = new Path2D("M4 12 13 4l9 8v11H4z");
  pen.fillStyle = TONES.soon;
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.stroke(walls);
  pen.fill(walls);
  pen.fillStyle = "#ffffff";
  pen.fillRect(11, 15, 4, 8);
  return taken(pen);
}
