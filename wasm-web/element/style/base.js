// Measures are multiples of 4 px. Red means overdue and amber means at risk; nothing else has a hue but the accent.
export const baseStyle = `
:host {
  --_accent: var(--sla-accent, light-dark(#3f5bd9, #93a7ff));
  --_accent-soft: var(--sla-accent-soft, light-dark(#e9edfc, #1f2845));
  --_red: var(--sla-red, light-dark(#c3221f, #ff8178));
  --_amber: var(--sla-amber, light-dark(#8a5800, #e8b64c));
  --_text: var(--sla-text, light-dark(#171b22, #e8ebf0));
  --_muted: var(--sla-muted, light-dark(#5a6372, #9aa4b4));
  --_bg: var(--sla-background, light-dark(#f6f7f9, #0e1116));
  --_surface: var(--sla-surface, light-dark(#fff, #151920));
  --_hover: var(--sla-hover, light-dark(#f3f5fb, #1a1f29));
  --_line: var(--sla-line, light-dark(#e3e6eb, #262c37));
  --_line-strong: var(--sla-line-strong, light-dark(#c9ced8, #3a4251));
  --_bar: var(--sla-bar, light-dark(#6f83e0, #7d92f2));
  --_bar-calm: var(--sla-bar-calm, light-dark(#a7afbd, #5d687a));
  --_track: var(--sla-track, light-dark(#e6e9ef, #272e3a));
  --_radius: var(--sla-radius, 8px);
  color: var(--_text);
  font: 14px/20px var(--sla-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif);
  font-variant-numeric: tabular-nums;
  text-align: start;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([theme="auto"]) { color-scheme: light dark; }
:host([hidden]), [hidden] { display: none !important; }
*, *::before, *::after { box-sizing: border-box; }
h2, h3, p, dl, dd, ol, ul { margin: 0; padding: 0; font-size: inherit; list-style: none; }
button, input { color: inherit; font: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
.icon { display: block; flex: none; width: 16px; height: 16px; }
.vh { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.clock { display: grid; grid-template-columns: 16px minmax(0, 1fr); column-gap: 8px; align-items: center; text-align: start; }
.clock-icon { color: var(--_muted); }
.clock-main, .clock-note { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.clock-main { color: var(--_muted); font-size: 13px; line-height: 20px; }
.figure { color: var(--_text); font-size: 15px; font-weight: 600; }
.clock-below { display: flex; grid-column: 2; gap: 4px; align-items: center; min-width: 0; min-height: 16px; color: var(--_muted); font-size: 12px; line-height: 16px; }
.clock-aside:empty { display: none; }
.clock-aside .icon { width: 10px; height: 10px; }
.bar { position: relative; grid-column: 2; height: 4px; margin: 2px 0 3px; overflow: hidden; border-radius: 2px; background: var(--_track); }
.bar i { display: block; width: calc(var(--_share, 0) * 100%); height: 100%; background: var(--_bar); }
.bar[data-over]::after { content: ""; position: absolute; inset-block: 0; inset-inline-start: calc(var(--_mark) * 100% - 1px); width: 2px; background: var(--_surface); }
[data-face="running"] > .clock-icon { color: var(--_accent); }
[data-face="risk"] > .clock-icon, [data-face="risk"] .figure { color: var(--_amber); }
[data-face="risk"] .bar i { background: var(--_amber); }
[data-face="overdue"] > :is(.clock-icon, .clock-main), [data-face="overdue"] .figure { color: var(--_red); }
[data-face="overdue"] .bar i { background: var(--_red); }
[data-state="paused"] .bar i { mask-image: repeating-linear-gradient(-45deg, #000 0 2px, transparent 2px 5px); }
[data-state="outside_hours"] .bar { opacity: .5; }
[data-face="closed"] .bar i { background: var(--_bar-calm); }
:is([data-face="closed"], [data-face="paused"], [data-face="stale"]) .figure { font-weight: 500; }
:is([data-face="met"], [data-face="breached"], [data-face="cancelled"], [data-face="pending"], [data-face="none"]) .clock-main { font-size: 14px; font-weight: 500; }
[data-face="breached"] .clock-main { color: var(--_text); }
:is([data-face="met"], [data-face="breached"], [data-face="stale"]) .bar { height: 2px; margin: 3px 0 4px; }
:is([data-face="met"], [data-face="breached"], [data-face="stale"]) .bar i { background: var(--_bar-calm); }
[data-face="cancelled"] .bar i, [data-face="none"] .bar { display: none; }
[data-face="pending"] .bar { height: 1px; background: repeating-linear-gradient(90deg, var(--_line-strong) 0 4px, transparent 4px 8px); }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .bar { height: 6px !important; border: 1px solid CanvasText; }
  .clock .bar i { background: CanvasText; }
}
`;
