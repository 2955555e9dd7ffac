export const detailStyle = `
.detail { position: absolute; inset-block: 0; inset-inline-end: 0; z-index: 10; width: min(760px, 100%); padding: 0 24px 32px; overflow: auto; overscroll-behavior: contain; border-inline-start: 1px solid var(--_line); background: var(--_surface); box-shadow: 0 0 24px rgb(0 0 0 / 8%); animation: slide 140ms ease-out; }
.detail:focus { outline: none; }
@keyframes slide { from { opacity: 0; } }
[data-detail="beside"] .detail { position: relative; flex: 0 0 46%; width: auto; box-shadow: none; animation: none; }
[data-width="narrow"] .detail { padding: 0 12px 16px; border: 0; }
.detail-top { position: sticky; top: 0; z-index: 3; padding: 12px 0; border-bottom: 1px solid var(--_line); background: var(--_surface); }
.detail-line { display: flex; align-items: center; justify-content: space-between; color: var(--_muted); }
.detail-tools { display: flex; }
.detail-title { font-size: 18px; font-weight: 600; line-height: 24px; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(216px, 100%), 1fr)); gap: 12px; padding: 16px 0; }
.cards > .clock { padding: 12px; border: 1px solid var(--_line); border-radius: var(--_radius); align-items: start; }
.cards .figure { font-size: 18px; }
.cards .clock-note { white-space: normal; }
sla-timeline { padding: 0; }
.notices { margin-top: 8px; }
.events { margin-top: 16px; border-top: 1px solid var(--_line); font-size: 13px; }
.events-day { padding: 12px 0 4px; color: var(--_muted); font-size: 12px; font-weight: 500; }
.event { display: grid; grid-template-columns: 56px 16px minmax(0, 1fr); gap: 8px; margin: 0 -8px; padding: 4px 8px; border-radius: 6px; }
.event .icon { width: 12px; height: 12px; margin: 4px 2px; color: var(--_muted); }
.event-time { color: var(--_muted); white-space: nowrap; }
.event-text { overflow-wrap: anywhere; }
.event-text > .row-under { display: block; }
.event.on { background: var(--_accent-soft); }
@media (forced-colors: active) { .event.on { outline: 2px solid Highlight; outline-offset: -2px; } }
`;
