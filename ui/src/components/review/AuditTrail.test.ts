import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import { fakeHost, watches } from '../../lib/host/fake';
import type { AuditLine } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { health, settings, snapshot } from '../../lib/testing';
import AuditTrail from './AuditTrail.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const line: AuditLine = {
  atMs: Date.parse('2026-02-01T01:00:02Z'),
  operation: 'heard',
  target: 'guid-0001',
  detail: [],
  reviewer: 'Ana',
  user: 'supervisor',
  outcome: 'done',
  why: null,
};

it("tells, looks for and saves its days by the server's clock", async () => {
  vi.stubEnv('TZ', 'Europe/Madrid');
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
  const host = fakeHost({
    asks: { audit_lines: () => [line], save_table: () => null },
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  signedIn.floor.take({
    kind: 'snapshot',
    snapshot: snapshot({ health: { ...health, serverOffsetSecs: -3 * 3600 } }),
  });
  render(AuditTrail, { signedIn });
  expect((await screen.findByTestId('audit-line')).textContent).toContain('31 Jan 2026 22:00:02');
  await fireEvent.input(screen.getByLabelText(en.review_by_day), { target: { value: '2026-01-31' } });
  await vi.waitFor(() =>
    expect(host.asked('audit_lines').at(-1)?.filter).toMatchObject({
      fromMs: Date.parse('2026-01-31T03:00:00Z'),
      untilMs: Date.parse('2026-02-01T03:00:00Z'),
    }),
  );
  await fireEvent.click(screen.getByText(en.review_csv));
  await vi.waitFor(() => expect(host.asked('save_table')[0]?.rows[1]?.[0]).toBe('2026-01-31T22:00:02-03:00'));
});
