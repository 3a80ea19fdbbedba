import { beforeEach, describe, expect, it } from 'vitest';
import { mockSound } from './host/mock-sound';
import { asksOfSound, NOTHING_ASKED, soundCell, stretchText } from './sound-words';
import { i18n } from './state/i18n.svelte';

describe('what can be heard', () => {
  beforeEach(() => i18n.set('en'));
  const of = { ...mockSound(1), silenceSecs: 45, longestSilenceSecs: 31.4, holdSecs: 75, clippedSecs: 0.64 };

  it('has a figure in each column', () => {
    const sides = [60, 20].map((talkSecs) => ({ talkSecs, levelDb: null, clippedSecs: 0 }));
    const told = { ...of, levelDb: -23.4, overlapSecs: 9, sides };
    const columns = ['silence', 'longestSilence', 'hold', 'level', 'clipping', 'talkOver', 'sides'] as const;
    expect(columns.map((id) => soundCell(id, told).replace(/\s/g, ' '))).toEqual([
      '25 %',
      '0:31',
      '1:15',
      '−23 dB',
      '0.6 s',
      '5 %',
      '75 / 25 %',
    ]);
  });

  it('is a dash where nobody knows, and not a zero', () => {
    expect(soundCell('silence', null)).toBe('–');
    expect(soundCell('level', { ...of, levelDb: null })).toBe('–');
    expect(soundCell('talkOver', { ...of, overlapSecs: null })).toBe('–');
    expect(soundCell('sides', of)).toBe('–');
    expect(soundCell('clipping', { ...of, clippedSecs: 0 })).toBe('0 s');
  });

  it('is said in words, with its length and its place', () => {
    expect(stretchText({ kind: 'silence', fromSecs: 125, toSecs: 156 })).toBe('Silence 0:31 · 2:05–2:36');
    expect(stretchText({ kind: 'clipping', fromSecs: 4, toSecs: 4.44 })).toBe('Clipped 0.4 s · 0:04–0:04');
  });

  it('is asked for when any field asks', () => {
    expect(asksOfSound(NOTHING_ASKED)).toBe(false);
    expect(asksOfSound({ ...NOTHING_ASKED, silenceSecs: 0 })).toBe(true);
    expect(asksOfSound({ ...NOTHING_ASKED, clipped: true })).toBe(true);
  });
});
