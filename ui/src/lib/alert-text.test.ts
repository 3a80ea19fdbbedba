import { afterEach, describe, expect, it } from 'vitest';
import { fitting, limitsOf, matter, subject } from './alert-text';
import { i18n } from './state/i18n.svelte';
import { alert, alertPart } from './testing';

const queue = () =>
  alert({
    campaign: 'Cobranzas<-',
    parts: [
      alertPart({ value: 8, worst: 9, limit: 6 }),
      alertPart({ measure: 'longestWait', value: 72, worst: 90, limit: 60, sinceMs: 10 }),
      alertPart({ measure: 'nobodyAvailable', value: 8, worst: 9, limit: 4, sinceMs: 20, overMs: 50 }),
      alertPart({ measure: 'serviceLevelRecent', value: 45.2, worst: 44, limit: 70 }),
    ],
  });

describe('an alert in words', () => {
  afterEach(() => i18n.set('en'));

  it('is one line of what is wrong now', () => {
    expect(subject(queue())).toBe('Cobranzas');
    expect(matter(queue())).toBe('8 waiting, longest wait 1:12, service level 45 % in 30 min');
    const all = queue();
    all.parts = all.parts.map((part) => ({ ...part, overMs: null }));
    expect(matter(all)).toBe('8 waiting, nobody available, longest wait 1:12, service level 45 % in 30 min');
    expect(matter(all, null, 1)).toBe('8 waiting, nobody available +2');
    expect(matter(queue(), null, 3)).toBe(matter(queue()));
    expect([fitting(queue(), 200), fitting(queue(), 58)]).toEqual([matter(queue()), matter(queue())]);
    expect(fitting(queue(), 57)).toBe('8 waiting, longest wait 1:12 +1');
    expect([fitting(queue(), 20), fitting(queue(), -300)]).toEqual(['8 waiting +2', '8 waiting +2']);
    expect(limitsOf(alert())).toBe('over 3');
    expect(limitsOf(all)).toContain('Longest wait: over 1:00');
  });

  it('is what was wrong at its worst once it is over, and what was wrong then at a moment of the past', () => {
    const over = { ...queue(), resolvedMs: 100 };
    expect(matter(over)).toBe('9 waiting, nobody available, longest wait 1:30, service level 44 % in 30 min');
    expect(matter(over, 30)).toBe(
      '9 waiting, nobody available, longest wait 1:30, service level 44 % in 30 min',
    );
    expect(matter(over, 5)).toBe('9 waiting, service level 44 % in 30 min');
    expect(matter(over, 60)).toBe('9 waiting, longest wait 1:30, service level 44 % in 30 min');
  });

  it('writes a share of abandoned calls as it is judged', () => {
    const part = alertPart({ measure: 'abandonRate', value: 5.06, limit: 5 });
    expect(matter(alert({ parts: [part] }))).toContain('5.1 %');
  });

  it('says when it may be red, and how likely, and looked back at only that', () => {
    const part = alertPart({ measure: 'redAhead', value: 71, worst: 84, limit: 50, inSecs: 480 });
    expect(matter(alert({ parts: [part] }))).toBe('red in about 8 min, 7 of 10');
    expect(limitsOf(alert({ parts: [part] }))).toBe('over 5 of 10');
    expect(matter(alert({ parts: [part], resolvedMs: 100 }))).toBe('red within 15 min: 8 of 10');
    i18n.set('es');
    expect(matter(alert({ parts: [part] }))).toBe('en rojo en unos 8 min, 7 de 10');
  });
});
