import { expect, it } from 'vitest';
import { diagnosed } from './team-words';
import { teamState, teamTold } from './testing';

it('diagnoses a team in one line: where, what this desk does, and what is wrong', () => {
  expect(diagnosed(teamTold())).toBe(
    'db.example/equipo · shows what another desk reads · epoch 4, 2 desks · Delay from the database: 12 ms',
  );
  const problem = { code: 'teamAway', params: { detail: 'x' }, retryable: true };
  expect(diagnosed(teamTold({ state: teamState({ part: 'waits', lagMs: null, problem }) }))).toMatch(
    /epoch 4, 2 desks · teamAway$/,
  );
  const needed = { code: 'teamPasswordNeeded', params: {}, retryable: false };
  expect(diagnosed(teamTold({ state: null, problem: needed }))).toMatch(/ · teamPasswordNeeded$/);
  expect(diagnosed(teamTold({ address: null, label: '', state: null }))).toBe('in none');
});
