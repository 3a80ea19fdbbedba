import { describe, expect, it, vi } from 'vitest';
import type { Answers, Feeds } from '../host/answers';
import { fakeHost, later, taken, watches } from '../host/fake';
import type { AuditFilter, AuditLine, Disposition, Report, ServerHint, Written } from '../host/host';
import { call, sessionAt, settings } from '../testing';
import { App } from './app.svelte';
import { SignedIn } from './signed-in.svelte';

function panels(asks: Partial<Answers>, streams: Partial<Feeds> = {}) {
  const host = fakeHost({
    asks: { draft_get: () => null, draft_set: taken, recording_cancel: taken, ...asks },
    streams: { ...watches, ...streams },
  });
  const app = new App(host);
  app.settings.value = settings();
  const signedIn = new SignedIn(app);
  return { app, host, signedIn, panels: signedIn.panels };
}

const filter = (text: string): AuditFilter => ({ operation: '', text, fromMs: null, untilMs: null });
const line = (target: string): AuditLine => ({
  atMs: 0,
  user: 'supervisor',
  reviewer: 'Ana',
  operation: 'heard',
  target,
  outcome: 'done',
  detail: [],
  why: null,
});
const refused = { code: 'storeFailed', params: {}, retryable: true };

describe('a panel', () => {
  it('shows what was asked for last, whichever answer comes last', async () => {
    const lines = later<AuditLine[]>();
    const { panels: open } = panels({ audit_lines: lines.ask });
    const audit = open.audit();
    const [first, second] = [audit.look(filter('a')), audit.look(filter('ab'))];
    lines.answer[1]?.([line('newest')]);
    await second;
    lines.answer[0]?.([line('oldest')]);
    await first;
    expect(audit.lines.map((one) => one.target)).toEqual(['newest']);
  });

  it('keeps what it had when it cannot be asked, and says why until it can', async () => {
    const { panels: open, host } = panels({ audit_lines: () => [line('one')] });
    const audit = open.audit();
    await audit.look(filter(''));
    host.asks.audit_lines = () => Promise.reject(refused);
    await audit.look(filter('x'));
    expect([audit.lines.length, audit.problem?.code]).toEqual([1, 'storeFailed']);
    host.asks.audit_lines = () => [];
    await audit.look(filter(''));
    expect([audit.lines.length, audit.problem]).toEqual([0, null]);
  });
});

describe('a file taken along', () => {
  it('is told to the audit trail once it is written, and not when no file was chosen', async () => {
    let path: string | null = null;
    const { panels: open, host } = panels({
      audit_lines: ({ whole }) => [line(whole ? 'all' : 'some')],
      save_table: () => path,
      exported: taken,
    });
    const audit = open.audit();
    const save = () =>
      audit.save({ ...filter(''), operation: 'heard' }, 'CSV', (lines) => lines.map((one) => [one.target]));
    expect([await save(), host.asked('exported')]).toEqual([null, []]);
    path = '/x/audit.csv';
    expect(await save()).toBe(path);
    expect(host.asked('save_table').at(-1)?.rows).toEqual([['all']]);
    expect(host.asked('exported')).toEqual([{ what: 'audit', target: 'heard', path }]);
  });
});

describe('a tipificación', () => {
  const known: Disposition = {
    campaign: 'Soporte<-',
    level1: 'Venta',
    level2: 'Sí',
    level3: '',
    times: 1,
  };

  it('is sent once, as it was shown, and what was typed is forgotten only then', async () => {
    const sending = later<Written>();
    const { panels: open, host } = panels({ dispositions: () => [known], disposition_send: sending.ask });
    const one = open.disposition(call());
    await one.start();
    one.choose(known);
    one.levels.schedule = '2026-02-01T09:30';
    one.show();
    const sent = [one.send(), one.send()];
    sending.answer[0]?.({ outcome: 'done', problem: null });
    await Promise.all(sent);
    expect(host.asked('disposition_send').map(({ request }) => [request.level1, request.schedule])).toEqual([
      ['Venta', '2026-02-01 09:30:00'],
    ]);
    expect(one.outcome).toBe('done');
    await vi.waitFor(() =>
      expect(host.asked('draft_set').at(-1)).toEqual({ key: 'disposition/guid-0001', text: null }),
    );
  });

  it('can be sent again when it was not taken', async () => {
    const { panels: open } = panels({
      dispositions: () => [],
      disposition_send: () => Promise.reject(refused),
    });
    const one = open.disposition(call());
    one.show();
    await one.send();
    expect([one.outcome, one.sending, one.problem?.code]).toEqual([null, false, 'storeFailed']);
  });
});

