// Arrows, circles and words drawn on a photo: red with a white edge, so that they show on any ground.
//
// Sizes are thousandths of the longer edge. `components/drawing.rs` shows the same shapes in the same sizes while they are made.
import { FONT } from "./mark.js";

const LINE = 6;
const EDGE = 3;
const HEAD = 34;
const TEXT = 44;
const RED = "#e5121b";

/** Draws shapes `{kind, x1, y1, x2, y2, text}` whose places are parts of width and height. */
export function drawShapes(context, width, height, shapes) {
  const unit = Math.max(width, height) / 1000;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { kind, x1, y1, x2, y2, text } of shapes) {
    const from = { x: x1 * width, y: y1 * height };
    const to = { x: x2 * width, y: y2 * height };
    if (kind === "text") write(context, unit, from, text ?? "");
    else line(context, unit, kind === "circle" ? ellipse(from, to) : arrow(unit, from, to));
  }
}

function line(context, unit, path) {
  for (const [colour, width] of [["#fff", LINE + 2 * EDGE], [RED, LINE]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * unit;
    context.stroke(path);
  }
}

/** The ellipse in the frame of two corners. */
function ellipse(from, to) {
  const path = new Path2D();
  const [rx, ry] = [Math.abs(to.x - from.x) / 2, Math.abs(to.y - from.y) / 2];
  path.ellipse((from.x + to.x) / 2, (from.y + to.y) / 2, rx, ry, 0, 0, 2 * Math.PI);
  return path;
}

/** A line with its head at `to`, as two strokes 30° from the line. */
function arrow(unit, from, to) {
  const path = new Path2D();
  path.moveTo(from.x, from.y);
  path.lineTo(to.x, to.y);
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  for (const turn of [Math.PI / 6, -Math.PI / 6]) {
    path.moveTo(to.x, to.y);
    path.lineTo(to.x - HEAD * unit * Math.cos(angle + turn), to.y - HEAD * unit * Math.sin(angle + turn));
  }
  return path;
}

/** Words whose first line's middle begins at `at`. */
function write(context, unit, at, text) {
  context.font = `700 ${TEXT * unit}px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.strokeStyle = "#fff";
  context.lineWidth = 2 * EDGE * unit;
  context.strokeText(text, at.x, at.y);
  context.fillStyle = RED;
  context.fillText(text, at.x, at.y);
}
