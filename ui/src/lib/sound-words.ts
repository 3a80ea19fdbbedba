// What can be heard of a recording, in words and figures: for the list, the waveform and the call.
import { clock, DASH, percent } from './format';
import type { Column, SoundFigures, SoundFilter, SoundKind, SoundStretch } from './host/host';
import { i18n, t } from './state/i18n.svelte';

/** What asks nothing of what can be heard. */
export const NOTHING_ASKED: SoundFilter = {
  silenceSecs: null,
  silencePercent: null,
  holdSecs: null,
  overlapPercent: null,
  quieterDb: null,
  clipped: false,
};

export const asksOfSound = (asked: SoundFilter): boolean =>
  (Object.keys(NOTHING_ASKED) as (keyof SoundFilter)[]).some((key) => asked[key] !== NOTHING_ASKED[key]);

const tenths = (secs: number) =>
  new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 1 }).format(secs);
const share = (secs: number, of: SoundFigures) =>
  percent((secs * 100) / Math.max(0.001, of.measuredSecs), 0, i18n.locale);

export const decibels = (db: number): string => `${String(Math.round(db)).replace('-', '−')} dB`;

/** A cell of the list; a dash for what nobody knows. */
export function soundCell(id: Column, of: SoundFigures | null): string {
  if (!of) return DASH;
  switch (id) {
    case 'silence':
      return share(of.silenceSecs, of);
    case 'longestSilence':
      return clock(Math.round(of.longestSilenceSecs));
    case 'hold':
      return clock(Math.round(of.holdSecs));
    case 'level':
      return of.levelDb === null ? DASH : decibels(of.levelDb);
    case 'clipping':
      return `${tenths(of.clippedSecs)} s`;
    case 'talkOver':
      return of.overlapSecs === null ? DASH : share(of.overlapSecs, of);
    case 'sides': {
      const [left, right] = of.sides;
      const both = (left?.talkSecs ?? 0) + (right?.talkSecs ?? 0);
      if (!left || !right || both <= 0) return DASH;
      const part = Math.round((left.talkSecs * 100) / both);
      return `${part} / ${percent(100 - part, 0, i18n.locale)}`;
    }
    default:
      return '';
  }
}

export const kindWord = (kind: SoundKind): string => t(`sound_${kind}`);

/** One stretch: what it is, how long, and from when. */
export function stretchText({ kind, fromSecs, toSecs }: SoundStretch): string {
  const secs = toSecs - fromSecs;
  const long = secs < 10 ? `${tenths(secs)} s` : clock(Math.round(secs));
  return `${kindWord(kind)} ${long} · ${clock(fromSecs)}–${clock(toSecs)}`;
}
