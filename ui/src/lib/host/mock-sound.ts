// What can be heard of recordings that are not there: figures that differ from call to call, and stretches of each kind.
import type { SoundFigures, SoundReport } from './host';

export const mockSound = (number: number): SoundFigures => ({
  measuredSecs: 180,
  whole: true,
  silenceSecs: (number * 7) % 60,
  longestSilenceSecs: ((number * 7) % 60) * 0.7,
  holdSecs: number % 3 === 0 ? 42 : 0,
  levelDb: -18 - (number % 17),
  clippedSecs: number % 4 === 0 ? 0.7 : 0,
  overlapSecs: number % 2 ? 9 : null,
  sides: [],
});

export function mockReport(secs: number): SoundReport {
  const part = (from: number, to: number) => ({ fromSecs: secs * from, toSecs: secs * to });
  return {
    figures: {
      ...mockSound(9),
      measuredSecs: secs,
      silenceSecs: secs * 0.12,
      longestSilenceSecs: secs * 0.08,
    },
    stretches: [
      { kind: 'silence', ...part(0.1, 0.18) },
      { kind: 'hold', ...part(0.3, 0.44) },
      { kind: 'overlap', ...part(0.52, 0.55) },
      { kind: 'clipping', ...part(0.6, 0.63) },
      { kind: 'silence', ...part(0.8, 0.84) },
    ],
  };
}
