import { afterEach, expect, it, vi } from 'vitest';
import { dayText, fileStamp } from './local-date';

afterEach(() => void vi.unstubAllEnvs());

it('is still today after nine in the evening in Montevideo', () => {
  vi.stubEnv('TZ', 'America/Montevideo');
  const at = new Date('2026-02-01T00:30:05Z');
  expect(at.getTimezoneOffset()).toBe(180);
  expect([dayText(at), fileStamp(at)]).toEqual(['2026-01-31', '20260131-2130']);
});
