import { afterEach, describe, expect, it } from 'vitest';
import en from '../../messages/en.json';
import { detailText, whyText } from './audit-text';
import type { AuditLine } from './host/host';
import { i18n } from './state/i18n.svelte';

const line = (detail: [string, string][], parts: Partial<AuditLine> = {}): AuditLine => ({
  atMs: 0,
  operation: 'score',
  target: 'g',
  detail,
  user: 'api',
  reviewer: 'Marta',
  outcome: 'done',
  why: null,
  ...parts,
});

describe('the words of the trail', () => {
  afterEach(() => i18n.set('en'));

  it.each([
    ['en', 'Ana · Ventas · 80 % · version 3'],
    ['es', 'Ana · Ventas · 80 % · versión 3'],
    ['pt-BR', 'Ana · Ventas · 80 % · versão 3'],
  ] as const)('are of the language: %s', (locale, wanted) => {
    i18n.set(locale);
    const detail: [string, string][] = [
      ['agent', 'Ana'],
      ['card', 'Ventas'],
      ['percent', '80.0'],
      ['version', '3'],
    ];
    expect(detailText(line(detail)).replaceAll('\u00a0', ' ')).toBe(wanted);
  });

  it.each([
    [['at', '75.2'], 'at 1:15'],
    [['shared', 'false'], 'For reviewers only'],
    [['retired', 'true'], 'out of use'],
    [['what', 'sheet'], 'feedback sheet'],
    [['what', 'something new'], 'what: something new'],
    [['worklist', 'Marzo'], 'Worklist: Marzo'],
    [['l1', 'Venta'], 'Level 1: Venta'],
    [['of a later version', 'x'], 'of a later version: x'],
  ] as [[string, string], string][])('say %s', (part, wanted) => {
    expect(detailText(line([part]))).toBe(wanted);
  });

  it('say why in the server’s words, or in ours for a code', () => {
    expect(whyText(line([], { outcome: 'refused', why: 'No existe' }))).toBe('No existe');
    expect(whyText(line([], { outcome: 'refused', why: 'unknownHost' }))).toBe(en.problem_unknownHost);
    expect(whyText(line([], { outcome: 'unknown', why: 'sessionEnded' }))).toBe(en.problem_sessionEnded);
    // What may have been done is not to be tried again in a moment.
    expect(whyText(line([], { outcome: 'unknown', why: 'timeout' }))).toBe(en.write_no_answer);
    expect(whyText(line([], { outcome: 'unknown', why: 'of a later version' }))).toBe('of a later version');
    expect(whyText(line([]))).toBe('');
  });
});
