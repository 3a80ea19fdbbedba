import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answers, Feeds } from '../host/answers';
import { fakeHost, taken } from '../host/fake';
import type { Batch, CheckedBase, FileTaken } from '../host/host';
import { BaseUpload } from './base-upload.svelte';

const file = (parts: Partial<FileTaken> = {}): FileTaken => ({
  id: 1,
  name: 'morosos.csv',
  kind: 'csv',
  encoding: 'windows1252',
  parted: 'semicolon',
  rows: 3,
  columns: [
    { name: 'telefono', first: ['098344484'], asNumbers: 0 },
    { name: 'nombre', first: ['Zoë'], asNumbers: 0 },
  ],
  mapping: {
    header: true,
    phone: 0,
    campaign: null,
    parameters: [{ name: 'nombre', column: 1 }],
    readyParameters: null,
    alternatives: [],
    priority: null,
    samePriority: null,
    agentphone: null,
    text: '',
  },
  remembered: false,
  hints: [],
  tookMs: 3,
  ...parts,
});
const checked = (id: number, parts: Partial<CheckedBase> = {}): CheckedBase => ({
  id,
  good: 2,
  bad: 1,
  reasons: [{ code: 'notANumber', rows: 1 }],
  hints: [],
  bases: 1,
  parts: 0,
  preview: '',
  tookMs: 1,
  ...parts,
});
const batch: Batch = {
  id: 7,
  title: 'morosos.csv',
  kind: 'base',
  person: 'Ana',
  madeMs: 0,
  total: 1,
  waiting: 1,
  done: 0,
  refused: 0,
  unknown: 0,
  leftUnknown: 0,
  leftOut: 0,
  dropped: 0,
  underWay: true,
};

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

async function taking(asks: Partial<Answers> = {}, streams: Partial<Feeds> = {}) {
  const host = fakeHost({
    asks: { outreach_rows: ({ from }) => ({ total: 0, from, rows: [] }), ...asks },
    streams: { outreach_take: taken, outreach_check: taken, outreach_send_base: () => batch, ...streams },
  });
  const upload = new BaseUpload(host);
  await upload.take('/tmp/morosos.csv');
  host.emit('outreach_take', { kind: 'reading', rows: 2 });
  expect(upload.reading).toBe(2);
  host.emit('outreach_take', { kind: 'taken', file: file() });
  upload.sendTo('Recupero->');
  await vi.runAllTimersAsync();
  return { host, upload };
}

describe('a base from a file', () => {
  it('is checked once for changes that follow each other, and the newest check wins', async () => {
    const { host, upload } = await taking();
    expect(host.opened('outreach_check')).toHaveLength(1);
    upload.callIn('A');
    upload.callIn('America/Montevideo');
    await vi.runAllTimersAsync();
    expect(host.opened('outreach_check').map(({ request }) => request.timezone)).toEqual([
      null,
      'America/Montevideo',
    ]);
    host.emit('outreach_check', { kind: 'checked', base: checked(3) }, 1);
    host.emit('outreach_check', { kind: 'checked', base: checked(2) }, 0);
    await vi.runAllTimersAsync();
    expect(upload.base?.id).toBe(3);
    expect(host.asked('outreach_rows').at(-1)?.checked).toBe(3);
  });

  it('cannot be sent while what would go out is not known', async () => {
    const { host, upload } = await taking();
    await upload.send();
    host.emit('outreach_check', { kind: 'checked', base: checked(2) });
    expect(upload.ready).toBe(true);
    upload.map({ phone: 1 });
    await upload.send();
    expect([upload.ready, host.opened('outreach_send_base').length]).toEqual([false, 0]);
  });

  it('is not checked before what has to be chosen is', async () => {
    const { host, upload } = await taking();
    upload.map({ phone: null });
    await vi.runAllTimersAsync();
    expect([upload.whole, host.opened('outreach_check').length]).toEqual([false, 1]);
  });

  it('goes once for two presses, and not again once it went', async () => {
    const { host, upload } = await taking({ batch_items: () => ({ total: 0, items: [] }) });
    host.emit('outreach_check', { kind: 'checked', base: checked(2) });
    await Promise.all([upload.send(), upload.send()]);
    const over = { ...batch, waiting: 0, unknown: 1, underWay: false };
    host.emit('outreach_send_base', { kind: 'over', batch: over, stopped: false, problem: null });
    await vi.runAllTimersAsync();
    await upload.send();
    expect(host.opened('outreach_send_base')).toHaveLength(1);
    expect([upload.ready, upload.sending.over, upload.sending.batch?.unknown]).toEqual([false, true, 1]);
  });

  it('of messages is of the same file, understood anew', async () => {
    const { host, upload } = await taking({
      outreach_file: () => file({ mapping: { ...file().mapping, parameters: [], text: '' } }),
    });
    await upload.turnTo('messages');
    expect([upload.mapping.parameters, upload.campaign, upload.whole]).toEqual([[], '', false]);
    upload.sendTo('Recupero->');
    upload.map({ text: 'Hola {nombre}' });
    await vi.runAllTimersAsync();
    const asked = host.opened('outreach_check').at(-1)?.request;
    expect([asked?.kind, asked?.timezone, asked?.mapping.text]).toEqual(['messages', null, 'Hola {nombre}']);
  });
});
