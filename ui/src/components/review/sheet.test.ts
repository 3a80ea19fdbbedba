import { afterEach, expect, it } from 'vitest';
import type { Note, Question, Review } from '../../lib/host/host';
import { i18n } from '../../lib/state/i18n.svelte';
import { call } from '../../lib/testing';
import { sheetPage } from './sheet';

afterEach(() => i18n.set('en'));

const question = (id: string, kind: Question['kind']): Question => ({
  id,
  text: id,
  help: '',
  kind,
  weight: 10,
  fatal: id === 'law',
  optional: true,
  comment: 'never',
});
const item = (id: string, percent: number | null) => ({ id, percent, share: 0, points: 0 });
const review = {
  call: call({ agent: 'Ana', campaign: 'Soporte<-', startedAt: '2026-03-02 10:01:00', talkSecs: 120 }),
  card: {
    id: 'c',
    version: 2,
    name: 'Calls',
    sections: [
      {
        id: 's',
        title: 'All',
        questions: [
          question('greeting', { kind: 'yesNo' }),
          question('listening', { kind: 'scale', low: 1, high: 5 }),
          question('law', { kind: 'yesNo' }),
        ],
      },
    ],
    bands: [],
  },
  reviewer: 'Marta',
  answers: {
    greeting: { value: { kind: 'yes' }, comment: ' warm ' },
    listening: { value: { kind: 'scale', value: 4 }, comment: '' },
    law: { value: { kind: 'no' }, comment: '' },
  },
  comment: 'line one\nline two',
  scored: {
    percent: 0,
    band: 'Low',
    fatal: ['law'],
    items: [item('greeting', 100), item('listening', 75), item('law', 0)],
  },
  feedback: { given: null, acknowledged: null, disputed: null, settled: null },
} as unknown as Review;
const note = (atSecs: number, text: string, shared: boolean): Note => ({
  id: atSecs,
  guid: 'g',
  atSecs,
  text,
  shared,
  reviewer: 'Marta',
  madeMs: 0,
});
const notes = [note(75.2, 'heard here', true), note(80, 'between us', false)];

it('gives the agent the score, what it is made of, and the notes that may be shared', () => {
  const page = sheetPage(review, notes);
  expect(page.facts.map(([, value]) => value)).toEqual([
    'Ana',
    'Soporte',
    '02 Mar 2026 10:01 · 2:00',
    'Marta',
    'Calls (version 2)',
  ]);
  expect(page.figure?.replace('\u00a0', ' ')).toBe('0 % · Low');
  expect(page.notes).toEqual(['A critical item was not met: the score is zero.', 'line one\nline two']);
  const [questions, heard] = page.tables;
  expect(questions?.rows.map((row) => row.slice(0, 2))).toEqual([
    ['greeting\nwarm', 'Yes'],
    ['listening', '4 / 5'],
    ['law', 'No'],
  ]);
  expect(questions?.marked).toEqual([2]);
  expect(heard?.rows).toEqual([['1:15', 'heard here']]);
  expect(JSON.stringify(page)).not.toContain('between us');
});

it.each([
  ['es', 'Evaluación', 'Sí'],
  ['pt-BR', 'Avaliação', 'Sim'],
] as const)('is in the language of the window: %s', (locale, title, yes) => {
  i18n.set(locale);
  const page = sheetPage(review, []);
  expect([page.language, page.tables.length]).toEqual([locale, 1]);
  expect(page.title).toContain(title);
  expect(page.tables[0]?.rows[0]?.[1]).toBe(yes);
});
