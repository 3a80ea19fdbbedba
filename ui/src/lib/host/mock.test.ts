import { describe, expect, it } from 'vitest';

import { isProblem } from './host';
import { answers, feeds, mock, refused } from './mock';
import differences from './MOCK.md?raw';

/** The commands named in the first column of a section's table. */
function named(section: string): string[] {
  const [, text = ''] = differences.split(`## ${section}\n`);
  const rows = (text.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
  );
}

const all = [...Object.entries(answers), ...Object.entries(feeds)];
const refusals = all.filter(([, how]) => how === refused).map(([name]) => name);

describe('the list of what is different in the mock', () => {
  it('names everything that is refused, and nothing else, once', () => {
    expect(named('Refused').toSorted()).toEqual(refusals.toSorted());
  });

  it('names nothing else that is not there', () => {
    const answered = all.map(([name]) => name).filter((name) => !refusals.includes(name));
    expect(named('Answered differently').filter((name) => !answered.includes(name))).toEqual([]);
    expect(named('Answered differently').length).toBeGreaterThan(20);
  });
});

describe('the mock', () => {
  it('answers as the program does, and says by name what it cannot do', async () => {
    const state = await mock.ask('session_state', {});
    expect(state.signedIn).toBe(true);
    const problem: unknown = await mock
      .ask('audit_lines', { filter: { operation: '', text: '', fromMs: null, untilMs: null }, whole: false })
      .catch((error: unknown) => error);
    expect(isProblem(problem) && [problem.code, problem.params.detail]).toEqual([
      'notInTheMock',
      'audit_lines',
    ]);
  });

  it('tells whoever watches of what is changed', async () => {
    const seen: boolean[] = [];
    await mock.stream('session_watch', {}, (state) => seen.push(state.signedIn));
    await mock.ask('sign_out', {});
    expect(seen).toEqual([true, false]);
  });

  it('refuses what is not there as the program does', async () => {
    const problem: unknown = await mock.ask('review_get', { id: 99 }).catch((error: unknown) => error);
    expect(isProblem(problem) && problem.code).toBe('notFound');
  });
});
