import { afterEach, describe, expect, it } from 'vitest';
import en from '../../messages/en.json';
import es from '../../messages/es.json';
import pt from '../../messages/pt-BR.json';
import type { Problem } from './host/host';
import { i18n } from './state/i18n.svelte';
import { whyNotDone } from './write-text';

const problem = (code: string, params: Problem['params'] = {}): Problem => ({
  code,
  params,
  retryable: true,
});

describe('why something sent was not done', () => {
  afterEach(() => i18n.set('en'));

  it.each(['timeout', 'unreachable', 'serverError', 'busy', 'malformed', 'tooLarge', 'misdirected'])(
    'says that it may have been done, and that nothing sends it again: %s',
    (code) => {
      for (const [locale, words] of [
        ['en', en],
        ['es', es],
        ['pt-BR', pt],
      ] as const) {
        i18n.set(locale);
        const said = whyNotDone(problem(code, { status: '503', detail: '/guid' }), 'unknown');
        expect(said.endsWith(words.write_may_be_done)).toBe(true);
        // Nor that it is asked again, as of a reading.
        expect(said).not.toContain((words as Record<string, unknown>)[`problem_${code}`]);
      }
    },
  );

  it('says no more than the refusal where the server said no', () => {
    const refusal = problem('refused', { detail: 'Disposition not found' });
    expect(whyNotDone(refusal, 'refused')).toBe('The server refused. Disposition not found');
    // Nothing left this computer: there is nobody who may have got it.
    expect(whyNotDone(problem('unreachable'), 'refused')).toBe(en.problem_unreachable);
    expect(whyNotDone(problem('busy', { status: '429' }), 'refused')).toBe(en.problem_busy);
  });
});
