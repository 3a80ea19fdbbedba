import { expect, it } from 'vitest';
import { agentTable } from './agent-table';
import { agent } from './testing';

it('writes people as they are shown, in the time of the server, and nothing where nothing is known', () => {
  const rows = agentTable(
    [
      agent({
        name: 'Ana',
        location: 'SIP/1',
        state: 'paused',
        pauseReason: 'Baño',
        stateSinceMs: 0,
        campaigns: ['Ventas<-', 'Soporte<-'],
        callsTaken: 7,
        lastCallAtMs: 3_600_000,
      }),
      agent({
        location: 'SIP/2',
        state: 'unknown',
        statusCode: 99,
        stateSinceMs: null,
        callsTaken: null,
        lastCallAtMs: null,
      }),
    ],
    65_000,
    -3_600_000,
    'es',
    (key) => key,
  );
  expect(rows[0]).toHaveLength(8);
  expect(rows[1]).toEqual([
    'Ana',
    'SIP/1',
    'state_paused',
    'Baño',
    '1:05',
    'Ventas, Soporte',
    '7',
    '00:00:00',
  ]);
  expect(rows[2]?.slice(2, 5)).toEqual(['state_unknown_code', '', '']);
  expect(rows[2]?.slice(6)).toEqual(['', '']);
});