describe('writing the list to a file', () => {
  it('can be stopped once its number is known, and says how it ended', async () => {
    const { panels: open, host } = panels({ calls_cancel: taken }, { export_calls: () => 4 });
    const exporting = open.listExport();
    const ended = vi.fn();
    await exporting.save({ title: '', name: 'x.csv', columns: [], titles: [] }, 90, ended);
    host.emit('export_calls', { kind: 'progress', written: 30, total: 90 });
    expect(exporting.writing).toEqual({ id: 4, written: 30, total: 90 });
    exporting.stop();
    expect(host.asked('calls_cancel')).toEqual([{ id: 4 }]);
    host.emit('export_calls', { kind: 'cancelled' });
    expect([exporting.writing, ended.mock.calls]).toEqual([null, [[{ kind: 'cancelled' }]]]);
  });
});

describe('a shift report', () => {
  it('is made once at a time', async () => {
    const made = later<Report>();
    const { panels: open, host } = panels({
      // The week before is asked for with it, and may fail.
      history_report: ({ request }) => (request.period.fromMs < 0 ? Promise.reject(refused) : made.ask()),
    });
    const shift = open.shiftReport();
    const period = { fromMs: 0, untilMs: 1 };
    const making = [shift.make(period, null), shift.make(period, 'team')];
    const report = { period } as Report;
    made.answer[0]?.(report);
    await Promise.all(making);
    expect([shift.busy, shift.report?.period, shift.before]).toEqual([false, period, null]);
    const week = 7 * 86_400_000;
    expect(host.asked('history_report').map(({ request }) => request.period.fromMs)).toEqual([0, -week]);
  });
});

describe('a backup put back', () => {
  it('reads the settings of that file, although the session ends with it', async () => {
    const {
      app,
      panels: open,
      host,
      signedIn,
    } = panels({
      backup_pick: () => ({ path: '/x', bytes: 1, rows: [] }),
      settings_get: () => settings({ reviewer: 'Marta' }),
      backup_restore: () => {
        signedIn.end();
        app.session.state = sessionAt(null);
        return '/kept';
      },
    });
    const backup = open.backup();
    await backup.pick('');
    await backup.restore();
    expect(host.asked('backup_restore')).toEqual([{ path: '/x' }]);
    expect([app.settings.value?.reviewer, backup.picked]).toEqual(['Marta', null]);
  });
});

describe('the form to sign in with', () => {
  it('shows what the address typed last amounts to, and forgets the password with a success', async () => {
    const hints = later<ServerHint>();
    const hint = (normalized: string): ServerHint => ({
      normalized,
      telephonyUrl: null,
      backupUrl: null,
      problem: null,
    });
    let right = false;
    const { app, host } = panels({
      server_hint: hints.ask,
      sign_in: () => (right ? sessionAt('central') : Promise.reject({ ...refused, code: 'wrongPassword' })),
    });
    const form = app.signInForm();
    form.fields.serverUrl = 'cent';
    const first = form.look();
    form.fields.serverUrl = 'central.example';
    const second = form.look();
    hints.answer[1]?.(hint('https://central.example'));
    await second;
    hints.answer[0]?.(hint('https://cent'));
    await first;
    expect(form.hint?.normalized).toBe('https://central.example');
    form.password = 'secret';
    expect([await form.submit(), form.password, app.session.problem?.code]).toEqual([
      false,
      'secret',
      'wrongPassword',
    ]);
    right = true;
    expect([await form.submit(), form.password]).toEqual([true, '']);
    expect(host.asked('sign_in').map(({ request }) => request.password)).toEqual(['secret', 'secret']);
  });
});
