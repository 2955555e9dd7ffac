export const boardStyle = `
:host { display: block; height: min(100dvh, 800px); overflow: hidden; background: var(--_bg); }
.frame { display: flex; position: relative; height: 100%; }
.scroll { flex: 1; min-width: 0; height: 100%; overflow: auto; padding: 0 16px 16px; }
.tool { display: grid; flex: none; place-items: center; width: 32px; height: 32px; padding: 0; border: 0; border-radius: var(--_radius); background: none; color: var(--_muted); }
.tool:hover { background: var(--_hover); color: var(--_text); }
.tool[aria-pressed="true"] { color: var(--_accent); }

[aria-busy] .strip { opacity: .5; }
.strip { display: flex; gap: 12px; align-items: stretch; min-height: 76px; padding-top: 16px; }
.strip-marks { display: flex; flex: 5 1 0; min-width: 0; overflow: hidden; }
.tile { position: relative; display: flex; flex: 1 1 0; flex-direction: column; gap: 4px; min-width: 0; padding: 12px 16px; border: 0; background: none; text-align: start; }
.strip-marks .tile + .tile { border-inline-start: 1px solid var(--_line); }
.strip-marks, .tile-met, .chart { border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); }
.tile:focus-visible { outline-offset: -2px; }
button.tile:hover { background: var(--_hover); }
.tile-count { font-size: 24px; font-weight: 600; line-height: 28px; }
.tile-label { display: flex; gap: 4px; min-width: 0; color: var(--_muted); font-size: 12px; line-height: 16px; }
.tile-name { min-width: 0; overflow-wrap: anywhere; }
.tile-label .icon { width: 12px; height: 12px; margin-block: 2px; }
.tile-overdue:not([data-none]) :is(.tile-count, .icon) { color: var(--_red); }
.tile-risk:not([data-none]) :is(.tile-count, .icon) { color: var(--_amber); }
.tile[data-none] .tile-count { color: var(--_muted); font-weight: 500; }
.tile[aria-pressed="true"] { background: var(--_accent-soft); box-shadow: inset 0 -2px var(--_accent); }
.tile-bar { position: absolute; inset: auto 16px 6px; height: 4px; overflow: hidden; border-radius: 2px; background: var(--_track); }
.tile-bar i { display: block; width: calc(var(--_share, 0) * 100%); height: 100%; background: var(--_accent); }
.chart { display: flex; flex: 2 1 0; flex-direction: column; justify-content: flex-end; min-width: 224px; padding: 8px 16px; }
.chart-plot { display: flex; flex: 1; gap: 2px; align-items: flex-end; min-height: 24px; margin-top: 4px; border-bottom: 1px solid var(--_line-strong); }
.chart-plot i { flex: 1; height: max(2px, calc(var(--_share, 0) * 100%)); border-radius: 1px 1px 0 0; background: var(--_bar); }
.chart-plot i[data-none] { background: none; }
.chart-axis { display: grid; grid-template-columns: repeat(4, 1fr); padding-top: 2px; color: var(--_muted); font-size: 11px; line-height: 12px; white-space: nowrap; }

.tools { display: flex; position: sticky; top: 0; z-index: 5; gap: 4px; align-items: center; height: 56px; background: var(--_bg); }
.search-box { display: flex; position: relative; flex: 0 1 400px; align-items: center; min-width: 0; }
.search-box .icon { position: absolute; inset-inline-start: 12px; color: var(--_muted); pointer-events: none; }
.search { width: 100%; height: 36px; padding-block: 0; padding-inline: 36px 12px; border: 1px solid var(--_line-strong); border-radius: var(--_radius); background: var(--_surface); text-overflow: ellipsis; }
.search::placeholder { color: var(--_muted); opacity: 1; }
.search:focus { border-color: var(--_accent); outline: 2px solid var(--_accent); outline-offset: -1px; }
.shown { flex: 1; margin-inline-start: 8px; overflow: hidden; color: var(--_muted); font-size: 13px; text-overflow: ellipsis; white-space: nowrap; }

.grid { border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); }
.head { position: sticky; top: 56px; z-index: 4; border-bottom: 1px solid var(--_line); border-radius: 7px 7px 0 0; background: var(--_surface); box-shadow: 0 -8px var(--_bg); }
.heads, .row { display: grid; grid-template-columns: var(--_columns); column-gap: 20px; align-items: center; padding: 0 16px; }
.heads { height: 36px; color: var(--_muted); font-size: 12px; font-weight: 500; }
.cell { min-width: 0; }
.sort { display: flex; align-items: center; max-width: 100%; padding: 4px 0; border: 0; background: none; overflow: hidden; white-space: nowrap; }
.heads .cell-clock { padding-inline-start: 24px; }
.sort:hover { color: var(--_text); }
.list { --_row: 68px; --_group: 36px; position: relative; overflow: clip; border-radius: 0 0 7px 7px; }
:host([density="compact"]) .list { --_row: 44px; --_group: 32px; }
.row, .group { position: absolute; inset: 0 0 auto; transition: transform 120ms ease-out; }
.row { height: var(--_row); border-bottom: 1px solid var(--_line); cursor: default; }
.row:hover { background: var(--_hover); }
.row[aria-selected="true"] { background: var(--_accent-soft); }
.row:focus-visible { z-index: 2; border-radius: 4px; outline-offset: -2px; }
.row[data-group="0"]::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: 0; width: 3px; background: var(--_red); }
.group { height: var(--_group); border-bottom: 1px solid var(--_line); background: var(--_bg); }
.group-cell { display: flex; gap: 8px; align-items: center; height: 100%; padding: 0 16px; color: var(--_muted); font-size: 12px; }
.group-cell .icon { width: 12px; height: 12px; }
.group-name { color: var(--_text); font-weight: 600; }
.group-overdue :is(.icon, .group-name) { color: var(--_red); }
.cell > span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row-subject, .row-main, .row-under, .detail-title, .event-text { unicode-bidi: plaintext; }
[dir="rtl"] :is(.row-subject, .row-main, .row-under, .detail-title, .event-text) { text-align: right; }
.row-subject { font-weight: 500; }
.row-under { color: var(--_muted); font-size: 12px; line-height: 16px; }
.row-main[data-none] { color: var(--_muted); }
.cell-priority > .row-main { display: flex; gap: 6px; align-items: center; font-size: 13px; }
.icon-rank { width: 14px; height: 14px; }
.bar-on { fill: currentColor; }
.bar-off { fill: var(--_line-strong); }
/* The figure is not cut for the word beside it, which icon and sign say as well; the second line may be two. */
[data-width="narrow"] .row .clock-main > :nth-child(odd):not(:only-child) { position: absolute; clip-path: inset(50%); }
[data-width="narrow"] .row .clock-main { white-space: normal; }
[data-width="narrow"] .row .figure { font-size: 14px; }
:host(:not([density="compact"])) .row .clock-note { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; white-space: normal; }
[data-width] .row .clock-note { text-wrap: balance; }
.row-problem { display: flex; gap: 8px; grid-column: 2 / -1; grid-row: 1; align-items: center; min-width: 0; overflow: hidden; color: var(--_muted); }
.row[data-failed] .cell:not(.cell-ticket) { display: none; }
:host([density="compact"]) .row .clock { position: relative; padding-bottom: 4px; }
:host([density="compact"]) .row .bar { position: absolute; inset: auto 0 0; height: 2px; margin: 0; }
:host([density="compact"]) .row :is(.clock-main, .row-subject, .row-main) { line-height: 18px; }
:host([density="compact"]) .figure { font-size: 14px; }

[data-width="narrow"] .scroll { padding: 0 8px 8px; }
[data-width="narrow"] .strip { gap: 8px; min-height: 60px; padding-top: 8px; overflow-x: auto; }
[data-width="narrow"] .strip-marks { flex: none; }
[data-width="narrow"] .tile { flex: none; gap: 0; min-width: 84px; padding: 8px 12px; white-space: nowrap; }
[data-width="narrow"] .tile-bar { inset: auto 12px 3px; height: 2px; }
[data-width="narrow"] .tile-count { font-size: 20px; line-height: 24px; }
[data-width="narrow"] :is(.head, .chart) { display: none; }
[data-width="narrow"] .list { --_row: 128px; border-radius: 7px; }
[data-width="narrow"] .row { grid-template-columns: repeat(2, minmax(0, 1fr)); grid-auto-flow: dense; gap: 8px 12px; align-content: center; align-items: start; padding: 0 12px; }
[data-width="narrow"] .cell-ticket { grid-column: 1 / -1; padding-inline-end: 56px; }
[data-width="narrow"] .cell-priority { position: absolute; top: 14px; inset-inline-end: 12px; }
[data-width="narrow"] .row-problem { grid-column: 1 / -1; grid-row: 2; }
[data-width="middle"] .chart { display: none; }
[data-width="middle"] .tile { padding: 12px 8px; }
[data-width="middle"] .tile-bar { inset-inline: 8px; }

.state { display: flex; flex-direction: column; gap: 8px; align-items: center; padding: 72px 16px; text-align: center; }
.state h2 { font-size: 16px; font-weight: 600; line-height: 24px; }
.state p { max-width: 480px; color: var(--_muted); overflow-wrap: anywhere; }
.picture { display: grid; place-items: center; width: 56px; height: 56px; border: 1px solid var(--_line); border-radius: 50%; background: var(--_surface); color: var(--_muted); }
.picture .icon { width: 24px; height: 24px; stroke-width: 1.1; }
.button { padding: 6px 16px; border: 1px solid var(--_line-strong); border-radius: var(--_radius); background: var(--_surface); font-weight: 500; }
.button:hover { border-color: var(--_accent); color: var(--_accent); }
.problems { width: min(640px, 100%); border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); text-align: start; }
.problems li { padding: 12px 16px; overflow-wrap: anywhere; }
.problems li + li { border-top: 1px solid var(--_line); }
.problems .row-under { display: block; }
[data-state="failed"] :is(.strip, .tools), [data-state="loading"] :is(.strip, .tools) { display: none; }
.state[data-kind="loading"] { align-items: stretch; gap: 0; margin-top: 16px; padding: 0; overflow: hidden; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); }
.bone { display: grid; grid-template-columns: 4fr 2fr 2fr 2fr; gap: 32px; align-items: center; height: 68px; padding: 0 20px; border-bottom: 1px solid var(--_line); }
.bone i { height: 12px; border-radius: 4px; background: var(--_track); animation: breathe 1.6s ease-in-out infinite alternate; }
.bone i:first-child { margin-inline-end: 24%; }
@keyframes breathe { to { opacity: .45; } }
@media (forced-colors: active) {
  .tile[aria-pressed="true"], .tool[aria-pressed="true"], .row[aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; }
  .chart-plot i:not([data-none]), .tile-bar i, .row[data-group="0"]::before { background: CanvasText; }
  .bar-on { fill: CanvasText; }
  .bar-off { fill: none; stroke: GrayText; }
}
`;
