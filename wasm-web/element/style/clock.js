export const clockStyle = `
:host { display: inline-block; position: relative; min-width: 176px; max-width: 100%; vertical-align: top; }
.clock { border-radius: 4px; }
.clock .figure { font-size: 20px; line-height: 24px; }
.clock .clock-main { font-size: 14px; line-height: 24px; }
.clock .clock-note { white-space: normal; }
.clock-round { grid-template-columns: 40px minmax(0, 1fr); column-gap: 12px; }
.clock-round .ring, .clock-round .clock-icon { grid-area: 1 / 1 / 3; }
.clock-round .clock-icon { display: grid; place-items: center; }
.ring { width: 40px; height: 40px; fill: none; stroke-width: 3; }
.ring-track { stroke: var(--_track); }
.ring-fill { transform: rotate(-90deg); transform-origin: center; stroke: var(--_bar); }
:host([dir="rtl"]) .ring-fill, .rtl .ring-fill { transform: rotate(-90deg) scaleY(-1); }
[data-face="risk"] .ring-fill { stroke: var(--_amber); }
[data-face="overdue"] .ring-fill { stroke: var(--_red); }
:is([data-face="met"], [data-face="breached"], [data-face="closed"], [data-face="cancelled"], [data-face="stale"]) .ring-fill { stroke: var(--_bar-calm); }
:is([data-face="pending"], [data-face="none"]) .ring-fill { display: none; }
[data-face="pending"] .ring-track { stroke: var(--_line-strong); stroke-dasharray: 2 3; }
.tip { position: absolute; z-index: 30; top: calc(100% + 4px); inset-inline-start: 0; width: max-content; max-width: min(320px, 90vw); padding: 8px 12px; border: 1px solid var(--_line-strong); border-radius: var(--_radius); background: var(--_surface); box-shadow: 0 2px 8px rgb(0 0 0 / 12%); font-size: 12px; line-height: 16px; visibility: hidden; opacity: 0; scale: 0; transition: opacity 120ms; pointer-events: none; }
.tip[data-end] { inset-inline: auto 0; }
.tip[data-above] { top: auto; bottom: calc(100% + 4px); }
:host(:hover) .tip, .clock:focus-visible ~ .tip { visibility: visible; opacity: 1; scale: 1; }
@media (forced-colors: active) {
  .ring-track { stroke: GrayText; }
  .clock .ring-fill { stroke: CanvasText; }
}
`;
