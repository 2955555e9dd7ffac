export const timelineStyle = `
:host { display: block; padding: 12px; border-radius: var(--_radius); background: var(--_surface); }
.bar-tools, .buttons { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; }
.bar-tools { margin-bottom: 8px; }
.bar-tools button { padding: 2px 8px; border: 1px solid var(--_line-strong); border-radius: 6px; background: var(--_surface); font-size: 12px; line-height: 18px; }
.bar-tools button:hover { border-color: var(--_accent); }
.bar-tools [aria-pressed="true"] { border-color: var(--_accent); background: var(--_accent-soft); color: var(--_accent); }
.zone-name { flex: 1 0 auto; max-width: 100%; overflow: hidden; color: var(--_muted); font-size: 12px; text-overflow: ellipsis; white-space: nowrap; }
.view { overflow: hidden; cursor: crosshair; touch-action: pan-y; }
.picture { display: block; overflow: visible; font-family: inherit; }
text { fill: var(--_text); font-size: 12px; font-variant-numeric: tabular-nums; }
.title, .day-name, .hour-name { stroke: var(--_surface); stroke-width: 4; paint-order: stroke; }
.title { font-weight: 600; pointer-events: none; }
.title-more, .hour-name { fill: var(--_muted); font-weight: 400; }
.hour-name { font-size: 11px; }
.day-name { font-weight: 500; }
.day, .hour { stroke: var(--_line); }
.day { stroke: var(--_line-strong); }
.fold { fill: none; stroke: var(--_line-strong); }
.event { stroke: var(--_muted); stroke-width: 2; stroke-linecap: round; }
.event.on { stroke: var(--_accent); stroke-width: 4; }
.lane { fill: none; stroke: var(--_line); }
.s-counted { fill: var(--_bar); }
.s-over { fill: var(--_red); }
.s-closed { fill: var(--_track); }
.s-resolved, .s-none { fill: none; }
.s-paused, .s-excluded { fill: var(--_surface); stroke: var(--_line-strong); stroke-width: .5; }
.hatch { stroke: var(--_bar-calm); stroke-width: 3; }
.cross { stroke: var(--_bar-calm); stroke-width: 1; }
.ahead { opacity: .35; }
.party { fill: var(--_text); stroke: var(--_surface); stroke-width: 4; paint-order: stroke; font-size: 11px; text-anchor: middle; pointer-events: none; }
.flag { fill: var(--_text); stroke: var(--_text); stroke-width: 2; stroke-linejoin: round; }
.f-missed, .f-breach, .f-late { fill: var(--_red); stroke: var(--_red); }
.now { stroke: var(--_accent); stroke-width: 2; }
.head { stroke: var(--_text); stroke-dasharray: 3 3; pointer-events: none; }
.row:focus { outline: none; }
.row:focus-visible .lane { stroke: var(--_accent); stroke-width: 2; }
.slice.on { stroke: var(--_text); stroke-width: 2; }
.readout { min-height: 36px; margin-top: 4px; color: var(--_muted); font-size: 12px; line-height: 18px; }
.legend { display: inline-flex; gap: 4px; align-items: center; margin-inline-end: 12px; }
.legend svg { flex: none; }
details { margin-top: 8px; font-size: 12px; }
summary { color: var(--_muted); cursor: pointer; }
.table { max-height: 320px; margin-top: 8px; overflow: auto; border: 1px solid var(--_line); border-radius: var(--_radius); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 8px; border-bottom: 1px solid var(--_line); text-align: start; white-space: nowrap; }
td:nth-child(4) { white-space: normal; }
th { position: sticky; top: 0; background: var(--_surface); font-weight: 600; }
.none { padding: 16px; border: 1px dashed var(--_line-strong); border-radius: var(--_radius); color: var(--_muted); }
@media print {
  .bar-tools, details { display: none; }
  .picture { max-width: 100%; height: auto; print-color-adjust: exact; }
}
@media (forced-colors: active) {
  text { fill: CanvasText; }
  .lane, .day, .hour, .fold, .hatch, .cross, .event { stroke: CanvasText; }
  .hour { stroke: GrayText; }
  .s-counted { fill: GrayText; }
  .s-over { fill: CanvasText; }
  .bar-tools [aria-pressed="true"] { outline: 2px solid Highlight; }
  .s-closed { fill: Canvas; }
  .party, .title, .day-name, .hour-name { stroke: Canvas; }
  .flag { fill: CanvasText; stroke: CanvasText; }
  .now, .slice.on, .row:focus-visible .lane, .event.on { stroke: Highlight; }
}
`;

export const paperStyle = "@page { size: landscape; margin: 12mm } body { margin: 0; font: 14px system-ui, sans-serif } h1 { font-size: 16px; margin: 0 0 8px } svg { display: block; width: 100%; height: auto; max-height: 160mm; print-color-adjust: exact }";
