// The line written into a photo that is sent: when, where, and the first digits of the original's hash. Never who took it.

/** A font that every phone has, with the rarest characters of names. */
export const FONT =
  '"PingFang SC", "HarmonyOS Sans SC", MiSans, "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

/**
 * Writes `{time, spot, hash}` at the bottom left, as large as can be read when the picture fills a phone; at the top left when
 * it is put right, `is_again`, so that nothing that was written before is covered.
 */
export function drawMark(context, width, height, { time, spot, hash, is_again }) {
  const size = Math.max(12, Math.round(Math.min(width, height) / 34));
  const pad = Math.round(size * 0.5);
  const most = width - 4 * pad;
  context.font = `600 ${size}px ${FONT}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const lines = broken(context, [time, spot, hash && `#${hash}`].filter(Boolean), most);
  if (lines.length === 0) return;

  const step = Math.round(size * 1.4);
  const boxWidth = Math.min(width, Math.ceil(Math.max(...lines.map((line) => context.measureText(line).width))) + 2 * pad);
  const boxHeight = step * lines.length + pad;
  const top = is_again ? pad : height - boxHeight - pad;
  context.fillStyle = "rgb(0 0 0 / 62%)";
  context.fillRect(pad, top, boxWidth, boxHeight);
  context.fillStyle = "#fff";
  lines.forEach((line, at) => context.fillText(line, 2 * pad, top + pad / 2 + step * (at + 0.5)));
}

/** The parts on one line when they fit, else each on its own, the longest cut. */
function broken(context, parts, most) {
  const whole = parts.join(" · ");
  if (whole === "") return [];
  return context.measureText(whole).width <= most ? [whole] : parts.map((part) => cut(context, part, most));
}

function cut(context, text, most) {
  if (context.measureText(text).width <= most) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > most) letters.pop();
  return `${letters.join("")}…`;
}
