import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import SampleForm from './SampleForm.svelte';

afterEach(cleanup);

it('draws what each lacks, of those who are still chosen, or as many of everybody', async () => {
  const host = fakeHost({ asks: { sample_cancel: taken }, streams: { sample_draw: taken } });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  signedIn.review.cards = [{ id: 'c', version: 1, name: 'Calls', sections: [], bands: [] }];
  const wish = {
    name: 'Reclamo',
    people: ['Ana', 'Bruno', 'Carla'],
    each: { Ana: 2, Bruno: 1, Carla: 4 },
    disposition: 'Reclamo',
    minSecs: 300,
  };
  render(SampleForm, { signedIn, after: null, wish, onclose: vi.fn() });
  expect(screen.getByTestId('sample-per-agent').getAttribute('aria-disabled')).toBe('true');
  await fireEvent.click(screen.getAllByTestId('sample-agent')[2] as HTMLElement);
  await fireEvent.click(screen.getByTestId('sample-draw'));
  await vi.waitFor(() => expect(host.opened('sample_draw')).toHaveLength(1));
  expect(host.opened('sample_draw')[0]?.request).toMatchObject({
    agents: ['Ana', 'Bruno'],
    each: { Ana: 2, Bruno: 1 },
    disposition: 'Reclamo',
    direction: null,
    campaign: '',
    minSecs: 300,
    card: 'c',
  });
  host.asks.samples = () => [];
  host.emit('sample_draw', {
    kind: 'done',
    sample: { id: 1 } as never,
    shortfalls: [{ agent: 'Ana', drawn: 0, wanted: 2 }],
    unjudged: 0,
    undisposed: 7,
  });
  await vi.waitFor(() => expect(screen.getByTestId('sample-undisposed').textContent).toContain('7'));
});

it('gives everybody as many once that is chosen', async () => {
  const host = fakeHost({ streams: { sample_draw: taken } });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  const wish = { people: ['Ana'], each: { Ana: 2 } };
  render(SampleForm, { signedIn, after: null, wish, onclose: vi.fn() });
  await fireEvent.click(screen.getByTestId('sample-each'));
  expect(screen.getByTestId('sample-per-agent').getAttribute('aria-disabled')).not.toBe('true');
  await fireEvent.click(screen.getByTestId('sample-draw'));
  await vi.waitFor(() =>
    expect(host.opened('sample_draw')[0]?.request).toMatchObject({ each: {}, perAgent: 5 }),
  );
});
