import { afterEach, expect, it, vi } from 'vitest';
import { dayText, fileStamp, momentText, monthText } from './local-date';

afterEach(() => void vi.unstubAllEnvs());

it('is still today after nine in the evening in Montevideo', () => {
  vi.stubEnv('TZ', 'America/Montevideo');
  const at = new Date('2026-02-01T00:30:05Z');
  expect(at.getTimezoneOffset()).toBe(180);
  expect([dayText(at), dayText(at, 31), monthText(at)]).toEqual(['2026-01-31', '2025-12-31', '2026-01']);
  expect(fileStamp(at)).toBe('20260131-2130');
  expect(momentText(at)).toBe('2026-01-31T21:30:05-03:00');
});

it('writes a zone east of Greenwich, and one of half an hour', () => {
  vi.stubEnv('TZ', 'Asia/Kolkata');
  expect(momentText(new Date('2026-01-31T20:00:00Z'))).toBe('2026-02-01T01:30:00+05:30');
});
